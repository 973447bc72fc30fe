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

const meets = (language_code = 'en') => Buyer.meets(starwall, bot.telegramId, 1_000, { language_code });
type Message = Awaited<ReturnType<Buyer['sees']>>;
const labels = (message: Message) => message.reply_markup?.inline_keyboard.flat().map(({ text }) => text) ?? [];
const shows = (buyer: Buyer, label: string) => buyer.sees((message) => labels(message).includes(label), label);
const press = (buyer: Buyer, message: Message, label: string) =>
  starwall.telegram.press(buyer.chat, message.message_id, labels(message).indexOf(label));
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

describe('the shop', () => {
  it('is one message with categories, cards and a way back; what is sold out or over cannot be bought', async () => {
    const ends = new Date(Date.now() + 86_400_000).toISOString();
    await creator.createProduct(bot.id, { title: 'Tea', tags: ['Drinks', 'Горячее'], stock: 3, sale_ends_at: ends });
    await creator.createProduct(bot.id, { title: 'Coffee', tags: ['Drinks'], stock: 0 });
    await creator.createProduct(bot.id, { title: 'Cake' });
    await creator.createProduct(bot.id, { title: 'Secret', hidden: true });
    const buyer = await meets();
    await buyer.says('/shop');
    const shop = await shows(buyer, 'Drinks');
    expect(labels(shop)).toEqual(['Tea – 50 ⭐', 'Coffee – sold out', 'Cake – 50 ⭐', 'Drinks', 'Горячее']);
    await press(buyer, shop, 'Drinks');
    const drinks = await shows(buyer, 'Everything');
    expect(labels(drinks)).toEqual(['Tea – 50 ⭐', 'Coffee – sold out', 'Everything']);
    await press(buyer, drinks, 'Tea – 50 ⭐');
    const tea = await shows(buyer, 'Buy for 50 ⭐');
    expect(tea.text).toMatch(
      /^Tea\n\nA guide\n\nPrice: 50 ⭐\nAfter paying, .*\nLeft: 3\nOn sale until \d+ \w+ \d{4}, /,
    );
    await press(buyer, tea, '‹ Back');
    await press(buyer, await shows(buyer, 'Everything'), 'Coffee – sold out');
    const coffee = await buyer.sees(({ text }) => text?.startsWith('Coffee') === true, 'coffee');
    expect(coffee.text).toContain('This product is sold out.');
    expect(labels(coffee)).toEqual(['‹ Back']);
    expect(new Set([shop, drinks, tea, coffee].map((message) => message.message_id)).size).toBe(1);
  });

  it('speaks Russian, and answers old buttons like a person', async () => {
    await creator.createProduct(bot.id, { title: 'Чай', stock: 1 });
    const buyer = await meets('ru');
    await buyer.says('/shop');
    await press(buyer, await shows(buyer, 'Чай – 50 ⭐'), 'Чай – 50 ⭐');
    const card = await shows(buyer, 'Купить за 50 ⭐');
    expect(card.text).toBe(
      'Чай\n\nA guide\n\nЦена: 50 ⭐\nПосле оплаты вы получите покупку прямо в этом чате.\nОсталось: 1',
    );
    await buyer.says('/privacy');
    await buyer.hears(/хранит ваше имя/);
  });
});

describe('links to a product', () => {
  it('lead to its card or its invoice, hidden or not, also as QR codes, and say where buyers came from', async () => {
    const product = await creator.createProduct(bot.id, { title: 'Secret', hidden: true });
    const { body } = await creator.get(`/v1/products/${product}/links?source=blog`).expect(200);
    expect(body).toMatchObject({ object: 'product_links', product_id: product, source: 'blog' });
    const start = (url: string) => String(new URL(url).searchParams.get('start'));
    expect([start(body.card_url), start(body.buy_url)]).toEqual([`card_${product}-blog`, `buy_${product}-blog`]);
    const longest = (await creator.get(`/v1/products/${product}/links?source=${'s'.repeat(27)}`).expect(200)).body;
    expect(start(longest.card_url)).toHaveLength(64);
    await creator.get(`/v1/products/${product}/links?source=${'s'.repeat(28)}`).expect(400);
    const png = await creator
      .get(`/v1/products/${product}/qr?source=blog`)
      .expect(200)
      .expect('content-type', 'image/png');
    expect((png.body as Buffer).subarray(1, 4).toString()).toBe('PNG');
    const svg = await creator.get(`/v1/products/${product}/qr?to=buy&format=svg`).expect(200);
    expect([svg.headers['content-type'], String(svg.body)]).toEqual(['image/svg+xml', expect.stringContaining('<svg')]);

    const [looker, payer] = await Promise.all([meets(), meets()]);
    for (const buyer of [looker, looker, payer]) {
      await starwall.telegram.start(buyer.chat, start(body.card_url));
      await shows(buyer, 'Buy for 50 ⭐');
    }
    await press(payer, await shows(payer, 'Buy for 50 ⭐'), 'Buy for 50 ⭐');
    await payer.pays((await payer.sees(({ invoice }) => invoice !== undefined, 'the invoice')).message_id);
    await payer.hears(/^Receipt: Secret/);
    await eventually('the funnel', async () => {
      const { data } = (await creator.get(`/v1/metrics/funnel?from=${day(-1)}&to=${day(1)}`).expect(200)).body;
      const wanted = {
        product_id: product,
        source: 'blog',
        seen: 2,
        invoiced: 1,
        checked_out: 1,
        paid: 1,
        delivered: 1,
      };
      return JSON.stringify(data) === JSON.stringify([wanted]);
    });
  });
});
