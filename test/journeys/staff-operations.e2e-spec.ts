import { newUuid, parseId } from '#libs/kernel';
import { TROUBLES } from '#libs/operations';
import { Backstage } from '../support/backstage.js';
import { Staff } from '../support/staff.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { successfulPayment, telegramPosts } from '../support/updates.js';

let starwall: Starwall;
let backstage: Backstage;
let support: Staff;
let risk: Staff;

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
  [support, risk] = await Promise.all([Staff.with('support', starwall), Staff.with('risk', starwall)]);
});
afterAll(async () => {
  await backstage.close();
  await starwall.stop();
});

interface Shop {
  readonly creator: Creator;
  readonly bot: RegisteredBot;
  readonly product: string;
  readonly tenant: string;
}

async function newShop(): Promise<Shop> {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const tenant = String((await creator.get('/v1/me').expect(200)).body.tenant.id);
  return { creator, bot, product: await creator.createProduct(bot.id), tenant };
}

const reason = 'as the creator asked';
const acts = (staff: Staff, { tenant }: Shop, path: string, body: object = {}) =>
  staff.post(`/v1/staff/tenants/${tenant}/${path}`, { reason, ...body });
const troubles = async (kind: string, { tenant }: Shop) =>
  (await support.get(`/v1/staff/operations/troubles?kind=${kind}&tenant_id=${tenant}`).expect(200)).body.data;
const ordersOf = async ({ creator }: Shop) => (await creator.get('/v1/orders').expect(200)).body.data;
const auditOf = async ({ creator }: Shop) => (await creator.get('/v1/audit-entries').expect(200)).body.data;

/** Makes Telegram confirm a payment for the buyer's order, regardless of events since the pre-checkout. */
async function paysInFlight(shop: Shop, buyer: Buyer, orderId: string): Promise<void> {
  const { status } = await telegramPosts(
    starwall,
    shop.bot,
    successfulPayment(buyer.id, { stars: 50, payload: orderId }),
  );
  expect(status).toBe(200);
}

describe('the overview of stuck work', () => {
  it('counts every kind of trouble for staff with the permission', async () => {
    const { body } = await support.get('/v1/staff/operations').expect(200);
    expect(body.troubles.map((one: { kind: string }) => one.kind)).toEqual(TROUBLES);
    await (await newShop()).creator.get('/v1/staff/operations').expect(401);
    const viewer = await Staff.with('viewer', starwall);
    await viewer.get('/v1/staff/operations').expect(200);
    const shop = await newShop();
    const refused = await acts(viewer, shop, `bots/${shop.bot.id}/reconcile`).expect(403);
    expect(refused.body.code).toBe('missing_permission');
  });
});

describe('a parked update', () => {
  async function park(shop: Shop) {
    const buyer = await Buyer.meets(starwall, shop.bot.telegramId);
    await buyer.says('/help');
    const update = await eventually('a handled update', async () =>
      (await backstage.inbox(shop.bot)).find((one) => one.state === 'done'),
    );
    await backstage.query(
      `update inbox set state = 'parked', error = 'a bug', attempts = 8, handled_at = null where bot_id = $1 and update_id = $2`,
      [parseId('bot', shop.bot.id), update.update_id],
    );
    return { bot_id: shop.bot.id, update_id: Number(update.update_id) };
  }

  it('is listed with its next step, can be replayed concurrently, and then leaves the list', async () => {
    const shop = await newShop();
    const update = await park(shop);
    expect(await troubles('parked_updates', shop)).toMatchObject([
      {
        object: 'trouble',
        tenant_id: shop.tenant,
        bot_id: shop.bot.id,
        subject: String(update.update_id),
        error: 'a bug',
        severity: 'bad',
        next_step: expect.stringContaining('Replay'),
        actions: ['staff_repairs_replay_update', 'staff_repairs_resolve_update'],
      },
    ]);
    await Promise.all([1, 2, 3].map(() => acts(support, shop, 'updates/replay', update).expect(202)));
    await eventually('it to be handled', async () => {
      const entry = await backstage.entry(shop.bot, update.update_id);
      return entry?.state === 'done';
    });
    expect(await troubles('parked_updates', shop)).toEqual([]);
  });

  it('is resolved once, with a reason that the workspace can read', async () => {
    const shop = await newShop();
    const update = await park(shop);
    await support.post(`/v1/staff/tenants/${shop.tenant}/updates/resolve`, update).expect(400);
    const answers = await Promise.all([1, 2, 3].map(() => acts(support, shop, 'updates/resolve', update)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409, 409]);
    const entries = await auditOf(shop);
    expect(
      entries.find((one: { outcome: string; reason: string }) => one.outcome === 'done' && one.reason === reason),
    ).toBeDefined();
  });

  it('is not found in another workspace', async () => {
    const [shop, other] = [await newShop(), await newShop()];
    await acts(support, other, 'updates/replay', await park(shop)).expect(404);
  });
});

