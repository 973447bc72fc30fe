import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { EndpointService, EndpointStore, Names, Outbound, RelayService, WebhookService } from '#libs/delivery';
import { EventStore, JOB_KINDS, JobStore, LocalDoorbell, ringForCommits } from '#libs/journal';
import { HOUR, newUuid, systemClock } from '#libs/kernel';
import { Stopping } from '#libs/process';
import { TenantStore } from '#libs/tenants';
import { openAsOwner, openTestDatabase, testBox } from '../../../../test/support/database.js';
import { eventually } from '../../../../test/support/eventually.js';
import { quotasAt } from '../../../../test/support/quotas.js';
import { WebhookReceiver } from '../../../../test/support/webhook-receiver.js';
import { JobDesk } from './job-desk.js';
import type { JobHandler } from './job-handler.js';
import { JobRunner } from './job-runner.js';
import { WebhookAttemptHandler } from './webhook-attempt.handler.js';

/** Never times out, so calls that hang block forever. */
class Patient extends Outbound {
  protected override readonly limits = { connectMs: HOUR, totalMs: HOUR };
}

const events = new EventStore();
const jobs = new JobStore();
const bell = new LocalDoorbell();

let db: Database;
let source: DataSource;
let owner: DataSource;
let endpoints: EndpointService;
let relay: RelayService;
let runner: JobRunner;
let desk: JobDesk;
/** Never answers. */
let hanging: WebhookReceiver;
let healthy: WebhookReceiver;

beforeAll(async () => {
  Logger.overrideLogger(false);
  ({ db, source } = await openTestDatabase());
  ringForCommits(db, bell);
  owner = await openAsOwner();
  const store = new EndpointStore(events);
  const box = testBox();
  const outbound = new Patient(
    { loopbackWebhooks: true, publicUrl: 'http://127.0.0.1:3000', ingressUrl: 'http://127.0.0.1:3001' },
    new Names(),
  );
  endpoints = new EndpointService(db, new TenantStore(), quotasAt(), box, outbound, store, jobs, systemClock);
  relay = new RelayService(db, events, jobs);
  const config = { livemode: false };
  const handler = new WebhookAttemptHandler(new WebhookService(db, box, outbound, store, config, systemClock));
  const others: JobHandler[] = JOB_KINDS.filter((kind) => kind !== handler.kind).map((kind) => ({
    kind,
    run: () => Promise.resolve({ kind: 'done' }),
  }));
  desk = new JobDesk(db, jobs, systemClock, [handler, ...others]);
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

beforeEach(async () => {
  await owner.query(`update jobs set state = 'parked'`);
  [hanging, healthy] = await Promise.all([WebhookReceiver.start('hang'), WebhookReceiver.start('ok')]);
  runner = new JobRunner(db, jobs, bell, desk, new Stopping());
});
afterEach(async () => {
  await hanging.stop();
  await runner.beforeApplicationShutdown();
  await healthy.stop();
});

async function newTenant(...urls: string[]) {
  const tenantId = newUuid();
  await owner.query(`insert into tenants (id, name) values ($1, 'A shop')`, [tenantId]);
  for (const url of urls) await db.inTenant(tenantId, (tx) => endpoints.create(tx, { url }));
  return tenantId;
}

/** Records events, which the relay turns into deliveries. */
async function recordEvents(tenantId: string, times: number): Promise<void> {
  await db.inTenant(tenantId, async (tx) => {
    for (let i = 0; i < times; i += 1) await events.record(tx, { type: 'order.paid', data: { object: 'order', i } });
  });
  while ((await relay.relayOnce()) > 0);
}

const attemptsOf = async (tenants: readonly string[]) =>
  (await owner.query('select from webhook_attempts where tenant_id = any($1::uuid[])', [tenants])).length;

describe('tenants whose endpoints hang', () => {
  it('do not delay another tenant, whose deliveries all arrive meanwhile', async () => {
    const bad = await Promise.all(Array.from({ length: 6 }, () => newTenant(hanging.url)));
    for (const tenantId of bad) await recordEvents(tenantId, 10);
    runner.onApplicationBootstrap();
    await eventually('all of them to hang', async () => hanging.received.length >= 12);
    const good = await newTenant(healthy.url);
    for (let i = 1; i <= 20; i += 1) {
      await recordEvents(good, 1);
      await eventually(`delivery ${i}`, async () => healthy.received.length === i);
    }
    expect(hanging.received).toHaveLength(12);
  });

  it('occupy places for at most two seconds, even if there are more tenants than places', async () => {
    const bad = await Promise.all(Array.from({ length: 16 }, () => newTenant(hanging.url)));
    for (const tenantId of bad) await recordEvents(tenantId, 2);
    runner.onApplicationBootstrap();
    await eventually('every place is taken', async () => hanging.received.length >= 24);
    const good = await newTenant(healthy.url);
    await recordEvents(good, 5);
    await eventually('all have arrived', async () => healthy.received.length === 5);
  });
});

describe('an endpoint', () => {
  it('is called at most twice at a time, without delaying another endpoint of its tenant', async () => {
    const tenantId = await newTenant(hanging.url, healthy.url);
    await recordEvents(tenantId, 10);
    runner.onApplicationBootstrap();
    await eventually('the other has everything', async () => healthy.received.length === 10);
    expect(hanging.received).toHaveLength(2);
  });

  it('is called once at a time if it was slow last time, and all slow ones share a quarter of the places', async () => {
    const slow = await Promise.all(Array.from({ length: 10 }, () => newTenant(hanging.url)));
    for (const tenantId of slow) await recordEvents(tenantId, 2);
    // They become slow after their deliveries were queued with the others.
    await owner.query(`update endpoints set slow = true where tenant_id = any($1::uuid[])`, [slow]);
    runner.onApplicationBootstrap();
    const good = await newTenant(healthy.url);
    await recordEvents(good, 10);
    await eventually('the healthy one has everything', async () => healthy.received.length === 10);
    await eventually('the slow ones have their own queue', async () => {
      const others = `select from jobs where queue = 'webhooks' and tenant_id = any($1::uuid[])`;
      return (await owner.query(others, [slow])).length === 0;
    });
    await eventually('the slow ones are called', async () => hanging.received.length >= 8);
    const held = await owner.query<Array<{ tenant_id: string; queue: string }>>(
      'select tenant_id, queue from jobs where lease is not null and lease_until > now() and tenant_id = any($1::uuid[])',
      [slow],
    );
    expect(held.map((job) => job.queue)).toEqual(Array(8).fill('slow-webhooks'));
    expect(new Set(held.map((job) => job.tenant_id)).size).toBe(8);
    expect(hanging.received).toHaveLength(8);
  });

  it('is no longer slow after a fast response', async () => {
    const tenantId = await newTenant(healthy.url);
    await owner.query('update endpoints set slow = true where tenant_id = $1', [tenantId]);
    await recordEvents(tenantId, 3);
    runner.onApplicationBootstrap();
    await eventually('all have arrived', async () => (await attemptsOf([tenantId])) === 3);
    const [endpoint] = await db.inTenant(tenantId, (tx) => endpoints.list(tx));
    expect(endpoint).toMatchObject({ slow: false, failingSince: null });
  });
});
