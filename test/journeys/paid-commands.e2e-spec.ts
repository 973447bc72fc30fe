import { newUuid, parseId } from '#libs/kernel';
import { BotDirectory } from '#libs/tenants';
import { Backstage } from '../support/backstage.js';
import { type Answer, GoodsServer } from '../support/goods-server.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let backstage: Backstage;
const servers: GoodsServer[] = [];

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
});
afterAll(async () => {
  for (const server of servers) server.stop();
  await backstage.close();
  await starwall.stop();
});

interface ChartShop {
  readonly creator: Creator;
  readonly bot: RegisteredBot;
  readonly server: GoodsServer;
  readonly product: string;
}

const answersWithChart: Answer = ({ data }) => ({ status: 200, body: { text: `Chart of ${data.command?.arguments}` } });
const CHART = { kind: 'paid_command', title: 'Chart', description: 'One chart', stars: 5 };
const FOR_CREDITS = { command: 'chart', credit_unit: 'scan', credit_amount: 1, needs_arguments: true };
const PACK = { kind: 'credits', title: '10 scans', content: null, credits: { unit: 'scan', amount: 10 } };

/** Opens a shop that sells a paid /chart, and the server that draws the charts. */
async function chartShop(changes: object = {}, answer = answersWithChart): Promise<ChartShop> {
  const server = new GoodsServer();
  server.answer = answer;
  servers.push(server);
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const wish = {
    bot_id: bot.id,
    ...CHART,
    paid_command: FOR_CREDITS,
    fulfilment_url: await server.start(),
    ...changes,
  };
  const { body: made } = await creator.post('/v1/products', wish).expect(201);
  server.secret = String(made.fulfilment_secret);
  return { creator, bot, server, product: String(made.id) };
}

async function meets({ creator, bot }: ChartShop, scans: number, language_code = 'en'): Promise<Buyer> {
  const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, { language_code });
  await buyer.says('/start');
  await buyer.sees((message) => message.text !== undefined, 'a welcome');
  if (scans > 0) {
    const path = `/v1/buyers/${buyer.id}/credits/scan/grants`;
    await creator.post(path, { amount: scans }).set('idempotency-key', newUuid()).expect(201);
  }
  return buyer;
}

const creditsOf = async ({ creator }: ChartShop, buyer: Buyer) => {
  const { body } = await creator.get(`/v1/buyers/${buyer.id}/credits`).expect(200);
  const { balance, reserved } = body.data[0] ?? { balance: 0, reserved: 0 };
  return { balance, reserved };
};
const ordersOf = async ({ creator }: ChartShop, query = '') =>
  (await creator.get(`/v1/orders?${query}`).expect(200)).body.data;
const order = (shop: ChartShop, status: string) =>
  eventually(`an order that is ${status}`, async () =>
    (await ordersOf(shop)).find((each: { status: string }) => each.status === status),
  );
const invoicesOf = async (buyer: Buyer) => (await buyer.messages()).flatMap((message) => message.invoice ?? []);
const isTime = async ({ bot }: ChartShop, orderId: string) => {
  await backstage.query('update fulfilments set deadline_at = now() where order_id = $1', [parseId('order', orderId)]);
  await backstage.hurryJobs(bot);
};
describe('a command whose price Telegram rejects', () => {
  it('is reported to its sender and to the creator', async () => {
    const shop = await chartShop({
      stars: 1_000,
      paid_command: { ...FOR_CREDITS, credit_unit: undefined, credit_amount: undefined },
    });
    await starwall.telegram.setUpBot(shop.bot.telegramId, { largestInvoice: 999 });
    const buyer = await meets(shop, 0);
    await buyer.says('/chart BTC');
    await buyer.hears(/^“Chart” cannot be bought at the moment/);
    expect(await ordersOf(shop)).toMatchObject([
      { status: 'placed', delivery_error: expect.stringContaining('CURRENCY_TOTAL_AMOUNT_INVALID') },
    ]);
  });
});

