import { Database } from '#libs/database';
import { parseId } from '#libs/kernel';
import { TenantPlans } from '#libs/tenants';
import { Buyer, Creator, eventually, newBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

const tenantOf = (creator: Creator) => {
  const { tenant } = creator.session as { tenant?: { id?: string } };
  const id = parseId('tenant', String(tenant?.id));
  if (id === undefined) throw new Error('no tenant');
  return id;
};
const allow = (creator: Creator, limit: Parameters<TenantPlans['override']>[2], value: number) =>
  starwall.app
    .get(Database)
    .inPlatform('a limit for a test', (tx) =>
      starwall.app.get(TenantPlans, { strict: false }).override(tx, tenantOf(creator), limit, value, 'For a test.'),
    );
const usage = async (creator: Creator) => {
  const { body } = await creator.get('/v1/usage').expect(200);
  return Object.fromEntries((body.data as { name: string }[]).map((one) => [one.name, one]));
};

it("a creator sees the plan's limits and their usage", async () => {
  const creator = await Creator.signUp(starwall);
  await creator.registerBot();
  const { body } = await creator.get('/v1/usage').expect(200);
  expect(body).toMatchObject({ object: 'usage', plan: { id: 'free', name: 'Free' } });
  const limits = await usage(creator);
  expect(limits['bots']).toMatchObject({ used: 1, allowed: 50, percent: 2, state: 'ok', period: null });
  expect(limits['members']).toMatchObject({ used: 1 });
  expect(limits['endpoints']).toMatchObject({ used: 0, allowed: 10 });
  expect(limits['api_requests_per_minute']).toMatchObject({ used: null, allowed: 100_000 });
  expect(limits['orders_per_month']).toMatchObject({ used: 0, period: { from: expect.any(String) } });
});

it('one of several concurrent requests gets the last slot for a bot, and Telegram is not called for the others', async () => {
  const creator = await Creator.signUp(starwall);
  await allow(creator, 'bots', 1);
  const tokens = await Promise.all(Array.from({ length: 3 }, async () => (await newBot(starwall)).token));
  const answers = await Promise.all(tokens.map((token) => creator.post('/v1/bots', { token })));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  const refused = answers.filter(({ status }) => status === 409).map(({ body }) => body.code);
  expect(refused).toEqual(['quota_exhausted', 'quota_exhausted']);
  const made = answers.find(({ status }) => status === 201)?.body as { id: string };
  await creator.removeBot(made.id);
  await creator.post('/v1/bots', { token: String(tokens[0]) }).expect(201);
});

it('a file that exceeds the quota is refused, and smaller ones are still accepted', async () => {
  const creator = await Creator.signUp(starwall);
  await allow(creator, 'storage_bytes', 10);
  const upload = (bytes: number) =>
    creator.signs(starwall.http().post('/v1/files')).attach('file', Buffer.alloc(bytes, 1), 'a.bin');
  await upload(8).expect(201);
  const { body } = await upload(3).expect(409);
  expect(body).toMatchObject({ code: 'quota_exhausted', remedy: expect.stringContaining('/v1/usage') });
  await upload(2).expect(201);
  expect((await usage(creator))['storage_bytes']).toMatchObject({ used: 10, state: 'exhausted', percent: 100 });
});

it('a full workspace accepts no new members', async () => {
  const creator = await Creator.signUp(starwall);
  await allow(creator, 'members', 2);
  const invite = () => creator.post('/v1/invitations', { email: `${Math.random()}@starwall.example`, role: 'viewer' });
  const tokens = [(await invite().expect(201)).body.token, (await invite().expect(201)).body.token];
  const accepted = await Promise.all(
    tokens.map((token) =>
      starwall.http().post('/v1/invitations/accept').send({ token, password: 'correct horse battery' }),
    ),
  );
  const codes = accepted.map(({ body }) => String(body.code ?? 'joined'));
  expect(new Set(codes)).toEqual(new Set(['joined', 'quota_exhausted']));
  await invite().expect(409);
});

it('an exhausted monthly quota of orders is explained to buyers and creator, and does not affect past purchases', async () => {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const product = await creator.createProduct(bot.id);
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  const late = await Buyer.meets(starwall, bot.telegramId);
  await allow(creator, 'orders_per_month', 1);
  const unpaid = await late.wants(product);
  await creator.put('/v1/alerts', { bot_id: bot.id, telegram_id: late.id }).expect(200);
  await buyer.pays(await buyer.wants(product));
  await buyer.hears(/the goods/);
  await buyer.says('/shop');
  await buyer.hears(/sold as much as it can this month/);
  await buyer.says(`/start buy_${product}`);
  await eventually('a refusal to make an invoice', async () => {
    const said = (await buyer.heard()).filter((text) => /as much as it can this month/.test(text));
    return said.length >= 2;
  });
  const refusal = await late.pays(unpaid).catch((error: unknown) => error);
  expect(JSON.stringify(refusal) + String(refusal)).toMatch(/as much as it can this month/);
  expect(await late.balance()).toBe(1_000);
  const events = await eventually('a warning', async () => {
    const { body } = await creator.get('/v1/events?type=quota.warning').expect(200);
    return body.data.length > 0 && body.data;
  });
  expect(events).toHaveLength(1);
  expect(events[0].data).toMatchObject({ name: 'orders_per_month', used: 1, allowed: 1, state: 'exhausted' });
  await late.hears(/Your Starwall plan: orders per month, 1 of 1 used/);
  await buyer.says('/orders');
  await buyer.hears(/Your last purchases/);
});

it('the plan determines the rate limit of a credential, which the headers report', async () => {
  const creator = await Creator.signUp(starwall);
  await allow(creator, 'api_requests_per_minute', 2);
  await creator.get('/v1/bots').expect(200).expect('RateLimit-Limit', '2').expect('RateLimit-Remaining', '1');
  await creator.get('/v1/bots').expect(200);
  const { body } = await creator.get('/v1/bots').expect(429);
  expect(body.code).toBe('rate_limited');
  const other = await Creator.signUp(starwall);
  await other.get('/v1/bots').expect(200).expect('RateLimit-Limit', '100000');
});

it('usage is shown to an API key only with its scope', async () => {
  const creator = await Creator.signUp(starwall);
  const key = async (scope: string) => {
    const { body } = await creator.post('/v1/api-keys', { name: 'K', scopes: [scope] }).expect(201);
    return starwall.http().get('/v1/usage').set('authorization', `Bearer ${body.key}`);
  };
  expect((await key('usage:read')).status).toBe(200);
  expect((await key('orders:read')).status).toBe(403);
});
