import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { EventStore, type EventType, JobStore, LocalDoorbell, ringForCommits } from '#libs/journal';
import { DAY, NotFound, newUuid, publicId, systemClock } from '#libs/kernel';
import { QuotaExhausted } from '#libs/quotas';
import { TenantRestricted, TenantStore } from '#libs/tenants';
import { openAsOwner, openTestDatabase, testBox } from '../../../../test/support/database.js';
import { eventually } from '../../../../test/support/eventually.js';
import { quotasAt } from '../../../../test/support/quotas.js';
import {
  AlertChatUnknown,
  AlertService,
  EndpointDisabled,
  EndpointLog,
  EndpointResend,
  EndpointService,
  EndpointStore,
  Names,
  Outbound,
  RelayService,
  UnsafeAddress,
} from '../index.js';
import type { NewEndpoint } from './endpoint.service.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let endpoints: EndpointService;
let relay: RelayService;
let resends: EndpointResend;
/** Resolves every name to a public address. */
class PublicNames extends Names {
  override addressesOf(): Promise<string[]> {
    return Promise.resolve(['93.184.216.34']);
  }
}

const events = new EventStore();
const store = new EndpointStore(events);
const logs = new EndpointLog(store);
const alerts = new AlertService(events, new JobStore());
const ALL_ON = { accountId: newUuid(), sales: true, failures: true, support: true };
const jobs = new JobStore();
const bell = new LocalDoorbell();
const url = 'https://shop.example.com/hook';

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  ringForCommits(db, bell);
  owner = await openAsOwner();
  const ownUrl = 'https://pay.starwall.io';
  const settings = { loopbackWebhooks: false, publicUrl: ownUrl, ingressUrl: ownUrl };
  const outbound = new Outbound(settings, new PublicNames());
  const [tenants, box] = [new TenantStore(), testBox()];
  endpoints = new EndpointService(db, tenants, quotasAt(), box, outbound, store, jobs, systemClock);
  resends = new EndpointResend(db, tenants, store, events, jobs);
  relay = new RelayService(db, events, jobs);
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

async function newTenant(state = 'active'): Promise<string> {
  const id = newUuid();
  await owner.query(`insert into tenants (id, name, state) values ($1, 'A shop', $2)`, [id, state]);
  return id;
}

const record = (tenantId: string, type: EventType, data: Record<string, unknown> = {}) =>
  db.inTenant(tenantId, (tx) => events.record(tx, { type, data }));
const relayAll = async () => {
  let taken = 0;
  for (let batch = await relay.relayOnce(); batch > 0; batch = await relay.relayOnce()) taken += batch;
  return taken;
};
const jobsOf = (tenantId: string) =>
  owner.query<Array<{ kind: string; subject: string }>>(
    'select kind, subject from jobs where tenant_id = $1 order by kind, subject',
    [tenantId],
  );
const typesIn = async (tenantId: string, id: string) => (await log(tenantId, id)).map((it) => it.eventType).toSorted();
const log = (tenantId: string, id: string) => db.inTenant(tenantId, (tx) => logs.list(tx, id, { limit: 100 }));

async function create(tenantId: string, fields: NewEndpoint) {
  const address = await endpoints.vet(fields.url);
  return db.inTenant(tenantId, (tx) => endpoints.create(tx, { ...fields, url: address }));
}

