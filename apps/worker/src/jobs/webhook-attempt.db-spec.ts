import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import {
  AlertService,
  EndpointLog,
  EndpointResend,
  EndpointService,
  EndpointStore,
  Names,
  Outbound,
  RelayService,
  WebhookService,
} from '#libs/delivery';
import { EventStore, type EventType, JOB_KINDS, JOBS, JobStore, type Queue } from '#libs/journal';
import { type Clock, DAY, HOUR, newUuid, publicId } from '#libs/kernel';
import { TenantStore } from '#libs/tenants';
import { openAsOwner, openTestDatabase, testBox } from '../../../../test/support/database.js';
import { quotasAt } from '../../../../test/support/quotas.js';
import { type ReceiverMode, WebhookReceiver } from '../../../../test/support/webhook-receiver.js';
import { JobDesk } from './job-desk.js';
import type { JobHandler } from './job-handler.js';
import { WebhookAttemptHandler } from './webhook-attempt.handler.js';

const events = new EventStore();
const jobs = new JobStore();
const box = testBox();
const tenants = new TenantStore();
const store = new EndpointStore(events);
const logs = new EndpointLog(store);
const alerts = new AlertService(events, new JobStore());

/** Milliseconds by which a test moves the clock. */
let later = 0;
const clock: Clock = { now: () => new Date(Date.now() + later) };

let db: Database;
let source: DataSource;
let owner: DataSource;
let receiver: WebhookReceiver;
let endpoints: EndpointService;
let relay: RelayService;
let resends: EndpointResend;
let desk: JobDesk;
let service: WebhookService;

/** The time limit for a server that never ends its response. */
const SHORT_MS: Partial<Record<ReceiverMode, number>> = { hang: 400, drip: 1_500 };

class Impatient extends Outbound {
  protected override readonly limits = {
    connectMs: 15_000,
    get totalMs() {
      return SHORT_MS[receiver.mode] ?? 15_000;
    },
  };
}

beforeAll(async () => {
  Logger.overrideLogger(false);
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
  receiver = await WebhookReceiver.start();
  const outbound = new Impatient(
    { loopbackWebhooks: true, publicUrl: 'http://127.0.0.1:3000', ingressUrl: 'http://127.0.0.1:3001' },
    new Names(),
  );
  endpoints = new EndpointService(db, tenants, quotasAt(), box, outbound, store, jobs, clock);
  resends = new EndpointResend(db, tenants, store, events, jobs);
  relay = new RelayService(db, events, jobs);
  const config = { livemode: false };
  service = new WebhookService(db, box, outbound, store, config, clock);
  const handler = new WebhookAttemptHandler(service);
  const others: JobHandler[] = JOB_KINDS.filter((kind) => kind !== handler.kind).map((kind) => ({
    kind,
    run: () => Promise.resolve({ kind: 'done' }),
  }));
  desk = new JobDesk(db, jobs, clock, [handler, ...others]);
});
afterAll(() => Promise.all([source.destroy(), owner.destroy(), receiver.stop()]));
beforeEach(async () => {
  later = 0;
  await owner.query(`update jobs set state = 'parked'`);
});

/** Creates a tenant with an endpoint and one event. */
async function newWebhook(mode: ReceiverMode) {
  receiver.mode = mode;
  const tenantId = newUuid();
  await owner.query(`insert into tenants (id, name) values ($1, 'A shop')`, [tenantId]);
  const { endpoint, secret } = await db.inTenant(tenantId, (tx) => endpoints.create(tx, { url: receiver.url }));
  const eventId = await recordEvent(tenantId);
  return { tenantId, endpointId: endpoint.id, secret, eventId };
}

async function recordEvent(tenantId: string): Promise<string> {
  const data = { object: 'order', id: publicId('order', newUuid()), title: 'Ключ 🔑' };
  const id = await db.inTenant(tenantId, (tx) => events.record(tx, { type: 'order.paid', data }));
  while ((await relay.relayOnce()) > 0);
  return id;
}

/** Attempts all due deliveries once. @returns the number of due jobs */
async function attemptAll(queue: Queue = 'webhooks'): Promise<number> {
  const { jobs: due } = await db.inPlatform('a test', (tx) => jobs.claim(tx, queue, 100));
  await Promise.all(due.map((job) => desk.work(job)));
  return due.length;
}
const makeDue = (tenantId: string) =>
  owner.query(`update jobs set due_at = now() where tenant_id = $1 and state = 'waiting'`, [tenantId]);
const log = async (it: { tenantId: string; endpointId: string }) =>
  (await db.inTenant(it.tenantId, (tx) => logs.list(tx, it.endpointId, { limit: 10 })))[0];
const endpointOf = (it: { tenantId: string; endpointId: string }) =>
  db.inTenant(it.tenantId, (tx) => endpoints.get(tx, it.endpointId));

