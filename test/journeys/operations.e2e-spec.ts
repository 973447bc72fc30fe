import { execFile } from 'node:child_process';
import { newUuid, parseId, publicId } from '#libs/kernel';
import { TROUBLES } from '#libs/operations';
import { WebhookWatch } from '#libs/tenants';
import { Backstage } from '../support/backstage.js';
import { databaseSettings } from '../support/database.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { callTelegram, successfulPayment, telegramPosts } from '../support/updates.js';

const MAIN = 'dist/commands/operations.js';

let starwall: Starwall;
let backstage: Backstage;

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
});
afterAll(async () => {
  await backstage.close();
  await starwall.stop();
});

/** Runs the built command like an operator. */
function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, ...databaseSettings() };
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}

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

const ordersOf = async ({ creator }: Shop) => (await creator.get('/v1/orders').expect(200)).body.data;
async function listed(kind: string, { tenant }: Shop): Promise<string[]> {
  const { out, err } = await run('list', kind, '--tenant', tenant);
  expect(err).toBe('');
  return out.split('\n').filter((line) => line.includes(tenant));
}

describe('stuck work', () => {
  it('is counted by kind', async () => {
    const { code, out } = await run();
    expect(code).toBe(0);
    expect(out.match(/^\w+/gm)).toEqual(TROUBLES);
  });

  it('is listed with its next step: a parked update and a failed job', async () => {
    const shop = await newShop();
    const buyer = await Buyer.meets(starwall, shop.bot.telegramId);
    await buyer.says('/help');
    const update = await eventually('a handled update', async () =>
      (await backstage.inbox(shop.bot)).find((one) => one.state === 'done'),
    );
    await backstage.query(
      `update inbox set state = 'parked', error = 'a bug', attempts = 8, handled_at = null where bot_id = $1 and update_id = $2`,
      [parseId('bot', shop.bot.id), update.update_id],
    );
    await backstage.query(
      `insert into jobs (tenant_id, kind, subject, queue, state, attempts, error) values ($1, 'order.deliver', $2, 'delivery', 'parked', 12, 'no')`,
      [parseId('tenant', shop.tenant), newUuid()],
    );
    expect(await listed('parked_updates', shop)).toEqual([
      expect.stringMatching(new RegExp(`bad .*${shop.bot.id}  ${update.update_id}  message  a bug`)),
    ]);
    expect(await listed('parked_jobs', shop)).toEqual([expect.stringMatching(/warning .*order\.deliver {2}no/)]);
    expect((await run('list', 'parked_jobs')).out).toContain('Retry the job once the cause is fixed');
    await backstage.query(
      `update inbox set state = 'done', handled_at = now() where state = 'parked' and bot_id = $1`,
      [parseId('bot', shop.bot.id)],
    );
    await backstage.query(`delete from jobs where state = 'parked' and tenant_id = $1`, [
      parseId('tenant', shop.tenant),
    ]);
    expect([await listed('parked_updates', shop), await listed('parked_jobs', shop)]).toEqual([[], []]);
  });

  it('cannot be listed by an unknown kind', async () => {
    expect(await run('list', 'everything')).toMatchObject({ code: 1, err: expect.stringContaining('parked_updates') });
  });
});

const told = async (shop: Shop, type: string) =>
  (await shop.creator.get(`/v1/events?type=${type}`).expect(200)).body.data as unknown[];

const problemsOf = async (shop: Shop) =>
  (await shop.creator.get(`/v1/bots/${shop.bot.id}/problems`).expect(200)).body.data as unknown[];