describe('an endpoint', () => {
  it('shows its secret once, and stores it encrypted', async () => {
    const tenantId = await newTenant();
    const { endpoint, secret } = await create(tenantId, { url, eventTypes: ['order.paid', 'order.paid'] });
    expect(Buffer.from(secret.replace('whsec_', ''), 'base64')).toHaveLength(32);
    expect(endpoint).toMatchObject({ url, state: 'enabled', eventTypes: ['order.paid'], disabledBecause: null });
    expect(endpoint.secretSealed.includes(secret)).toBe(false);
  });

  it.each(['http://shop.example.com/', 'https://127.0.0.1/', 'https://pay.starwall.io/x'])(
    'cannot be created with, or moved to, an unsafe address: %s',
    async (unsafe) => {
      const tenantId = await newTenant();
      const { endpoint } = await create(tenantId, { url });
      await expect(create(tenantId, { url: unsafe })).rejects.toThrow(UnsafeAddress);
      await expect(endpoints.update(tenantId, endpoint.id, { url: unsafe })).rejects.toThrow(UnsafeAddress);
    },
  );

  it('is limited to ten per workspace, even when twelve are created concurrently', async () => {
    const tenantId = await newTenant();
    const made = await Promise.allSettled(Array.from({ length: 12 }, () => create(tenantId, { url })));
    expect(made.filter((one) => one.status === 'fulfilled')).toHaveLength(10);
    await expect(create(tenantId, { url })).rejects.toThrow(QuotaExhausted);
  });

  it('changes only the given fields', async () => {
    const tenantId = await newTenant();
    const { endpoint } = await create(tenantId, { url, description: 'mine', eventTypes: ['order.paid'] });
    const changed = await endpoints.update(tenantId, endpoint.id, { url: 'https://other.example.com/' });
    expect(changed).toMatchObject({
      url: 'https://other.example.com/',
      description: 'mine',
      eventTypes: ['order.paid'],
    });
    expect(await endpoints.update(tenantId, endpoint.id, { description: null, eventTypes: [] })).toMatchObject({
      description: null,
      eventTypes: [],
    });
  });

  it('cannot be created in a locked workspace', async () => {
    const tenantId = await newTenant('locked');
    await expect(create(tenantId, { url })).rejects.toThrow(TenantRestricted);
  });

  it('cannot be seen, changed or deleted by another workspace', async () => {
    const [tenantId, other] = [await newTenant(), await newTenant()];
    const { endpoint } = await create(tenantId, { url });
    await expect(db.inTenant(other, (tx) => endpoints.get(tx, endpoint.id))).rejects.toThrow(NotFound);
    await expect(endpoints.update(other, endpoint.id, { state: 'paused' })).rejects.toThrow(NotFound);
    await expect(endpoints.remove(other, endpoint.id)).rejects.toThrow(NotFound);
    await expect(log(other, endpoint.id)).rejects.toThrow(NotFound);
    expect(await db.inTenant(other, (tx) => endpoints.list(tx))).toEqual([]);
    expect(await db.inTenant(tenantId, (tx) => endpoints.get(tx, endpoint.id))).toMatchObject({ state: 'enabled' });
  });

  it('stays paused when a pending call is answered with 410 or fails once too often', async () => {
    const tenantId = await newTenant();
    const { endpoint } = await create(tenantId, { url });
    await endpoints.update(tenantId, endpoint.id, { state: 'paused' });
    const judged = (verdict: 'gone' | 'refused', days: number) =>
      db.inTenant(tenantId, (tx) =>
        store.judge(
          tx,
          endpoint.id,
          { verdict, status: 500, error: null, durationMs: 1 },
          new Date(Date.now() + days * DAY),
        ),
      );
    await judged('refused', 0);
    await judged('refused', 6);
    await judged('gone', 6);
    const now = await db.inTenant(tenantId, (tx) => endpoints.get(tx, endpoint.id));
    expect(now).toMatchObject({ state: 'paused', disabledBecause: null });
    expect(await owner.query(`select from events where tenant_id = $1`, [tenantId])).toEqual([]);
  });

  it('is deleted together with its log', async () => {
    const tenantId = await newTenant();
    const { endpoint } = await create(tenantId, { url });
    await record(tenantId, 'order.paid');
    await relayAll();
    await endpoints.remove(tenantId, endpoint.id);
    expect(await owner.query('select from webhook_deliveries where tenant_id = $1', [tenantId])).toEqual([]);
    await expect(endpoints.remove(tenantId, endpoint.id)).rejects.toThrow(NotFound);
  });
});

