import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let creator: Creator;
beforeAll(async () => {
  // As in production: Stars outside of Telegram's test environment are real.
  starwall = await startStarwall({ STARWALL_LIVEMODE: 'true' });
  creator = await Creator.signUp(starwall);
});
afterAll(() => starwall.stop());

const newBot = (username: string, environment: 'production' | 'test') =>
  starwall.telegram.createBot({ username, name: 'Shop', environment });

async function registered(username: string, environment: 'production' | 'test') {
  const { id: telegramId, token } = await newBot(username, environment);
  const { body } = await creator.post('/v1/bots', { token, environment }).expect(201);
  return { telegramId, token, id: String(body.id), view: body };
}

const subscription = (period: number) => ({ kind: 'subscription', subscription: { period_seconds: period } });

describe("a bot of Telegram's test environment", () => {
  it('sells, delivers and refunds there, and none of it is live', async () => {
    const bot = await registered('rehearsal_bot', 'test');
    expect(bot.view).toMatchObject({ environment: 'test', livemode: false, token_last4: bot.token.slice(-4) });
    const product = await creator.createProduct(bot.id);
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    expect(await buyer.pays(await buyer.wants(product))).toMatchObject({ status: 'paid' });
    await buyer.hears(/the goods/);
    const order = await eventually('the order', async () => {
      const { body } = await creator.get(`/v1/orders?bot_id=${bot.id}`).expect(200);
      return body.data.find((it: { status: string }) => it.status === 'delivered');
    });
    expect(order).toMatchObject({ livemode: false });
    await creator.post(`/v1/orders/${order.id}/refunds`, { reason: 'rehearsed' }).expect(202);
    await eventually('the Stars', async () => (await buyer.balance()) === 1_000);
    const { body: events } = await creator.get('/v1/events?type=order.paid').expect(200);
    expect(events.data).toMatchObject([{ livemode: false, data: { bot_id: bot.id } }]);
    const calls = await starwall.telegram.calls(bot.telegramId);
    expect(calls.length).toBeGreaterThan(3);
    expect(calls.filter(({ status }) => status === 401)).toEqual([]);
  });

  it("is separate from the workspace's live bots", async () => {
    const bot = await registered('serious_bot', 'production');
    expect(bot.view).toMatchObject({ environment: 'production', livemode: true });
    const product = await creator.createProduct(bot.id);
    expect((await creator.get(`/v1/products/${product}`).expect(200)).body).toMatchObject({ livemode: true });
  });

  it('renews subscriptions every minute or every five, and live bots every 30 days', async () => {
    const [test, live] = [await registered('minutes_bot', 'test'), await registered('months_bot', 'production')];
    const product = { title: 'Pro', description: 'A month', stars: 10 };
    const create = (bot_id: string, period: number) =>
      creator.post('/v1/products', { ...product, bot_id, ...subscription(period) });
    await create(test.id, 60).expect(201);
    await create(live.id, 2_592_000).expect(201);
    for (const [bot, period, words] of [
      [test, 2_592_000, /must be 60 or 300 for a bot of the test environment/],
      [live, 60, /must be 2592000/],
    ] as const) {
      const { body } = await create(bot.id, period).expect(400);
      expect(JSON.stringify(body)).toMatch(words);
    }
  });
});

it.each([
  ['production', 'test', /Send `environment: \\"test\\"`/],
  ['test', 'production', /Omit `environment`/],
] as const)('a token given as %s but issued for %s is refused with a remedy', async (given, actual, remedy) => {
  const { token } = await newBot(`strayed_in_${given}_bot`, actual);
  const { body } = await creator.post('/v1/bots', { token, environment: given }).expect(400);
  expect(body).toMatchObject({ code: 'token_of_other_environment' });
  expect(JSON.stringify(body)).toMatch(remedy);
});

it('a bot keeps its environment when its token is replaced', async () => {
  const bot = await registered('rotating_bot', 'test');
  const token = await starwall.telegram.revokeToken(bot.telegramId);
  const { body } = await creator.post(`/v1/bots/${bot.id}/rotate-token`, { token }).expect(200);
  expect(body).toMatchObject({ environment: 'test', token_last4: token.slice(-4) });
  expect((await creator.get(`/v1/bots/${bot.id}/webhook`).expect(200)).body).toMatchObject({ ours: true });
});