describe('the kill switch', () => {
  it("stops a bot's sales and deliveries, records a payment in progress, and is released the same way", async () => {
    const shop = await newShop();
    const buyer = await Buyer.meets(starwall, shop.bot.telegramId);
    const invoice = await buyer.wants(shop.product);
    const [order] = await ordersOf(shop);
    expect(await run('stop', shop.bot.id)).toMatchObject({ code: 1, err: expect.stringContaining('--reason') });
    expect((await run('stop', shop.bot.id, '--reason', 'it sends spam')).out).toContain('it sends spam');
    const seen = (await shop.creator.get(`/v1/bots/${shop.bot.id}`).expect(200)).body;
    expect(seen).toMatchObject({ state: 'active', stopped: { since: expect.any(String), reason: 'it sends spam' } });
    expect((await run('list', 'stopped_bots')).out).toContain('it sends spam');
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'refused' });
    await shop.creator.post(`/v1/bots/${shop.bot.id}/pause`).expect(200);
    await shop.creator.post(`/v1/bots/${shop.bot.id}/resume`).expect(200);
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'refused' });

    const paid = successfulPayment(buyer.id, { stars: 50, payload: order.id });
    expect((await telegramPosts(starwall, shop.bot, paid)).status).toBe(200);
    await eventually('an attempt', async () => {
      const [job] = await backstage.query<{ waits: string | null }>(
        `select waits_for as waits from jobs where kind = 'order.deliver' and subject = $1`,
        [parseId('order', order.id)],
      );
      return job?.waits === 'lifting';
    });
    expect((await ordersOf(shop))[0]).toMatchObject({ payment_state: 'paid', delivery_state: 'waiting' });

    // The first reason is kept.
    expect((await run('stop', shop.bot.id, '--reason', 'another')).out).toContain('it sends spam');
    expect((await run('release', shop.bot.id, '--reason', 'it was none')).code).toBe(0);
    expect((await shop.creator.get(`/v1/bots/${shop.bot.id}`).expect(200)).body.stopped).toBeNull();
    expect(await told(shop, 'bot.stopped')).toMatchObject([
      { data: { id: shop.bot.id, stopped: { reason: 'it sends spam' } }, previous_attributes: { stopped: null } },
    ]);
    expect(await told(shop, 'bot.released')).toMatchObject([{ data: { stopped: null } }]);
    const { data: audit } = (await shop.creator.get('/v1/audit-entries?limit=100').expect(200)).body;
    const switched = audit.filter(({ action }: { action: string }) => action.startsWith('staff_kill_switch'));
    expect(switched).toMatchObject([
      { action: 'staff_kill_switch_release_bot', reason: 'it was none' },
      { action: 'staff_kill_switch_stop_bot', reason: 'another' },
      {
        action: 'staff_kill_switch_stop_bot',
        reason: 'it sends spam',
        targets: expect.arrayContaining([{ kind: 'bot', id: shop.bot.id }]),
      },
    ]);
    await eventually('the goods', async () => {
      await backstage.hurryJobs(shop.bot);
      return (await ordersOf(shop))[0]?.status === 'delivered';
    });
    expect((await buyer.heard()).filter((text) => text.includes('the goods'))).toHaveLength(1);
  });

  it('needs an existing bot', async () => {
    for (const id of [publicId('tenant', newUuid()), publicId('bot', newUuid()), 'x'])
      expect(await run('stop', id, '--reason', 'a')).toMatchObject({
        code: 1,
        err: expect.stringContaining('no such'),
      });
  });
});

describe('a bot whose webhook points elsewhere', () => {
  it('is detected by a check, listed with the time, reported to its creator once, and healthy again at the next check', async () => {
    const shop = await newShop();
    const watch = starwall.app.get(WebhookWatch, { strict: false });
    const look = () => watch.look(parseId('tenant', shop.tenant) ?? '', parseId('bot', shop.bot.id) ?? '');
    await look();
    expect(await listed('sick_webhooks', shop)).toEqual([]);
    const me = await Buyer.meets(starwall, shop.bot.telegramId);
    await me.says('/start');
    const chat = { bot_id: shop.bot.id, telegram_id: me.id };
    await shop.creator.sendsAlertsTo(chat);
    const settings = starwall.simulator.world.bot(shop.bot.telegramId).webhook?.settings;
    await callTelegram(starwall, shop.bot, 'setWebhook', { url: 'https://elsewhere.example.com/hook' });
    await look();
    const sick = await listed('sick_webhooks', shop);
    expect(sick).toEqual([expect.stringContaining('elsewhere')]);
    await look();
    expect(await listed('sick_webhooks', shop)).toEqual(sick);
    const problem = { problem: 'elsewhere', host: 'elsewhere.example.com', bot_id: shop.bot.id };
    expect(await told(shop, 'bot.webhook_failing')).toMatchObject([{ data: problem }]);
    expect(await problemsOf(shop)).toMatchObject([{ kind: 'webhook_sick', subject: shop.bot.id, error: 'elsewhere' }]);
    expect(await me.hears(/may not be receiving its buyers/)).toContain('elsewhere.example.com');
    await callTelegram(starwall, shop.bot, 'setWebhook', { url: settings?.url, secret_token: settings?.secretToken });
    await look();
    expect(await listed('sick_webhooks', shop)).toEqual([]);
    expect(await told(shop, 'bot.webhook_recovered')).toMatchObject([{ data: { problem: null, since: null } }]);
    expect(await problemsOf(shop)).toEqual([]);
    await me.hears(/receives its buyers/);
  });

  it('is checked once when it is due', async () => {
    const shop = await newShop();
    const watch = starwall.app.get(WebhookWatch, { strict: false });
    // Marks the other bots as checked.
    await backstage.query(
      `insert into webhook_looks (tenant_id, bot_id, looked_at) select tenant_id, id, now() from bots where id <> $1
       on conflict (tenant_id, bot_id) do update set looked_at = excluded.looked_at`,
      [parseId('bot', shop.bot.id)],
    );
    await Promise.all([watch.round(), watch.round()]);
    const looks = (await starwall.telegram.calls(shop.bot.telegramId)).filter(
      ({ method }) => method === 'getWebhookInfo',
    );
    // One check is part of the registration.
    expect(looks.length).toBeLessThanOrEqual(2);
    const [row] = await backstage.query<{ problem: string | null }>(
      'select problem from webhook_looks where bot_id = $1',
      [parseId('bot', shop.bot.id)],
    );
    expect(row).toEqual({ problem: null });
  });
});