describe('a webhook', () => {
  it('arrives with a signature that the official library accepts, and is logged with its response', async () => {
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

  it('is attempted ten times over three days with the same id and body, one row per attempt, and then fails', async () => {
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
    ['hang', { ok: false, status: null, response: null, error: 'no response in time' }],
    ['redirect', { ok: false, status: 302, error: null }],
    ['huge', { ok: true, status: 200, response: 'x'.repeat(4_096) }],
    ['drip', { ok: true, status: 200, response: expect.stringMatching(/^slow\.*$/) }],
  ] as const)('is judged by its status when the server responds with "%s"', async (mode, attempt) => {
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

  it('disables the endpoint at once when answered with 410, with the reason, and all waiting deliveries fail', async () => {
    const webhook = await newWebhook('hang');
    await attemptAll();
    receiver.mode = 'gone';
    await recordEvent(webhook.tenantId);
    await attemptAll();
    expect(await endpointOf(webhook)).toMatchObject({
      state: 'disabled',
      disabledBecause: expect.stringContaining('410'),
    });
    await makeDue(webhook.tenantId);
    const before = receiver.received.length;
    await attemptAll();
    expect(receiver.received).toHaveLength(before);
    const all = await db.inTenant(webhook.tenantId, (tx) => logs.list(tx, webhook.endpointId, { limit: 10 }));
    // The third delivery is for the event about the first failure.
    expect(all.map((it) => it.delivery.state)).toEqual(['failed', 'failed', 'failed']);
  });

  it('is held while its endpoint is paused, and sent when the endpoint is enabled again', async () => {
    const webhook = await newWebhook('ok');
    await endpoints.update(webhook.tenantId, webhook.endpointId, { state: 'paused' });
    expect(await attemptAll()).toBe(1);
    expect(await attemptAll()).toBe(0);
    expect(await log(webhook)).toMatchObject({ delivery: { state: 'pending', attempts: 0 }, attempts: [] });
    await endpoints.update(webhook.tenantId, webhook.endpointId, { state: 'enabled' });
    expect(await attemptAll()).toBe(1);
    expect(await log(webhook)).toMatchObject({ delivery: { state: 'delivered' } });
  });

  it('waits, without using up attempts, while outbound calls of its workspace are stopped', async () => {
    const webhook = await newWebhook('ok');
    await owner.query(`update tenants set state = 'outbound_stopped' where id = $1`, [webhook.tenantId]);
    await attemptAll();
    expect(await log(webhook)).toMatchObject({ delivery: { state: 'pending', attempts: 0 }, attempts: [] });
    await owner.query(`update tenants set state = 'active' where id = $1`, [webhook.tenantId]);
    await makeDue(webhook.tenantId);
    await attemptAll();
    expect(await log(webhook)).toMatchObject({ delivery: { state: 'delivered', attempts: 1 } });
  });

  it('is dropped when its endpoint is deleted', async () => {
    const webhook = await newWebhook('ok');
    await endpoints.remove(webhook.tenantId, webhook.endpointId);
    expect(await attemptAll()).toBe(1);
    expect(await attemptAll()).toBe(0);
    expect(receiver.about(publicId('event', webhook.eventId))).toEqual([]);
  });

  it('cannot be given up after its arrival', async () => {
    const webhook = await newWebhook('ok');
    await attemptAll();
    const { delivery } = (await log(webhook)) ?? {};
    await db.inTenant(webhook.tenantId, (tx) => service.giveUp(tx, String(delivery?.id)));
    expect((await log(webhook))?.delivery).toMatchObject({ state: 'delivered', attempts: 1 });
  });

  it('leaves one row when another worker takes over its attempt', async () => {
    const webhook = await newWebhook('ok');
    const claim = async () => (await db.inPlatform('a test', (tx) => jobs.claim(tx, 'webhooks', 1))).jobs;
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

describe("the rotation of an endpoint's secret", () => {
  const signed = (webhook: { eventId: string }) => {
    const got = receiver.about(publicId('event', webhook.eventId)).at(-1);
    return (secret: string) => new Webhook(secret).verify(got?.body ?? '', got?.headers ?? {});
  };

  it('signs with both secrets for 24 hours, and with the new one alone afterwards', async () => {
    const webhook = await newWebhook('ok');
    const { secret } = await endpoints.rotateSecret(webhook.tenantId, webhook.endpointId);
    await attemptAll();
    expect(signed(webhook)(webhook.secret)).toMatchObject({ id: publicId('event', webhook.eventId) });
    expect(signed(webhook)(secret)).toMatchObject({ id: publicId('event', webhook.eventId) });
    // The library rejects messages from the future, so the test ends the overlap instead of moving the clock.
    await owner.query(`update endpoints set previous_secret_until = now() - interval '1 second' where id = $1`, [
      webhook.endpointId,
    ]);
    const after = { eventId: await recordEvent(webhook.tenantId) };
    await attemptAll();
    expect(() => signed(after)(webhook.secret)).toThrow();
    expect(signed(after)(secret)).toMatchObject({ type: 'order.paid' });
  });

  it('keeps one previous secret: a second rotation drops the first', async () => {
    const webhook = await newWebhook('ok');
    const { secret: second } = await endpoints.rotateSecret(webhook.tenantId, webhook.endpointId);
    const { secret: third, endpoint } = await endpoints.rotateSecret(webhook.tenantId, webhook.endpointId);
    await attemptAll();
    expect(() => signed(webhook)(webhook.secret)).toThrow();
    for (const secret of [second, third]) expect(signed(webhook)(secret)).toMatchObject({ type: 'order.paid' });
    const until = (endpoint.previousSecretUntil?.getTime() ?? 0) - Date.now();
    expect(Math.abs(until - DAY)).toBeLessThan(60_000);
    for (const secret of [webhook.secret, second, third])
      expect(endpoint.previousSecretSealed?.includes(secret)).toBe(false);
  });
});

describe('an endpoint that fails continuously', () => {
  const toldOf = (webhook: { tenantId: string }, type: EventType) =>
    db.inTenant(webhook.tenantId, (tx) => events.list(tx, { types: [type], limit: 10 }));
  const fail = async (webhook: { tenantId: string }) => {
    await recordEvent(webhook.tenantId);
    await attemptAll();
  };

  it('is disabled after five days, with an event that warns the creator', async () => {
    const webhook = await newWebhook('broken');
    await attemptAll();
    const failing = await toldOf(webhook, 'endpoint.failing');
    expect(failing).toMatchObject([{ data: { failure: 'the endpoint answered 500' } }]);
    later = 5 * DAY - HOUR;
    await fail(webhook);
    expect(await endpointOf(webhook)).toMatchObject({ state: 'enabled', failingSince: expect.any(Date) });
    later = 5 * DAY + HOUR;
    await fail(webhook);
    expect(await endpointOf(webhook)).toMatchObject({
      state: 'disabled',
      disabledBecause: expect.stringContaining('five days'),
    });
    while ((await relay.relayOnce()) > 0);
    const [told, ...rest] = await toldOf(webhook, 'endpoint.disabled');
    expect(rest).toEqual([]);
    expect(told).toMatchObject({
      data: { object: 'endpoint', id: publicId('endpoint', webhook.endpointId), state: 'disabled' },
      previous: { state: 'enabled', disabled_because: null },
    });
    expect(JSON.stringify(told)).not.toContain('whsec_');
    const waiting = await owner.query(`select subject from jobs where tenant_id = $1 and kind = 'alert.send'`, [
      webhook.tenantId,
    ]);
    expect(await toldOf(webhook, 'endpoint.failing')).toEqual(failing);
    expect(new Set(waiting.map(({ subject }: { subject: string }) => subject))).toEqual(
      new Set([failing[0]?.id, told?.id]),
    );
    expect(await db.inTenant(webhook.tenantId, (tx) => alerts.about(tx, String(told?.id), new Date()))).toBeUndefined();
  });

  it('is reset by one success', async () => {
    const webhook = await newWebhook('broken');
    await attemptAll();
    later = 4 * DAY;
    receiver.mode = 'ok';
    await fail(webhook);
    expect(await endpointOf(webhook)).toMatchObject({ failingSince: null });
    later = 6 * DAY;
    receiver.mode = 'broken';
    await fail(webhook);
    const { state, failingSince } = await endpointOf(webhook);
    expect(state).toBe('enabled');
    expect(failingSince?.getTime()).toBeGreaterThan(Date.now() + 5 * DAY);
  });

  it('starts over when it is enabled again, and can be sent missed events', async () => {
    const webhook = await newWebhook('gone');
    await attemptAll();
    const missed = await recordEvent(webhook.tenantId);
    receiver.mode = 'ok';
    await endpoints.update(webhook.tenantId, webhook.endpointId, { state: 'enabled' });
    expect(await endpointOf(webhook)).toMatchObject({ state: 'enabled', disabledBecause: null, failingSince: null });
    const since = new Date(Date.now() - HOUR);
    await resends.all(webhook.tenantId, webhook.endpointId, 'failed', since);
    await resends.all(webhook.tenantId, webhook.endpointId, 'missing', since);
    await attemptAll();
    for (const eventId of [webhook.eventId, missed]) {
      const got = receiver.about(publicId('event', eventId)).at(-1);
      expect(new Webhook(webhook.secret).verify(got?.body ?? '', got?.headers ?? {})).toMatchObject({
        id: publicId('event', eventId),
      });
    }
  });
});

describe('a resent delivery', () => {
  it('keeps its id after an earlier success, and both attempts are logged with their bodies', async () => {
    const webhook = await newWebhook('ok');
    await attemptAll();
    const id = String((await log(webhook))?.delivery.id);
    await resends.one(webhook.tenantId, webhook.endpointId, id);
    await attemptAll();
    const [first, second] = receiver.about(publicId('event', webhook.eventId));
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    const record = await log(webhook);
    expect(record?.delivery).toMatchObject({ state: 'delivered', attempts: 2, round: 2 });
    const sha256 = createHash('sha256')
      .update(first?.body ?? '')
      .digest();
    for (const attempt of record?.attempts ?? [])
      expect(attempt).toMatchObject({
        url: receiver.url,
        bodySha256: sha256,
        bodyBytes: Buffer.byteLength(first?.body ?? ''),
      });
  });
});
