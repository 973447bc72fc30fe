import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { EventStore, type EventType, JobStore, LocalDoorbell } from '#libs/journal';
import { NotFound, newUuid, publicId } from '#libs/kernel';
import { SecretBox } from '#libs/runtime';
import { TenantRestricted, TenantStore } from '#libs/tenants';
import { openAsOwner, openTestDatabase } from '../../../test/support/database.js';
import {
  EndpointService,
  MAX_ENDPOINTS,
  Names,
  Outbound,
  RelayService,
  TooManyEndpoints,
  UnsafeAddress,
} from './index.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let endpoints: EndpointService;
let relay: RelayService;
const events = new EventStore();
const jobs = new JobStore();
const bell = new LocalDoorbell();
const url = 'https://shop.example.com/hook';

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
  const outbound = new Outbound({ loopbackWebhooks: false, publicUrl: 'https://pay.starwall.io' }, new Names());
  endpoints = new EndpointService(db, new TenantStore(), new SecretBox(randomBytes(32)), outbound, jobs, bell);
  relay = new RelayService(db, events, jobs, bell);
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
const log = (tenantId: string, id: string) => db.inTenant(tenantId, (tx) => endpoints.deliveries(tx, id, 100));

describe('an endpoint', () => {
  it('shows its secret once; the database holds it sealed', async () => {
    const tenantId = await newTenant();
    const { endpoint, secret } = await endpoints.create(tenantId, { url, eventTypes: ['order.paid', 'order.paid'] });
    expect(Buffer.from(secret.replace('whsec_', ''), 'base64')).toHaveLength(32);
    expect(endpoint).toMatchObject({ url, state: 'enabled', eventTypes: ['order.paid'], disabledBecause: null });
    expect(endpoint.secretSealed.includes(secret)).toBe(false);
  });

  it.each(['http://shop.example.com/', 'https://127.0.0.1/', 'https://pay.starwall.io/x'])(
    'is not made, and not moved, to an unsafe address: %s',
    async (unsafe) => {
      const tenantId = await newTenant();
      const { endpoint } = await endpoints.create(tenantId, { url });
      expect(() => endpoints.create(tenantId, { url: unsafe })).toThrow(UnsafeAddress);
      await expect(endpoints.update(tenantId, endpoint.id, { url: unsafe })).rejects.toThrow(UnsafeAddress);
    },
  );

  it('is one of ten at most, also when twelve are made at once', async () => {
    const tenantId = await newTenant();
    const made = await Promise.allSettled(Array.from({ length: 12 }, () => endpoints.create(tenantId, { url })));
    expect(made.filter((one) => one.status === 'fulfilled')).toHaveLength(MAX_ENDPOINTS);
    await expect(endpoints.create(tenantId, { url })).rejects.toThrow(TooManyEndpoints);
  });

  it('changes only what it is told', async () => {
    const tenantId = await newTenant();
    const { endpoint } = await endpoints.create(tenantId, { url, description: 'mine', eventTypes: ['order.paid'] });
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

  it('is not changed in a workspace that is locked', async () => {
    const tenantId = await newTenant('locked');
    await expect(endpoints.create(tenantId, { url })).rejects.toThrow(TenantRestricted);
  });

  it('cannot be seen, changed or deleted by another workspace', async () => {
    const [tenantId, other] = [await newTenant(), await newTenant()];
    const { endpoint } = await endpoints.create(tenantId, { url });
    await expect(db.inTenant(other, (tx) => endpoints.get(tx, endpoint.id))).rejects.toThrow(NotFound);
    await expect(endpoints.update(other, endpoint.id, { state: 'paused' })).rejects.toThrow(NotFound);
    await expect(endpoints.remove(other, endpoint.id)).rejects.toThrow(NotFound);
    await expect(log(other, endpoint.id)).rejects.toThrow(NotFound);
    expect(await db.inTenant(other, (tx) => endpoints.list(tx))).toEqual([]);
    expect(await db.inTenant(tenantId, (tx) => endpoints.get(tx, endpoint.id))).toMatchObject({ state: 'enabled' });
  });

  it('is deleted together with its log', async () => {
    const tenantId = await newTenant();
    const { endpoint } = await endpoints.create(tenantId, { url });
    await record(tenantId, 'order.paid');
    await relayAll();
    await endpoints.remove(tenantId, endpoint.id);
    expect(await owner.query('select from webhook_deliveries where tenant_id = $1', [tenantId])).toEqual([]);
    await expect(endpoints.remove(tenantId, endpoint.id)).rejects.toThrow(NotFound);
  });
});

describe('the relay', () => {
  it('makes a delivery and a job for every endpoint that wants the event', async () => {
    const tenantId = await newTenant();
    const all = await endpoints.create(tenantId, { url });
    const paid = await endpoints.create(tenantId, { url, eventTypes: ['order.paid'] });
    const refunded = await endpoints.create(tenantId, { url, eventTypes: ['order.refunded'] });
    await record(tenantId, 'order.paid');
    await record(tenantId, 'order.delivered');
    await relayAll();
    expect(await typesIn(tenantId, all.endpoint.id)).toEqual(['order.delivered', 'order.paid']);
    expect(await typesIn(tenantId, paid.endpoint.id)).toEqual(['order.paid']);
    expect(await log(tenantId, refunded.endpoint.id)).toEqual([]);
    expect((await jobsOf(tenantId)).map((job) => job.kind)).toEqual(Array(3).fill('webhook.attempt'));
  });

  it('tells nobody in another workspace', async () => {
    const [tenantId, other] = [await newTenant(), await newTenant()];
    const { endpoint } = await endpoints.create(other, { url });
    await record(tenantId, 'order.paid');
    await relayAll();
    expect(await log(other, endpoint.id)).toEqual([]);
  });

  it('makes nothing for a disabled endpoint, and keeps what a paused one missed', async () => {
    const tenantId = await newTenant();
    const [paused, disabled] = [await endpoints.create(tenantId, { url }), await endpoints.create(tenantId, { url })];
    await endpoints.update(tenantId, paused.endpoint.id, { state: 'paused' });
    await owner.query(`update endpoints set state = 'disabled' where id = $1`, [disabled.endpoint.id]);
    await record(tenantId, 'order.paid');
    await relayAll();
    expect(await log(tenantId, disabled.endpoint.id)).toEqual([]);
    expect(await log(tenantId, paused.endpoint.id)).toHaveLength(1);
  });

  it('takes each event once, even when three relays run at the same time', async () => {
    const tenantId = await newTenant();
    const { endpoint } = await endpoints.create(tenantId, { url });
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

  it('loses nothing when it dies half-way', async () => {
    const tenantId = await newTenant();
    const { endpoint } = await endpoints.create(tenantId, { url });
    await record(tenantId, 'order.paid');
    class DyingJobs extends JobStore {
      override enqueueAll(): Promise<void> {
        return Promise.reject(new Error('power cut'));
      }
    }
    await expect(new RelayService(db, events, new DyingJobs(), bell).relayOnce()).rejects.toThrow('power cut');
    expect(await log(tenantId, endpoint.id)).toEqual([]);
    await relayAll();
    expect(await log(tenantId, endpoint.id)).toHaveLength(1);
  });

  it('has the buyer told of a refund, and rings only the bells that concern somebody', async () => {
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