describe('the relay', () => {
  it('creates a delivery and a job for every endpoint that wants the event', async () => {
    const tenantId = await newTenant();
    const all = await create(tenantId, { url });
    const paid = await create(tenantId, { url, eventTypes: ['order.paid'] });
    const refunded = await create(tenantId, { url, eventTypes: ['order.refunded'] });
    await record(tenantId, 'order.paid');
    await record(tenantId, 'order.delivered');
    await relayAll();
    expect(await typesIn(tenantId, all.endpoint.id)).toEqual(['order.delivered', 'order.paid']);
    expect(await typesIn(tenantId, paid.endpoint.id)).toEqual(['order.paid']);
    expect(await log(tenantId, refunded.endpoint.id)).toEqual([]);
    expect((await jobsOf(tenantId)).map((job) => job.kind)).toEqual(Array(3).fill('webhook.attempt'));
  });

  it('sends nothing to another workspace', async () => {
    const [tenantId, other] = [await newTenant(), await newTenant()];
    const { endpoint } = await create(other, { url });
    await record(tenantId, 'order.paid');
    await relayAll();
    expect(await log(other, endpoint.id)).toEqual([]);
  });

  it('creates no delivery for a disabled endpoint, and keeps those for a paused one', async () => {
    const tenantId = await newTenant();
    const [paused, disabled] = [await create(tenantId, { url }), await create(tenantId, { url })];
    await endpoints.update(tenantId, paused.endpoint.id, { state: 'paused' });
    await owner.query(`update endpoints set state = 'disabled' where id = $1`, [disabled.endpoint.id]);
    await record(tenantId, 'order.paid');
    await relayAll();
    expect(await log(tenantId, disabled.endpoint.id)).toEqual([]);
    expect(await log(tenantId, paused.endpoint.id)).toHaveLength(1);
  });

  it('takes each event once, even with three concurrent relays', async () => {
    const tenantId = await newTenant();
    const { endpoint } = await create(tenantId, { url });
    await relayAll();
    const rounds = 450;
    await db.inTenant(tenantId, async (tx) => {
      for (let i = 0; i < rounds; i += 1) await events.record(tx, { type: 'order.paid', data: { i } });
    });
    const taken = await Promise.all([relayAll(), relayAll(), relayAll()]);
    expect(taken.reduce((sum, n) => sum + n, 0)).toBe(rounds);
    const rows = await owner.query<Array<{ n: number; events: number }>>(
      `select count(*)::int as n, count(distinct event_id)::int as events from webhook_deliveries where endpoint_id = $1`,
      [endpoint.id],
    );
    expect(rows).toEqual([{ n: rounds, events: rounds }]);
    expect(await jobsOf(tenantId)).toHaveLength(rounds);
  });

  it('loses nothing in a crash', async () => {
    const tenantId = await newTenant();
    const { endpoint } = await create(tenantId, { url });
    await record(tenantId, 'order.paid');
    class DyingJobs extends JobStore {
      override enqueueAll(): Promise<void> {
        return Promise.reject(new Error('power cut'));
      }
    }
    await expect(new RelayService(db, events, new DyingJobs()).relayOnce()).rejects.toThrow('power cut');
    expect(await log(tenantId, endpoint.id)).toEqual([]);
    await relayAll();
    expect(await log(tenantId, endpoint.id)).toHaveLength(1);
  });

  it('notifies the buyer of a refund, and rings only the necessary bells', async () => {
    const [tenantId, refundId] = [await newTenant(), newUuid()];
    await relayAll();
    const rung: string[] = [];
    const stop = (['delivery', 'refunds', 'webhooks'] as const).map((it) => bell.listen(it, () => rung.push(it)));
    await record(tenantId, 'refund.succeeded', { id: publicId('refund', refundId) });
    await relayAll();
    for (const unlisten of stop) unlisten();
    expect(await jobsOf(tenantId)).toEqual([{ kind: 'refund.notify', subject: refundId }]);
    expect(rung).toEqual(['delivery']);
  });
});

