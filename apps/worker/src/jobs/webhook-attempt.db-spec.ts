import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { EndpointService, Names, Outbound, RelayService, WebhookService } from '#libs/delivery';
import { EventStore, JOB_KINDS, JOBS, JobStore, LocalDoorbell } from '#libs/journal';
import { newUuid, publicId, systemClock } from '#libs/kernel';
import { SecretBox } from '#libs/runtime';
import { TenantStore } from '#libs/tenants';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { type ReceiverMode, WebhookReceiver } from '../../../../test/support/webhook-receiver.js';
import { JobDesk } from './job-desk.js';
import type { JobHandler } from './job-handler.js';
import { WebhookAttemptHandler } from './webhook-attempt.handler.js';

const events = new EventStore();
const jobs = new JobStore();
const bell = new LocalDoorbell();
const box = new SecretBox(randomBytes(32));

let db: Database;
let source: DataSource;
let owner: DataSource;
let receiver: WebhookReceiver;
let endpoints: EndpointService;
let relay: RelayService;
let desk: JobDesk;

class Impatient extends Outbound {
  protected override readonly limits = { connectMs: 200, totalMs: 400 };
}

beforeAll(async () => {
  Logger.overrideLogger(false);
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
  receiver = await WebhookReceiver.start();
  const outbound = new Impatient({ loopbackWebhooks: true, publicUrl: 'http://127.0.0.1:3000' }, new Names());
  endpoints = new EndpointService(db, new TenantStore(), box, outbound, jobs, bell);
  relay = new RelayService(db, events, jobs, bell);
  const handler = new WebhookAttemptHandler(new WebhookService(db, box, outbound, systemClock));
  const others: JobHandler[] = JOB_KINDS.filter((kind) => kind !== handler.kind).map((kind) => ({
    kind,
    run: () => Promise.resolve({ kind: 'done' }),
  }));
  desk = new JobDesk(db, jobs, bell, systemClock, [handler, ...others]);
});
afterAll(() => Promise.all([source.destroy(), owner.destroy(), receiver.stop()]));
beforeEach(() => owner.query(`update jobs set state = 'parked'`));

/** A tenant with an endpoint, and something that happened to it. */
async function newWebhook(mode: ReceiverMode) {
  receiver.mode = mode;
  const tenantId = newUuid();
  await owner.query(`insert into tenants (id, name) values ($1, 'A shop')`, [tenantId]);
  const { endpoint, secret } = await endpoints.create(tenantId, { url: receiver.url });
  const eventId = await happen(tenantId);
  return { tenantId, endpointId: endpoint.id, secret, eventId };
}

async function happen(tenantId: string): Promise<string> {
  const data = { object: 'order', id: publicId('order', newUuid()), title: 'Ключ 🔑' };
  const id = await db.inTenant(tenantId, (tx) => events.record(tx, { type: 'order.paid', data }));
  while ((await relay.relayOnce()) > 0);
  return id;
}

/** Tries whatever is due, once. @returns how many jobs were due */
async function attemptAll(): Promise<number> {
  const due = await db.inPlatform('a test', (tx) => jobs.claim(tx, 'webhooks', 100));
  await Promise.all(due.map((job) => desk.work(job)));
  return due.length;
}
const makeDue = (tenantId: string) =>
  owner.query(`update jobs set due_at = now() where tenant_id = $1 and state = 'waiting'`, [tenantId]);
const log = async (it: { tenantId: string; endpointId: string }) =>
  (await db.inTenant(it.tenantId, (tx) => endpoints.deliveries(tx, it.endpointId, 10)))[0];
const endpointOf = (it: { tenantId: string; endpointId: string }) =>
  db.inTenant(it.tenantId, (tx) => endpoints.get(tx, it.endpointId));