describe('a command paid with credits', () => {
  it("is answered with the buyer's text, for the stated price", async () => {
    const shop = await chartShop();
    const buyer = await meets(shop, 3);
    await buyer.says('/chart BTC 1d');
    await buyer.hears(/^Chart of BTC 1d$/);
    await buyer.hears(/^Chart: 1 scan spent\. Your balance: 2 scans\.$/);
    const { id } = await order(shop, 'delivered');
    expect(await creditsOf(shop, buyer)).toEqual({ balance: 2, reserved: 0 });
    expect((await shop.creator.get(`/v1/orders/${id}`).expect(200)).body).toMatchObject({
      billing: 'credits',
      stars: 0,
      credits: { unit: 'scan', amount: 1 },
      arguments: 'BTC 1d',
      charges: [],
      fulfilment: { state: 'ready' },
    });
    expect(shop.server.asked).toMatchObject([{ id, data: { command: { name: 'chart', arguments: 'BTC 1d' } } }]);
    expect(await buyer.balance()).toBe(1_000);
    const { body: state } = await shop.creator.get(`/v1/buyers/${buyer.id}/state`).expect(200);
    expect(state.purchases).toMatchObject([{ order_id: id, stars: 0, credits: { unit: 'scan', amount: 1 } }]);
    expect(state.totals.orders).toEqual({ count: 0, stars: 0 });
    const told = await backstage.query('select data from events where order_id = $1', [parseId('order', id)]);
    expect(JSON.stringify(told)).not.toContain('BTC');
    await buyer.says('/orders');
    await buyer.hears(/ · Chart · 1 scan · delivered\n/);
    const list = await buyer.sees(({ text }) => text?.startsWith('Your last purchases') === true, 'the purchases');
    await starwall.telegram.press(buyer.chat, list.message_id, `again:${id}`);
    await eventually(
      'the chart again',
      async () => (await buyer.heard()).filter((text) => text === 'Chart of BTC 1d').length === 2,
    );
    await order(shop, 'delivered');
    expect((await buyer.heard()).filter((text) => text.includes('spent'))).toHaveLength(1);
    expect(await creditsOf(shop, buyer)).toEqual({ balance: 2, reserved: 0 });
    expect((await shop.creator.post(`/v1/orders/${id}/refunds`).expect(409)).body.code).toBe('paid_with_credits');
  });

  it('is answered as often as there are credits, even when several uses compete for the last one', async () => {
    const shop = await chartShop({ stars: 0 });
    const buyer = await meets(shop, 2);
    await buyer.says('/chart A');
    await buyer.hears(/^Chart of A$/);
    await Promise.all(['B', 'C', 'D', 'E'].map((name) => buyer.says(`/chart ${name}`)));
    await eventually('the others refused', async () => {
      const heard = await buyer.heard();
      return heard.filter((text) => text.startsWith('This costs 1 scan, and you have 0 scans.')).length === 3;
    });
    await eventually('the last one', async () => (await ordersOf(shop, 'delivery_state=delivered')).length === 2);
    expect(await creditsOf(shop, buyer)).toEqual({ balance: 0, reserved: 0 });
    expect(shop.server.asked).toHaveLength(2);
  });

  it('costs nothing when it fails, and the buyer is told in their language', async () => {
    const shop = await chartShop({}, () => ({ status: 410 }));
    const buyer = await meets(shop, 1, 'ru');
    await buyer.says('/chart BTC');
    await buyer.hears(/«Chart» не удалось сделать\. На ваш баланс возвращено: 1 scan\./);
    await order(shop, 'refunded');
    expect(await creditsOf(shop, buyer)).toEqual({ balance: 1, reserved: 0 });
  });

  it('can be queued: the credits are reserved, then spent with the answer, or returned at the deadline', async () => {
    const shop = await chartShop({}, () => ({ status: 202 }));
    const buyer = await meets(shop, 2);
    await buyer.says('/chart BTC');
    await buyer.hears(/“Chart” is being made for you/);
    const first = await order(shop, 'delivering');
    expect(await creditsOf(shop, buyer)).toEqual({ balance: 2, reserved: 1 });
    await shop.creator.post(`/v1/orders/${first.id}/deliver`, { goods: { text: 'at last' } }).expect(200);
    await buyer.hears(/^at last$/);
    await order(shop, 'delivered');
    await buyer.says('/chart ETH');
    const second = await order(shop, 'delivering');
    await isTime(shop, second.id);
    await buyer.hears(/could not be made\. Returned to your balance: 1 scan\. For questions send \/paysupport\.$/);
    await order(shop, 'refunded');
    expect(await creditsOf(shop, buyer)).toEqual({ balance: 1, reserved: 0 });
    const late = await shop.creator.post(`/v1/orders/${second.id}/deliver`, { goods: { text: 'late' } }).expect(409);
    expect(late.body.code).toBe('order_not_paid');
  });
});