describe('resending', () => {
  const wait = (tenantId: string, id: string) =>
    owner.query<Array<{ kind: string; lane: string }>>(
      `select kind, lane from jobs where tenant_id = $1 and subject = $2`,
      [tenantId, id],
    );
  const failAll = (tenantId: string) =>
    owner.query(
      `with gone as (delete from jobs where tenant_id = $1)
       update webhook_deliveries set state = 'failed', next_attempt_at = null where tenant_id = $1`,
      [tenantId],
    );
  const longAgo = new Date(Date.now() - 86_400_000);

  async function newLog(changes: { eventTypes?: EventType[] } = {}) {
    const tenantId = await newTenant();
    const { endpoint } = await create(tenantId, { url, ...changes });
    return { tenantId, id: endpoint.id };
  }

  it('one delivery starts a new round, in any state', async () => {
    const { tenantId, id } = await newLog();
    await record(tenantId, 'order.paid');
    await relayAll();
    await failAll(tenantId);
    const [before] = await log(tenantId, id);
    await resends.one(tenantId, id, String(before?.delivery.id));
    expect((await log(tenantId, id))[0]?.delivery).toMatchObject({ state: 'pending', round: 2 });
    expect(await wait(tenantId, String(before?.delivery.id))).toEqual([{ kind: 'webhook.attempt', lane: id }]);
    await resends.one(tenantId, id, String(before?.delivery.id));
    expect((await log(tenantId, id))[0]?.delivery).toMatchObject({ state: 'pending', round: 2 });
  });

  it('all failures does not affect other or older deliveries', async () => {
    const { tenantId, id } = await newLog();
    for (let i = 0; i < 4; i += 1) await record(tenantId, 'order.paid', { i });
    await relayAll();
    await failAll(tenantId);
    const [, second, third] = await log(tenantId, id);
    await owner.query(
      `with told as (update webhook_deliveries set state = 'delivered' where id = $1 returning tenant_id, id)
       insert into webhook_attempts (tenant_id, id, delivery_id, number, ok, duration_ms) select tenant_id, id, id, 1, true, 1 from told`,
      [second?.delivery.id],
    );
    await owner.query(`update events set created_at = now() - interval '2 days' where id = $1`, [
      third?.delivery.eventId,
    ]);
    expect(await resends.all(tenantId, id, 'failed', longAgo)).toEqual({ resent: 2, more: false });
    expect((await log(tenantId, id)).map((it) => it.delivery.state)).toEqual([
      'pending',
      'delivered',
      'failed',
      'pending',
    ]);
    expect(await resends.all(tenantId, id, 'failed', longAgo)).toEqual({ resent: 0, more: false });
  });

  it('all missing events creates each delivery once, according to the filter', async () => {
    const tenantId = await newTenant();
    await record(tenantId, 'order.paid', { i: 1 });
    await record(tenantId, 'order.refunded', { i: 2 });
    await relayAll();
    const { endpoint } = await create(tenantId, { url, eventTypes: ['order.paid'] });
    await record(tenantId, 'order.paid', { i: 3 });
    await relayAll();
    await record(tenantId, 'order.paid', { i: 4 });
    const both = await Promise.all([
      resends.all(tenantId, endpoint.id, 'missing', longAgo),
      resends.all(tenantId, endpoint.id, 'missing', longAgo),
    ]);
    expect(both.map((it) => it.resent).toSorted((a, b) => a - b)).toEqual([0, 1]);
    expect(await log(tenantId, endpoint.id)).toHaveLength(2);
    await relayAll();
    expect(await log(tenantId, endpoint.id)).toHaveLength(3);
  });

  it('an event reaches all endpoints that want it, or the given one', async () => {
    const tenantId = await newTenant();
    const eventId = await record(tenantId, 'order.paid');
    await relayAll();
    const { endpoint: wants } = await create(tenantId, { url, eventTypes: ['order.paid'] });
    const { endpoint: other } = await create(tenantId, { url, eventTypes: ['order.refunded'] });
    const { endpoint: disabled } = await create(tenantId, { url });
    await owner.query(`update endpoints set state = 'disabled' where id = $1`, [disabled.id]);
    expect(await resends.event(tenantId, eventId)).toBe(1);
    expect([await log(tenantId, wants.id), await log(tenantId, other.id)]).toMatchObject([[{}], []]);
    expect(await resends.event(tenantId, eventId, other.id)).toBe(1);
    expect(await log(tenantId, other.id)).toHaveLength(1);
    await expect(resends.event(tenantId, eventId, disabled.id)).rejects.toThrow(EndpointDisabled);
  });

  it('cannot be requested by another workspace', async () => {
    const [{ tenantId, id }, other] = [await newLog(), await newLog()];
    const eventId = await record(tenantId, 'order.paid');
    await relayAll();
    const delivery = String((await log(tenantId, id))[0]?.delivery.id);
    await expect(resends.one(other.tenantId, id, delivery)).rejects.toThrow(NotFound);
    await expect(resends.one(other.tenantId, other.id, delivery)).rejects.toThrow(NotFound);
    await expect(resends.all(other.tenantId, id, 'failed', longAgo)).rejects.toThrow(NotFound);
    await expect(resends.event(other.tenantId, eventId)).rejects.toThrow(NotFound);
    await expect(resends.event(tenantId, eventId, other.id)).rejects.toThrow(NotFound);
    await expect(resends.test(other.tenantId, id)).rejects.toThrow(NotFound);
    await expect(endpoints.rotateSecret(other.tenantId, id)).rejects.toThrow(NotFound);
  });

  it('a test event reaches only its endpoint, regardless of the filter', async () => {
    const { tenantId, id } = await newLog({ eventTypes: ['order.paid'] });
    const { endpoint: all } = await create(tenantId, { url });
    await resends.test(tenantId, id);
    await relayAll();
    expect(await typesIn(tenantId, id)).toEqual(['endpoint.test']);
    expect(await log(tenantId, all.id)).toEqual([]);
  });
});