describe('a webhook', () => {
  it('arrives, signed as the official library expects, and is on record with its answer', async () => {
    const webhook = await newWebhook('ok');
    await attemptAll();
    const [got] = receiver.about(publicId('event', webhook.eventId));
    expect(new Webhook(webhook.secret).verify(got?.body ?? '', got?.headers ?? {})).toMatchObject({
      id: publicId('event', webhook.eventId),
      type: 'order.paid',
      data: { object: 'order', title: 'Ключ 🔑' },
    });
    expect(got?.headers).toMatchObject({
      'webhook-id': publicId('event', webhook.eventId),
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^Starwall\//),
    });
    expect(await log(webhook)).toMatchObject({
      delivery: { state: 'delivered', attempts: 1, nextAttemptAt: null },
      attempts: [{ number: 1, ok: true, status: 200, response: 'thanks', error: null }],
    });
    expect(await attemptAll()).toBe(0);
  });

  it('is tried ten times over three days with the same id and body, and then has failed: one row per try', async () => {
    const webhook = await newWebhook('broken');
    for (let made = 1; made <= 10; made += 1) {
      expect(await attemptAll()).toBe(1);
      const { delivery } = (await log(webhook)) ?? {};
      const wait = ((delivery?.nextAttemptAt?.getTime() ?? Date.now()) - Date.now()) / 1_000;
      const planned = (JOBS['webhook.attempt'].retries[made - 1] ?? 0) / 1_000;
      expect(Math.abs(wait - planned)).toBeLessThanOrEqual(planned * 0.2 + 1);
      await makeDue(webhook.tenantId);
    }
    expect(await attemptAll()).toBe(0);
    const record = await log(webhook);
    expect(record).toMatchObject({ delivery: { state: 'failed', attempts: 10, nextAttemptAt: null } });
    expect(record?.attempts.map((attempt) => attempt.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(record?.attempts[0]).toMatchObject({ ok: false, status: 500, response: 'out of order' });
    const got = receiver.about(publicId('event', webhook.eventId));
    expect(got).toHaveLength(10);
    expect(new Set(got.map((it) => it.body)).size).toBe(1);
    for (const { body, headers } of got)
      expect(new Webhook(webhook.secret).verify(body, headers)).toMatchObject({ type: 'order.paid' });
  });

  it.each([
    ['hang', { ok: false, status: null, response: null, error: 'no answer in time' }],
    ['redirect', { ok: false, status: 302, error: null }],
    ['huge', { ok: true, status: 200, response: 'x'.repeat(4_096) }],
    ['drip', { ok: true, status: 200, response: expect.stringMatching(/^slow\.*$/) }],
  ] as const)('to a server that answers with "%s" is judged by its status', async (mode, attempt) => {
    const webhook = await newWebhook(mode);
    await attemptAll();
    expect((await log(webhook))?.attempts).toEqual([expect.objectContaining(attempt)]);
  });

  it('waits as long as the receiver asks', async () => {
    const webhook = await newWebhook('busy');
    await attemptAll();
    const next = (await log(webhook))?.delivery.nextAttemptAt;
    expect(next?.getTime()).toBeGreaterThan(Date.now() + 7_190_000);
  });

  it('answered with 410 disables the endpoint at once, with the reason; the rest that waited for it fails', async () => {
    const webhook = await newWebhook('hang');
    await attemptAll();
    receiver.mode = 'gone';
    await happen(webhook.tenantId);
    await attemptAll();
    expect(await endpointOf(webhook)).toMatchObject({
      state: 'disabled',
      disabledBecause: expect.stringContaining('410'),
    });
    await makeDue(webhook.tenantId);
    const before = receiver.received.length;
    await attemptAll();
    expect(receiver.received).toHaveLength(before);
    const all = await db.inTenant(webhook.tenantId, (tx) => endpoints.deliveries(tx, webhook.endpointId, 10));
    expect(all.map((it) => it.delivery.state)).toEqual(['failed', 'failed']);
  });

  it('for a paused endpoint is held, and sent when the endpoint is enabled again', async () => {
    const webhook = await newWebhook('ok');
    await endpoints.update(webhook.tenantId, webhook.endpointId, { state: 'paused' });
    expect(await attemptAll()).toBe(1);
    expect(await attemptAll()).toBe(0);
    expect(await log(webhook)).toMatchObject({ delivery: { state: 'pending', attempts: 0 }, attempts: [] });
    await endpoints.update(webhook.tenantId, webhook.endpointId, { state: 'enabled' });
    expect(await attemptAll()).toBe(1);
    expect(await log(webhook)).toMatchObject({ delivery: { state: 'delivered' } });
  });

  it('of a workspace whose outbound was stopped waits, without using up its tries', async () => {
    const webhook = await newWebhook('ok');
    await owner.query(`update tenants set state = 'outbound_stopped' where id = $1`, [webhook.tenantId]);
    await attemptAll();
    expect(await log(webhook)).toMatchObject({ delivery: { state: 'pending', attempts: 0 }, attempts: [] });
    await owner.query(`update tenants set state = 'active' where id = $1`, [webhook.tenantId]);
    await makeDue(webhook.tenantId);
    await attemptAll();
    expect(await log(webhook)).toMatchObject({ delivery: { state: 'delivered', attempts: 1 } });
  });

  it('to a deleted endpoint is nobody’s business any more', async () => {
    const webhook = await newWebhook('ok');
    await endpoints.remove(webhook.tenantId, webhook.endpointId);
    expect(await attemptAll()).toBe(1);
    expect(await attemptAll()).toBe(0);
    expect(receiver.about(publicId('event', webhook.eventId))).toEqual([]);
  });

  it('whose try was taken over leaves one row, of the worker that owns it', async () => {
    const webhook = await newWebhook('ok');
    const claim = () => db.inPlatform('a test', (tx) => jobs.claim(tx, 'webhooks', 1));
    const [late] = await claim();
    await owner.query(`update jobs set lease_until = now() - interval '1 second' where tenant_id = $1`, [
      webhook.tenantId,
    ]);
    const [current] = await claim();
    await Promise.all([late, current].flatMap((job) => (job === undefined ? [] : [desk.work(job)])));
    expect((await log(webhook))?.attempts).toHaveLength(1);
    expect(await log(webhook)).toMatchObject({ delivery: { state: 'delivered', attempts: 1 } });
  });
});