describe('a failed command in a workspace whose outbound messages are stopped', () => {
  it('returns the credits, and the buyer is told nevertheless', async () => {
    const shop = await chartShop({}, () => ({ status: 202 }));
    const buyer = await meets(shop, 1);
    await buyer.says('/chart BTC');
    await buyer.hears(/“Chart” is being made for you/);
    const held = await order(shop, 'delivering');
    const botId = parseId('bot', shop.bot.id);
    const stop = `update tenants set state = 'outbound_stopped' where id = (select tenant_id from bots where id = $1)`;
    await backstage.query(stop, [botId]);
    starwall.app.get(BotDirectory).forget(String(botId));
    await isTime(shop, held.id);
    await buyer.hears(/could not be made\. Returned to your balance: 1 scan/);
    expect(await creditsOf(shop, buyer)).toEqual({ balance: 1, reserved: 0 });
  });
});

describe('insufficient credits', () => {
  it('lead to the packs on sale, and to an invoice for a single use', async () => {
    const shop = await chartShop();
    await shop.creator.createProduct(shop.bot.id, PACK);
    await shop.creator.createProduct(shop.bot.id, { ...PACK, title: 'Other', credits: { unit: 'page', amount: 1 } });
    const buyer = await meets(shop, 0);
    await buyer.says('/chart BTC');
    const told = await buyer.sees((message) => message.text?.startsWith('This costs') === true);
    expect(told.text).toBe(
      'This costs 1 scan, and you have 0 scans.\nChoose a pack, then send the command again.\n' +
        'You can also pay 5 Stars for this one time, with the invoice that follows.',
    );
    expect(told.reply_markup?.inline_keyboard.map(([button]) => button?.text)).toEqual(['10 scans – 50 ⭐']);
    const invoice = await buyer.sees((message) => message.invoice !== undefined, 'an invoice');
    await buyer.pays(invoice.message_id);
    await buyer.hears(/^Chart of BTC$/);
    await buyer.hears(/^Receipt: Chart\nPaid: 5 Stars/);

    const pack = told.reply_markup?.inline_keyboard.flat()[0];
    await starwall.telegram.press(buyer.chat, told.message_id, String(pack?.callback_data));
    const forPack = await buyer.sees((message) => message.invoice?.title === '10 scans', 'the invoice of the pack');
    await buyer.pays(forPack.message_id);
    await buyer.hears(/^Receipt: 10 scans/);
    await buyer.says('/chart ETH');
    await buyer.hears(/^Chart of ETH$/);
    await buyer.hears(/Your balance: 9 scans\.$/);
    expect(await buyer.balance()).toBe(1_000 - 5 - 50);
  });

  it('are explained even when nothing else is for sale', async () => {
    const shop = await chartShop({ stars: 0 });
    const buyer = await meets(shop, 0, 'ru');
    await buyer.says('/chart BTC');
    await buyer.hears(/^Цена: 1 scan\. На балансе: 0 scan\.\nСейчас пакеты здесь не продаются\. Загляните позже\.$/);
    expect(await ordersOf(shop)).toEqual([]);
  });
});

describe('a command paid with Stars', () => {
  it('sends an invoice, is answered after the payment, and is refunded when it fails', async () => {
    const shop = await chartShop({ paid_command: { command: 'chart' } }, () => ({ status: 202 }));
    const buyer = await meets(shop, 0);
    await buyer.says('/Chart BTC');
    const invoice = await buyer.sees((message) => message.invoice !== undefined, 'an invoice');
    expect(invoice.invoice?.description).toContain('within 1 hour after the payment, or your Stars come back');
    await buyer.pays(invoice.message_id);
    await buyer.hears(/“Chart” is being made for you/);
    const paid = await order(shop, 'delivering');
    await isTime(shop, paid.id);
    await buyer.hears(/could not be made in time/);
    await buyer.hears(/^Your 5 ⭐ for “Chart” have been returned\.$/);
    await order(shop, 'refunded');
    expect(await buyer.balance()).toBe(1_000);
  });

  it('asks for consent to the terms first if the bot requires it', async () => {
    const shop = await chartShop({ paid_command: { command: 'chart' } });
    await shop.creator.patch(`/v1/bots/${shop.bot.id}`, { terms_version: '2026-11' }).expect(200);
    const buyer = await meets(shop, 0);
    await buyer.says('/chart BTC');
    const asked = await buyer.sees(({ text }) => text?.startsWith('Before you buy here') === true, 'the question');
    await starwall.telegram.press(buyer.chat, asked.message_id, 0);
    await buyer.hears(/^Thank you, you have agreed to the terms/);
    expect(await invoicesOf(buyer)).toEqual([]);
    await buyer.says('/chart BTC');
    await eventually('an invoice', async () => (await invoicesOf(buyer)).length === 1);
  });

  it('can be bought from its card when it needs no text, and is explained when it does', async () => {
    const shop = await chartShop({ paid_command: { command: 'chart', needs_arguments: false } });
    const buyer = await meets(shop, 0);
    await buyer.pays(await buyer.wants(shop.product));
    await buyer.hears(/^Chart of null$/);
    const { body } = await shop.creator.patch(`/v1/products/${shop.product}`, {
      paid_command: { needs_arguments: true },
    });
    expect(body.paid_command).toEqual({
      command: 'chart',
      credit_unit: null,
      credit_amount: null,
      needs_arguments: true,
    });
    await starwall.telegram.start(buyer.chat, `buy_${shop.product}`);
    await buyer.hears(
      /^To use it, send \/chart in this chat, followed by what it should be about, in the same message\.$/,
    );
    expect(await invoicesOf(buyer)).toHaveLength(1);
  });
});

