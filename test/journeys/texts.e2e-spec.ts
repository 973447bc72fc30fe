import { newUuid, publicId } from '#libs/kernel';
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

/** Waits for a call of a method for our bot that contains all of `words`. */
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
  ])('reads texts in the language of their app, from start to refund: $language', async (words) => {
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

describe("a creator's own texts", () => {
  it('are shown to buyers of that language, those for a product before those for the bot, until they are removed', async () => {
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

  it('give a product a title in the language of its buyers, in the shop, on its card and invoice, and in /orders', async () => {
    await starwall.telegram.setUpBot(bot.telegramId, { inline: true });
    const tea = await creator.createProduct(bot.id, { title: 'Tea', description: 'Hot', stock: 1 });
    await creator.put(textsOf('ru', 'product.title'), { text: 'Чай', product_id: tea }).expect(200);
    await creator.put(textsOf('ru', 'product.description'), { text: 'Горячий', product_id: tea }).expect(200);
    await creator.put(textsOf('ru', 'shop.product'), { text: '☕ {title}', product_id: tea }).expect(200);
    await creator.put(textsOf('en', 'shop.sold_out'), { text: '{title}: gone', product_id: tea }).expect(200);
    await creator.put(textsOf('ru', 'support.topic'), { text: 'Про {title}', product_id: tea }).expect(200);
    await creator.put(textsOf('ru', 'orders.line'), { text: 'Куплено: {title}', product_id: tea }).expect(200);
    const [english, russian] = await Promise.all([meets('en'), meets('ru')]);
    const press = async (buyer: Buyer, label: string) => {
      const has = ({
        reply_markup,
      }: {
        reply_markup?: { inline_keyboard: readonly (readonly { text: string }[])[] };
      }) => reply_markup?.inline_keyboard.flat().findIndex(({ text }) => text === label) ?? -1;
      const shown = await buyer.sees((message) => has(message) >= 0, label);
      await starwall.telegram.press(buyer.chat, shown.message_id, has(shown));
    };
    await russian.says('/shop');
    await press(russian, '☕ Чай');
    await russian.hears(/^Чай\n\nГорячий\n\n/);
    const asking = starwall.telegram.inlineQuery({ botId: bot.telegramId, userId: russian.id, query: '' });
    expect(JSON.stringify(await asking)).toMatch(/"title":"Чай".*"description":"[^"]*Горячий/);
    const invoice = await russian.wants(tea);
    expect((await russian.messages()).find(({ message_id }) => message_id === invoice)?.invoice).toMatchObject({
      title: 'Чай',
      description: 'Горячий',
    });
    await russian.pays(invoice);
    await russian.hears(/^Чек: Чай\n/);
    await russian.says('/orders');
    await russian.hears(/Куплено: Чай/);
    await russian.says('/paysupport');
    await press(russian, 'Про Чай');
    await english.says('/shop');
    await press(english, 'Tea: gone');
    await english.hears(/^Tea\n\nHot\n\n/);
  });

  it('give a unit of credits a name that agrees with the number', async () => {
    const pack = { kind: 'credits', title: 'Pack', content: null, credits: { unit: 'scan', amount: 3 } };
    const product = await creator.createProduct(bot.id, pack);
    for (const [form, text] of [
      ['one', 'проверка'],
      ['few', 'проверки'],
      ['many', 'проверок'],
    ]) {
      await creator.put(textsOf('ru', `unit.scan.${form}`), { text }).expect(200);
    }
    const buyer = await meets('ru');
    await buyer.pays(await buyer.wants(product));
    await buyer.hears(/^Начислено: 3 проверки\./);
    const grant = `/v1/buyers/${buyer.id}/credits/scan/grants`;
    await creator.post(grant, { amount: 2 }).set('idempotency-key', newUuid()).expect(201);
    await buyer.says('/balance');
    await buyer.hears(/5 проверок/);
    await creator.put(textsOf('ru', 'unit.Scan.one'), { text: 'x' }).expect(400);
    await creator.put(textsOf('ru', 'unit.scan.two'), { text: 'x' }).expect(400);
    await creator.delete(textsOf('ru', 'unit.scan.many')).expect(204);
  });

  it.each([
    ['shop.heading', true, /not about a product/],
    ['goods.again', true, /not about a product/],
    ['unit.scan.one', true, /not about a product/],
    ['product.title', false, /must be the id of the text/],
  ])('for %s are rejected where they would never be shown', async (key, withProduct, problem) => {
    const product = await creator.createProduct(bot.id);
    const body = { text: 'Words', ...(withProduct ? { product_id: product } : {}) };
    const refused = await creator.put(textsOf('en', key), body).expect(400);
    expect(refused.body.errors).toEqual([{ path: 'product_id', message: expect.stringMatching(problem) }]);
  });

  it('are used in the menu and the profile in Telegram', async () => {
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
    ['receipt.heading', 'For {name}', /must not contain \{name\}: it may contain \{title\}/],
    ['shop.open', 'two\nlines', /line breaks/],
  ])('are rejected when they are invalid for %s (%#)', async (key, text, problem) => {
    const { body } = await creator.put(textsOf('en', key), { text }).expect(400);
    expect(body).toMatchObject({
      code: 'invalid_text',
      errors: [{ path: 'text', message: expect.stringMatching(problem) }],
    });
  });

  it('are limited to existing texts, languages and products', async () => {
    const text = { text: 'Hello' };
    await creator.put(textsOf('en', 'no.such.text'), text).expect(400);
    await creator.put(textsOf('de', 'help'), text).expect(400);
    const other = await creator.createProduct((await creator.registerBot()).id);
    await creator.put(textsOf('en', 'goods.failed'), { ...text, product_id: other }).expect(404);
  });

  it('return 404 for an unknown or foreign bot', async () => {
    const foreign = await (await Creator.signUp(starwall)).registerBot();
    for (const id of [publicId('bot', newUuid()), foreign.id]) await creator.get(`/v1/bots/${id}/texts`).expect(404);
    expect((await creator.get(`/v1/bots/${bot.id}/texts`).expect(200)).body.data).toEqual([]);
  });

  it('are listed with their limits and placeholders', async () => {
    const { data } = (await creator.get('/v1/texts').expect(200)).body;
    expect(data).toContainEqual({
      object: 'text',
      key: 'receipt.heading',
      about: 'The first line of a receipt, in bold.',
      max_length: 4_096,
      placeholders: ['{title}'],
      scope: 'both',
      usual: { en: 'Receipt: {title}', ru: 'Чек: {title}' },
    });
  });
});