describe('the alert chat', () => {
  async function newBuyer(tenantId: string) {
    const [botId, telegramId] = [newUuid(), Math.floor(Math.random() * 2 ** 40)];
    await owner.query(
      `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
       values ($1, $2, $3, 'shop_bot', 'Shop', '{}', '\\x00', 'last', 'active')`,
      [tenantId, botId, telegramId],
    );
    await owner.query(`insert into buyers (tenant_id, bot_id, telegram_id) values ($1, $2, $3)`, [
      tenantId,
      botId,
      telegramId,
    ]);
    return { botId, telegramId };
  }

  it('is a single person that the bot knows', async () => {
    const tenantId = await newTenant();
    const [first, second] = [await newBuyer(tenantId), await newBuyer(tenantId)];
    const set = (botId: string, telegramId: number) =>
      db.inTenant(tenantId, (tx) => alerts.setChat(tx, { ...ALL_ON, botId, telegramId }));
    await set(first.botId, first.telegramId);
    expect(await set(second.botId, second.telegramId)).toMatchObject(second);
    await expect(set(first.botId, second.telegramId)).rejects.toThrow(AlertChatUnknown);
    expect(await db.inTenant(tenantId, (tx) => alerts.chat(tx))).toMatchObject(second);
    await db.inTenant(tenantId, (tx) => alerts.removeChat(tx));
    await expect(db.inTenant(tenantId, (tx) => alerts.chat(tx))).rejects.toThrow(NotFound);
  });

  it('cannot be a person known only to another workspace', async () => {
    const [tenantId, other] = [await newTenant(), await newTenant()];
    const { botId, telegramId } = await newBuyer(other);
    await expect(db.inTenant(tenantId, (tx) => alerts.setChat(tx, { ...ALL_ON, botId, telegramId }))).rejects.toThrow(
      AlertChatUnknown,
    );
  });
});

describe('events', () => {
  it('are listed by kind and time, page by page, newest first', async () => {
    const [tenantId, other] = [await newTenant(), await newTenant()];
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      ids.unshift(await record(tenantId, i % 2 === 0 ? 'order.paid' : 'order.refunded'));
      // Ids from the same millisecond are unordered.
      const recorded = Date.now();
      await eventually('the next millisecond', async () => Date.now() > recorded);
    }
    await relayAll();
    await owner.query(`update events set created_at = now() - interval '3 hours' where id = $1`, [ids[4]]);
    const list = async (filter: object, of = tenantId) =>
      (await db.inTenant(of, (tx) => events.list(tx, { limit: 10, ...filter }))).map((event) => event.id);
    expect(await list({})).toEqual(ids);
    expect(await list({ limit: 2, after: ids[1] })).toEqual(ids.slice(2, 4));
    expect(await list({ types: ['order.refunded'] })).toEqual([ids[1], ids[3]]);
    const hourAgo = new Date(Date.now() - 3_600_000);
    expect(await list({ from: hourAgo })).toEqual(ids.slice(0, 4));
    expect(await list({ to: hourAgo })).toEqual([ids[4]]);
    expect(await list({}, other)).toEqual([]);
    await expect(db.inTenant(other, (tx) => events.get(tx, String(ids[0])))).rejects.toThrow(NotFound);
  });
});