describe('the command of a product', () => {
  it('is in the menu, in every language, while the product is sold', async () => {
    const shop = await chartShop();
    await shop.creator
      .put(`/v1/bots/${shop.bot.id}/texts/ru/command.paid`, { text: 'Нарисовать график', product_id: shop.product })
      .expect(200);
    const [english, russian] = [await meets(shop, 0), await meets(shop, 0, 'ru')];
    const menuOf = async (buyer: Buyer) => (await starwall.telegram.chat(buyer.chat)).bot.commands;
    const isFirst = (buyer: Buyer, description: string) =>
      eventually(`/chart: ${description}`, async () => {
        const [first] = await menuOf(buyer);
        return first?.command === 'chart' && first.description === description;
      });
    await isFirst(english, 'Chart');
    await isFirst(russian, 'Нарисовать график');
    await shop.creator.post(`/v1/products/${shop.product}/archive`).expect(200);
    await eventually('a menu without it', async () =>
      (await menuOf(russian)).every(({ command }) => command !== 'chart'),
    );
    await english.says('/chart BTC');
    await english.hears(/^Send \/shop to see what is sold here/);
  });

  it('is explained when its text is missing or too long', async () => {
    const shop = await chartShop();
    const buyer = await meets(shop, 5);
    await buyer.says('/chart');
    await buyer.hears(/^To use it, send \/chart in this chat/);
    await buyer.says(`/chart ${'x'.repeat(1_001)}`);
    await buyer.hears(/^That is too long\. Please write at most 1,000 characters/);
    expect(await creditsOf(shop, buyer)).toEqual({ balance: 5, reserved: 0 });
  });

  it('is shown on its card with both prices, and can be used from there when it needs no text', async () => {
    const shop = await chartShop({ paid_command: { ...FOR_CREDITS, needs_arguments: false } });
    const buyer = await meets(shop, 1);
    await starwall.telegram.start(buyer.chat, `card_${shop.product}`);
    const card = await buyer.sees((message) => message.text?.startsWith('Chart') === true, 'the card');
    expect(card.text).toMatch(
      /Price: 1 scan, or 5 ⭐\nMade for you within .*\nTo use it, send \/chart in this chat\.$/,
    );
    expect(card.reply_markup?.inline_keyboard.flat().map(({ text }) => text)).toEqual([
      'Use it for 1 scan',
      'Buy for 5 ⭐',
      'Not enough Stars?',
      '‹ Back',
    ]);
    await starwall.telegram.press(buyer.chat, card.message_id, `use:${shop.product}`);
    await buyer.hears(/^Chart of null$/);
    await eventually('the spending', async () => (await creditsOf(shop, buyer)).balance === 0);
  });

  it("is unique among a bot's products, and distinct from the bot's own commands", async () => {
    const shop = await chartShop();
    const { creator, bot } = shop;
    const another = { bot_id: bot.id, ...CHART, fulfilment_url: 'https://creator.com/' };
    const taken = await creator.post('/v1/products', { ...another, paid_command: { command: 'chart' } }).expect(400);
    expect(taken.body).toMatchObject({ code: 'invalid_product', errors: [{ path: 'paid_command.command' }] });
    const own = await creator.post('/v1/products', { ...another, paid_command: { command: 'help' } }).expect(400);
    expect(own.body.errors[0].message).toMatch(/every bot answers itself/);
    const { body: other } = await creator
      .post('/v1/products', { ...another, paid_command: { command: 'map' } })
      .expect(201);
    await creator.patch(`/v1/products/${other.id}`, { paid_command: { command: 'chart' } }).expect(400);
    const elsewhere = await creator.registerBot('Second');
    await creator
      .post('/v1/products', { ...another, bot_id: elsewhere.id, paid_command: { command: 'chart' } })
      .expect(201);
    const both = await Promise.all(
      [1, 2].map(() => creator.post('/v1/products', { ...another, paid_command: { command: 'twice' } })),
    );
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 400]);
  });
});
