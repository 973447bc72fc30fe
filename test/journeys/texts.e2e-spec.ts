import { newUuid } from '#libs/kernel';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let creator: Creator;
let bot: RegisteredBot;

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());
beforeEach(async () => {
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
});

const meets = (language_code: string) => Buyer.meets(starwall, bot.telegramId, 1_000, { language_code });
const textsOf = (language: string, key: string) => `/v1/bots/${bot.id}/texts/${language}/${key}`;

/** The last call of a method for our bot that holds all of `words`. */
const toldTelegram = (method: string, words: readonly string[]) =>
  eventually(`${method} with ${words.join()}`, async () => {
    const calls = await starwall.telegram.log({ botId: bot.telegramId, type: 'call' });
    return calls.some((call) => [method, ...words].every((word) => JSON.stringify(call).includes(word)));
  });

describe('a buyer', () => {
  it.each([
    {
      language: 'en-US',
      start: /^Welcome to Shop!/,
      shop: 'What would you like?',
      receipt: /^Receipt: Guide\nPaid: 50 Stars, /,
      orders: /^Your last purchases.*\n\n.* · Guide · 50 ⭐ · delivered\nord_/s,
      refund: 'Your 50 ⭐ for “Guide” have been returned.',
      soldOut: 'This product is sold out.',
    },
    {
      language: 'ru',
      start: /^Добро пожаловать в Shop!/,
      shop: 'Что вы хотите купить?',
      receipt: /^Чек: Guide\nОплачено: 50 звёзд, /,
      orders: /^Ваши последние покупки.*\n\n.* · Guide · 50 ⭐ · доставлено\nord_/s,
      refund: 'Вам возвращено за «Guide»: 50 ⭐.',
      soldOut: 'Этот товар распродан.',
    },
  ])('reads the language of their app, from start to refund: $language', async (words) => {
    const product = await creator.createProduct(bot.id, { stock: 1 });
    const [buyer, rival] = await Promise.all([meets(words.language), meets(words.language)]);
    await buyer.says('/start');
    await buyer.hears(words.start);
    await buyer.says('/shop');
    await buyer.hears(new RegExp(words.shop.replaceAll('?', '\\?')));
    const theirs = await rival.wants(product);
    await buyer.pays(await buyer.wants(product));
    expect(await rival.pays(theirs)).toMatchObject({ status: 'refused', text: words.soldOut });
    await buyer.hears(words.receipt);
    await eventually('a delivered order', async () => {
      const { data } = (await creator.get('/v1/orders?payment_state=paid').expect(200)).body;
      return data[0]?.status === 'delivered';
    });
    await buyer.says('/orders');
    await buyer.hears(words.orders);
    const [order] = (await creator.get('/v1/orders?payment_state=paid').expect(200)).body.data;
    await creator.post(`/v1/orders/${order.id}/refunds`).set('idempotency-key', newUuid()).expect(202);
    await eventually('the refund', async () => (await buyer.heard()).includes(words.refund));
  });
});

describe("a creator's own words", () => {
  it('are read by buyers of that language, for a product before those for the bot, until they are taken back', async () => {
    const [tea, coffee] = [
      await creator.createProduct(bot.id, { title: 'Tea' }),
      await creator.createProduct(bot.id, { title: 'Coffee' }),
    ];
    const [english, russian] = await Promise.all([meets('en'), meets('ru')]);
    const heading = textsOf('en', 'receipt.heading');
    const { body } = await creator.put(heading, { text: ' Thanks for {title} ' }).expect(200);
    expect(body).toMatchObject({ object: 'bot_text', product_id: null, language: 'en', text: 'Thanks for {title}' });
    await creator.put(heading, { text: '{title}: enjoy it hot', product_id: tea }).expect(200);

    for (const product of [tea, coffee]) await english.pays(await english.wants(product));
    await russian.pays(await russian.wants(tea));
    await english.hears(/^Tea: enjoy it hot\nPaid/);
    await english.hears(/^Thanks for Coffee\nPaid/);
    await russian.hears(/^Чек: Tea\n/);

    const listed = (await creator.get(`/v1/bots/${bot.id}/texts`).expect(200)).body.data;
    expect(listed.map((text: { product_id: string | null }) => text.product_id)).toEqual([tea, null]);
    await creator.delete(`${heading}?product_id=${tea}`).expect(204);
    await creator.delete(`${heading}?product_id=${tea}`).expect(204);
    await english.pays(await english.wants(tea));
    await english.hears(/^Thanks for Tea\nPaid/);
  });

  it('reach the menu and the profile at Telegram', async () => {
    await toldTelegram('setMyCommands', ['language_code', 'Мои покупки и чеки']);
    await toldTelegram('setMyDescription', ['language_code', 'Нажмите «Начать»']);
    await toldTelegram('setMyShortDescription', ['Shop: choose, pay with Telegram Stars']);
    await creator.put(textsOf('ru', 'command.shop'), { text: 'Наш прилавок' }).expect(200);
    await toldTelegram('setMyCommands', ['language_code', 'Наш прилавок']);
    await creator.put(textsOf('en', 'profile.about'), { text: 'Tea by {shop}' }).expect(200);
    await toldTelegram('setMyShortDescription', ['Tea by Shop']);
  });

  it.each([
    ['checkout.sold_out', 'x'.repeat(201), /must have 1 to 200 characters/],
    ['receipt.heading', 'For {name}', /must not hold \{name\}: it may hold \{title\}/],
    ['shop.open', 'two\nlines', /line breaks/],
  ])('for %s cannot be %p', async (key, text, problem) => {
    const { body } = await creator.put(textsOf('en', key), { text }).expect(400);
    expect(body).toMatchObject({
      code: 'invalid_text',
      errors: [{ path: 'text', message: expect.stringMatching(problem) }],
    });
  });

  it('are for texts, languages and products that there are', async () => {
    const text = { text: 'Hello' };
    await creator.put(textsOf('en', 'no.such.text'), text).expect(400);
    await creator.put(textsOf('de', 'help'), text).expect(400);
    const other = await creator.createProduct((await creator.registerBot()).id);
    await creator.put(textsOf('en', 'help'), { ...text, product_id: other }).expect(404);
  });

  it('are told of with their limits and placeholders', async () => {
    const { data } = (await creator.get('/v1/texts').expect(200)).body;
    expect(data).toContainEqual({
      object: 'text',
      key: 'receipt.heading',
      about: 'The first line of a receipt, in bold.',
      max_length: 4_096,
      placeholders: ['{title}'],
      usual: { en: 'Receipt: {title}', ru: 'Чек: {title}' },
    });
  });
});
