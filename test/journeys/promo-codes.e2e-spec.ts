import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

const invoiceOf = async (buyer: Buyer) => (await buyer.messages()).findLast((message) => message.invoice)?.invoice;

it('a buyer enters a promo code, sees its discount on the invoice, and pays less', async () => {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const product = await creator.createProduct(bot.id);
  const wish = { bot_id: bot.id, code: 'spring', percent_off: 20, max_uses_per_buyer: 1 };
  const made = await creator.post('/v1/promo-codes', wish).expect(201);
  expect(made.body).toMatchObject({ code: 'SPRING', state: 'active', uses: 0, stars_given_away: 0 });
  await creator.post('/v1/promo-codes', wish).expect(409);
  await creator.post('/v1/promo-codes', { ...wish, code: 'x', stars_off: 3 }).expect(400);

  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await buyer.says('/promo');
  await buyer.hears(/\/promo SPRING/);
  await buyer.says('/promo summer');
  await buyer.hears(/is unknown/);
  await buyer.says('/promo spring');
  await buyer.hears(/SPRING.*20%/);
  const invoice = await buyer.wants(product);
  expect(await invoiceOf(buyer)).toMatchObject({ total_amount: 40 });
  expect((await invoiceOf(buyer))?.description).toMatch(/40.*50/);
  await buyer.pays(invoice);
  await buyer.hears(/the goods/);
  expect(await buyer.balance()).toBe(960);

  const [order] = (await creator.get('/v1/orders').expect(200)).body.data;
  expect(order).toMatchObject({ stars: 40, list_stars: 50, promo_code_id: made.body.id });
  const shown = await creator.get(`/v1/promo-codes/${made.body.id}`).expect(200);
  expect(shown.body).toMatchObject({ uses: 1, orders_paid: 1, stars_given_away: 10 });
  const day = (later: number) => new Date(Date.now() + later * 86_400_000).toISOString().slice(0, 10);
  const period = `from=${day(-1)}&to=${day(2)}`;
  const metrics = await creator.get(`/v1/metrics/sales?${period}`).expect(200);
  expect(metrics.body.totals).toMatchObject({ stars_earned: 40, orders: { stars_given_away: 10 } });
  const statement = await creator.get(`/v1/bots/${bot.id}/statement?${period}`).expect(200);
  expect(statement.body).toMatchObject({ earned: 40, given_away: { count: 1, stars: 10 } });
  const csv = (await creator.get(`/v1/bots/${bot.id}/statement.csv?${period}`).expect(200)).text
    .trimEnd()
    .split('\r\n');
  expect(csv.map((line) => line.split(',').at(-1))).toEqual(['given_away', '10']);

  await buyer.wants(product);
  expect(await invoiceOf(buyer)).toMatchObject({ total_amount: 50 });

  await creator.post(`/v1/orders/${order.id}/refunds`).set('idempotency-key', 'promo');
  await eventually('the use came back', async () => {
    const { body } = await creator.get(`/v1/promo-codes/${made.body.id}`);
    return body.uses === 0;
  });
});

it('a promo code never promises a lower price for a subscription', async () => {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const plan = await creator.createProduct(bot.id, { kind: 'subscription', title: 'Pro', content: undefined });
  const wish = { bot_id: bot.id, percent_off: 20 };
  const refused = await creator.post('/v1/promo-codes', { ...wish, code: 'PLAN', product_id: plan }).expect(400);
  expect(refused.body.errors).toEqual([expect.objectContaining({ path: 'product_id' })]);
  const pack = { kind: 'credits', title: 'Scans', content: null, credits: { unit: 'scan', amount: 10 } };
  await creator.createProduct(bot.id, pack);
  const command = {
    kind: 'paid_command',
    title: 'Chart',
    content: null,
    stars: 0,
    fulfilment_url: 'https://goods.example/make',
    paid_command: { command: 'chart', credit_unit: 'scan', credit_amount: 1, needs_arguments: false },
  };
  const free = await creator.createProduct(bot.id, command);
  await creator.post('/v1/promo-codes', { ...wish, code: 'FREE', product_id: free }).expect(400);

  await creator.post('/v1/promo-codes', { ...wish, code: 'SPRING' }).expect(201);
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await buyer.says('/promo spring');
  await buyer.hears(/SPRING takes 20% off your purchases here[^]*Subscriptions keep their price/);
  await creator.post(`/v1/products/${plan}/archive`).expect(200);
  await buyer.says('/promo spring');
  await buyer.hears(/SPRING takes 20% off your purchases here\. You see the lower price on the invoice\.$/);
});

it('a link contains a promo code for one product, and an ended code is refused in the payment window', async () => {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const product = await creator.createProduct(bot.id);
  const wish = { bot_id: bot.id, code: 'ONE-STAR', stars_off: 1_000, product_id: product };
  const { body: promo } = await creator.post('/v1/promo-codes', wish).expect(201);
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await starwall.telegram.start(buyer.chat, 'promo_one-star');
  const answer = await buyer.sees((message) => message.text?.includes('ONE-STAR') === true);
  await starwall.telegram.press(buyer.chat, answer.message_id, 0);
  const invoice = await buyer.sees((message) => message.invoice?.total_amount === 1);
  await creator.post(`/v1/promo-codes/${promo.id}/archive`).expect(200);
  await buyer.pays(invoice.message_id).catch(() => undefined);
  expect(await buyer.balance()).toBe(1_000);
  await buyer.says('/promo one-star');
  await buyer.hears(/is no longer valid/);

  await creator.patch(`/v1/promo-codes/${promo.id}`, { max_uses: 5 }).expect(200);
  await creator.post(`/v1/promo-codes/${promo.id}/activate`).expect(200);
  const listed = await creator.get(`/v1/promo-codes?bot_id=${bot.id}&state=active`).expect(200);
  expect(listed.body.data).toMatchObject([{ id: promo.id, max_uses: 5, product_id: product }]);
  const stranger = await Creator.signUp(starwall);
  await stranger.get(`/v1/promo-codes/${promo.id}`).expect(404);
  await stranger.patch(`/v1/promo-codes/${promo.id}`, { max_uses: 1 }).expect(404);
  expect((await stranger.get('/v1/promo-codes').expect(200)).body.data).toEqual([]);
});
