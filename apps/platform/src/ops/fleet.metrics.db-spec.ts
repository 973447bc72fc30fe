import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { EventStore, InboxStore, JobStore } from '#libs/journal';
import { newUuid, systemClock } from '#libs/kernel';
import { TroubleReader } from '#libs/operations';
import { ALL_ROOMS } from '#libs/rooms';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, type Shop } from '../../../../test/support/shop.js';
import { FleetMetrics } from './fleet.metrics.js';

let source: DataSource;
let db: Database;
let shop: Shop;
const jobs = new JobStore();

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  shop = await openShop(db);
});
afterAll(() => source.destroy());

const fleetOf = (database: Database, clock = systemClock) =>
  new FleetMetrics(database, new TroubleReader(ALL_ROOMS), clock);

/** Refreshes the metrics, and returns a lookup of their values by name and labels. */
async function shown(fleet: FleetMetrics): Promise<(name: string) => number> {
  await fleet.refresh();
  const lines = (await fleet.registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const values = new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
  return (name) => values.get(`starwall_${name}`) ?? Number.NaN;
}

it('waiting updates, events and jobs are counted by state, with the age of the oldest', async () => {
  const before = await shown(fleetOf(db));
  const { tenantId, botId } = shop;
  const update = { tenantId, botId, updateId: 71, lane: 5, kind: 'message', body: '{}' };
  await db.inPlatform('a test', (tx) => new InboxStore().store(tx, [update]));
  const [due, held] = [newUuid(), newUuid()];
  await shop.in(async (tx) => {
    await new EventStore().record(tx, { type: 'endpoint.test', data: {} });
    const late = { kind: 'mail.send', subject: due, dueAt: new Date(Date.now() - 90_000) } as const;
    const later = { kind: 'mail.send', subject: newUuid(), dueAt: new Date(Date.now() + 90_000) } as const;
    await jobs.enqueue(tx, [late, later]);
    await jobs.enqueueMine(tx, { kind: 'refund.execute', subject: held });
  });

  const after = await shown(fleetOf(db));
  const grown = (name: string) => after(name) - before(name);
  expect(grown('waiting{what="inbox"}')).toBe(1);
  expect(grown('waiting{what="outbox"}')).toBe(1);
  expect(after('oldest_waiting_seconds{what="inbox"}')).toBeGreaterThan(0);
  expect(grown('jobs{kind="mail.send",state="due"}')).toBe(1);
  expect(grown('jobs{kind="refund.execute",state="in_work"}')).toBe(1);
  expect(after('jobs{kind="refund.execute",state="parked"}')).toBe(0);
  expect(after('oldest_due_job_seconds{queue="delivery"}')).toBeGreaterThanOrEqual(90);
  expect(after('oldest_due_job_seconds{queue="refunds"}')).toBe(0);
  expect(after('trouble{kind="parked_updates"}')).toBe(0);
});

it('the database is queried at most once in five seconds, and the previous values remain while it is unavailable', async () => {
  let now = new Date('2026-06-01T12:00:00Z');
  const clock = { now: () => now };
  const own = await openTestDatabase();
  const fleet = fleetOf(own.db, clock);
  const waiting = (await shown(fleet))('waiting{what="outbox"}');
  await shop.in((tx) => new EventStore().record(tx, { type: 'endpoint.test', data: {} }));
  expect((await shown(fleet))('waiting{what="outbox"}')).toBe(waiting);

  await own.source.destroy();
  now = new Date(now.getTime() + 60_000);
  const away = await shown(fleet);
  expect(away('waiting{what="outbox"}')).toBe(waiting);
  expect(away('fleet_age_seconds')).toBe(60);

  await own.source.initialize();
  now = new Date(now.getTime() + 60_000);
  const back = await shown(fleet);
  expect(back('waiting{what="outbox"}')).toBe(waiting + 1);
  expect(back('fleet_age_seconds')).toBe(0);
  await own.source.destroy();
});