describe('a parked job', () => {
  const park = (shop: Shop, subject: string) =>
    backstage.query(
      `insert into jobs (tenant_id, kind, subject, queue, state, attempts, error) values ($1, 'order.deliver', $2, 'delivery', 'parked', 12, 'no')`,
      [parseId('tenant', shop.tenant), subject],
    );

  it('can be retried or resolved once, without affecting other workspaces', async () => {
    const [shop, other] = [await newShop(), await newShop()];
    const [first, second] = [newUuid(), newUuid()];
    await park(shop, first);
    await park(shop, second);
    expect(await troubles('parked_jobs', shop)).toHaveLength(2);
    const countIn = async ({ tenant }: Shop) => {
      const { body } = await support.get(`/v1/staff/operations?tenant_id=${tenant}`).expect(200);
      return body.troubles.find((one: { kind: string }) => one.kind === 'parked_jobs').count;
    };
    expect([await countIn(shop), await countIn(other)]).toEqual([2, 0]);
    const job = (subject: string) => ({ kind: 'order.deliver', subject });
    await acts(support, other, 'jobs/retry', job(first)).expect(409);
    await acts(support, shop, 'jobs/retry', job(first)).expect(202);
    const resolved = await Promise.all([1, 2].map(() => acts(support, shop, 'jobs/resolve', job(second))));
    expect(resolved.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409]);
    await eventually('an empty list', async () => (await troubles('parked_jobs', shop)).length === 0);
  });
});

/** Returns staff's view of a workspace. */
const page = async (shop: Shop) => (await risk.get(`/v1/staff/tenants/${shop.tenant}`).expect(200)).body;

describe('the kill switch', () => {
  it("stops a bot's sales and deliveries, records a payment in progress, allows refunds, and is released the same way", async () => {
    const shop = await newShop();
    const buyer = await Buyer.meets(starwall, shop.bot.telegramId);
    const invoice = await buyer.wants(shop.product);
    const [order] = await ordersOf(shop);
    expect((await acts(risk, shop, `bots/${shop.bot.id}/stop`).expect(200)).body).toMatchObject({
      reason,
      bot_id: shop.bot.id,
      bot_state: 'active',
      stops: ['sell', 'deliver', 'message', 'webhooks'],
    });
    expect(await troubles('stopped_bots', shop)).toMatchObject([{ subject: shop.bot.id, error: reason }]);
    expect((await page(shop)).bots).toMatchObject([{ stopped: { since: expect.any(String), reason } }]);
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'refused' });
    await shop.creator.post(`/v1/bots/${shop.bot.id}/pause`).expect(200);
    await shop.creator.post(`/v1/bots/${shop.bot.id}/resume`).expect(200);
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'refused' });

    await paysInFlight(shop, buyer, order.id);
    await eventually('the payment', async () => (await ordersOf(shop))[0]?.payment_state === 'paid');
    const id = parseId('order', order.id);
    await eventually('an attempt', async () => {
      const [job] = await backstage.query<{ waits: string | null }>(
        `select waits_for as waits from jobs where kind = 'order.deliver' and subject = $1`,
        [id],
      );
      return job?.waits === 'lifting';
    });
    expect((await ordersOf(shop))[0]).toMatchObject({ status: 'delivering', delivery_state: 'waiting' });

    expect((await acts(risk, shop, `bots/${shop.bot.id}/release`).expect(200)).body.stops).toEqual([]);
    expect((await page(shop)).bots).toMatchObject([{ stopped: null }]);
    expect(await troubles('stopped_bots', shop)).toEqual([]);
    await buyer.hears(/the goods/);
    await eventually('the goods', async () => (await ordersOf(shop))[0]?.status === 'delivered');
    await acts(support, shop, `orders/${order.id}/retry`).expect(404);
    expect((await buyer.heard()).filter((text) => text.includes('the goods'))).toHaveLength(1);
  });

  it('stops only an existing bot, with the permission to restrict', async () => {
    const [shop, other] = [await newShop(), await newShop()];
    await acts(support, shop, `bots/${shop.bot.id}/stop`).expect(403);
    await acts(risk, shop, `bots/${other.bot.id}/stop`).expect(404);
  });
});

describe('a bot whose webhook points elsewhere', () => {
  it('is detected by a check, listed with the time, and healthy again at the next check', async () => {
    const shop = await newShop();
    const look = () => acts(support, shop, `bots/${shop.bot.id}/look-at-webhook`).expect(202);
    await look();
    expect(await troubles('sick_webhooks', shop)).toEqual([]);
    const set = (url: string, secret: string) =>
      fetch(`${starwall.simulator.url}/bot${shop.bot.token}/setWebhook`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ url, secret_token: secret }),
      });
    const settings = starwall.simulator.world.bot(shop.bot.telegramId).webhook?.settings;
    await set('https://elsewhere.example.com/hook', 'x');
    await look();
    const [sick] = await troubles('sick_webhooks', shop);
    expect(sick).toMatchObject({
      bot_id: shop.bot.id,
      detail: 'elsewhere',
      next_step: expect.stringContaining('token'),
    });
    await look();
    expect((await troubles('sick_webhooks', shop))[0].since).toBe(sick.since);
    await set(String(settings?.url), String(settings?.secretToken));
    await look();
    expect(await troubles('sick_webhooks', shop)).toEqual([]);
  });
});
