import type { DataSource } from 'typeorm';
import { type Database, partitionedUntil } from '#libs/database';
import { DAY, newUuid, newUuidBeside } from '#libs/kernel';
import { Rounds, Stopping } from '#libs/process';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { PartitionSweeper } from './partition.sweeper.js';

let db: Database;
let source: DataSource;
let owner: DataSource;

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

const TABLES = ['events', 'webhook_deliveries', 'webhook_attempts'] as const;

const sweepAt = (time: number) =>
  new PartitionSweeper(db, new Rounds(new Stopping()), { now: () => new Date(time) }).sweep();
const partitionedTo = () => db.inPlatform('a test', partitionedUntil);
const nameOf = (table: string, month: number) =>
  `${table}_${new Date(month).toISOString().slice(0, 7).replace('-', '_')}`;
const everyTable = (month: number) => Object.fromEntries(TABLES.map((table) => [table, [nameOf(table, month)]]));
/** @returns the start of the first month without a partition, and of the two after it */
async function comingMonths() {
  const edge = await partitionedTo();
  return [0, 1, 2].map((n) => Date.UTC(edge.getUTCFullYear(), edge.getUTCMonth() + n)) as [number, number, number];
}

/** @returns the partitions that contain rows of this tenant, by table */
const placesOf = async (tenantId: string) => {
  const places: Record<string, string[]> = {};
  for (const table of TABLES) {
    const rows: { name: string }[] = await owner.query(
      `select tableoid::regclass::text as name from ${table} where tenant_id = $1`,
      [tenantId],
    );
    places[table] = rows.map(({ name }) => name.replace('starwall_partitions.', ''));
  }
  return places;
};

/** Creates an event at this time, with a delivery and an attempt. */
async function eventAt(time: number, relayed = true) {
  const [tenantId, event, endpoint] = [newUuid(), newUuid(time), newUuid()];
  await owner.query(`insert into tenants (id, name) values ($1, 'A shop')`, [tenantId]);
  const delivery = newUuidBeside(event);
  await owner.query(
    `insert into endpoints (tenant_id, id, url, secret_sealed) values ($1, $2, 'https://a.example', '')`,
    [tenantId, endpoint],
  );
  await owner.query(
    `insert into events (tenant_id, id, type, data, created_at, relayed_at) values ($1, $2, 'order.paid', '{}', $3, case when $4 then now() end)`,
    [tenantId, event, new Date(time), relayed],
  );
  await owner.query(
    `insert into webhook_deliveries (tenant_id, id, endpoint_id, event_id, state) values ($1, $2, $3, $4, 'delivered')`,
    [tenantId, delivery, endpoint, event],
  );
  await owner.query(
    `insert into webhook_attempts (tenant_id, id, delivery_id, number, ok, duration_ms) values ($1, $2, $3, 1, true, 1)`,
    [tenantId, newUuidBeside(delivery), delivery],
  );
  return { tenantId, event, endpoint };
}

const NONE = { events: [], webhook_deliveries: [], webhook_attempts: [] };

it('the sweeper creates the partitions of the next 45 days once, with concurrent processes', async () => {
  const [month, next] = await comingMonths();
  expect((await sweepAt(month - 45 * DAY - 1)).made).toEqual([]);
  const runs = await Promise.all([1, 2, 3].map(() => sweepAt(month - 45 * DAY)));
  expect(runs.flatMap((run) => run.made).toSorted()).toEqual(TABLES.map((table) => nameOf(table, month)).toSorted());
  expect(await partitionedTo()).toEqual(new Date(next));
});

it('the sweeper drops a month 91 days after its end, no sooner, and keeps the next one', async () => {
  const [month, next] = await comingMonths();
  await sweepAt(month);
  const [old, young] = [await eventAt(next - DAY), await eventAt(next)];
  await sweepAt(next + 91 * DAY - 1);
  expect(await placesOf(old.tenantId)).toEqual(everyTable(month));
  const { dropped } = await sweepAt(next + 91 * DAY);
  expect(dropped).toEqual(['webhook_attempts', 'webhook_deliveries', 'events'].map((table) => nameOf(table, month)));
  expect(await placesOf(old.tenantId)).toEqual(NONE);
  expect(await placesOf(young.tenantId)).toEqual(everyTable(next));
});

it('the sweeper keeps a month while one of its events is not relayed', async () => {
  const [month, next] = await comingMonths();
  await sweepAt(month);
  const { tenantId } = await eventAt(month, false);
  await sweepAt(next + 91 * DAY);
  expect((await placesOf(tenantId))['events']).toEqual([nameOf('events', month)]);
  await owner.query('update events set relayed_at = now() where tenant_id = $1', [tenantId]);
  await sweepAt(next + 91 * DAY);
  expect(await placesOf(tenantId)).toEqual(NONE);
});

it('rows without a partition are stored, and moved when the partition is created', async () => {
  const [month] = await comingMonths();
  const { tenantId } = await eventAt(month);
  expect(await placesOf(tenantId)).toEqual({
    events: ['events_other'],
    webhook_deliveries: ['webhook_deliveries_other'],
    webhook_attempts: ['webhook_attempts_other'],
  });
  await sweepAt(month);
  expect(await placesOf(tenantId)).toEqual(everyTable(month));
});

it('the sweeper deletes old relayed events whose ids contain another time, with their deliveries', async () => {
  const [gone, waiting] = [await eventAt(2 ** 47), await eventAt(2 ** 47, false)];
  for (const { tenantId } of [gone, waiting])
    await owner.query(`update events set created_at = '2001-01-01' where tenant_id = $1`, [tenantId]);
  await sweepAt(Date.now());
  expect(await placesOf(gone.tenantId)).toEqual(NONE);
  expect((await placesOf(waiting.tenantId))['events']).toEqual(['events_other']);
  // A waiting event would fail the check of the books, because this test has no relay.
  await owner.query(`update events set relayed_at = now() where tenant_id = $1`, [waiting.tenantId]);
});

it('each partition of events and deliveries has a unique index', async () => {
  const [month] = await comingMonths();
  await sweepAt(month);
  const without: { name: string }[] = await owner.query(
    `select p.name from partitions() p where p.parent <> 'webhook_attempts' and not exists (
       select from pg_index i where i.indrelid = ('starwall_partitions.' || p.name)::regclass and i.indisunique and not i.indisprimary)`,
  );
  expect(without).toEqual([]);
  const { tenantId, event, endpoint } = await eventAt(month);
  const again = `insert into webhook_deliveries (tenant_id, id, endpoint_id, event_id) values ($1, $2, $3, $4)`;
  await expect(owner.query(again, [tenantId, newUuidBeside(event), endpoint, event])).rejects.toThrow('unique');
  const numbered = `insert into events (tenant_id, id, type, data, order_id, sequence)
    select '${tenantId}', id, 'order.paid', '{}', '${event}', 1 from unnest('{${newUuid(month)},${newUuid(month)}}'::uuid[]) id`;
  const withoutOrder = `begin; set local session_replication_role = replica; ${numbered}; rollback`;
  await expect(owner.query(withoutOrder)).rejects.toThrow('unique');
});
