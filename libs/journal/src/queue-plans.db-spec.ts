import type { DataSource } from 'typeorm';
import { Database, makeDataSource, type PlatformTx, type TenantTx } from '#libs/database';
import { newUuid } from '#libs/kernel';
import { openAsOwner, testDatabaseUrl } from '../../../test/support/database.js';
import { openShop, type Shop } from '../../../test/support/shop.js';
import { type ClaimedJob, type ClaimedUpdate, EventStore, InboxQueue, JobStore } from './index.js';

/** The number of rows that a statement may read while {@link FLOOD} rows wait, all of one bot. */
const FEW_ROWS = 1_200;
const FLOOD = 10_000;
/** PostgreSQL keeps a plan from the sixth execution on; a statement is named from the third on. */
const UNTIL_PLANNED = 9;

let owner: DataSource;
let source: DataSource;
let db: Database;
let shop: Shop;
const [inbox, jobs, events] = [new InboxQueue(), new JobStore(), new EventStore()];

beforeAll(async () => {
  owner = await openAsOwner();
  // A single connection keeps the plans of the quiet time.
  source = await makeDataSource(testDatabaseUrl(), {
    name: 'plans',
    size: 1,
    statementTimeoutMs: 30_000,
  }).initialize();
  db = new Database(source, undefined, true);
  shop = await openShop(db);
});
afterAll(async () => {
  await Promise.all([source.destroy(), owner.destroy()]);
});

const TABLES = ['inbox', 'jobs', 'events'];

/** Empties the queues, and updates the statistics of the planner. */
async function quiet(): Promise<void> {
  for (const table of TABLES) await owner.query(`delete from ${table}`);
  for (const table of TABLES) await owner.query(`vacuum (analyze) ${table}`);
}

async function fill(count: number): Promise<void> {
  const { tenantId, botId } = shop;
  await owner.query(
    `insert into inbox (tenant_id, bot_id, update_id, lane, kind, body) select $1, $2, n, n, 'message', '{}' from generate_series(1, $3) n`,
    [tenantId, botId, count],
  );
  await owner.query(
    `insert into jobs (tenant_id, kind, subject, queue, due_at, ripe, lane) select $1, 'order.deliver', gen_random_uuid(), 'delivery', now(), true,
       '00000000-0000-0000-0000-000000000000' from generate_series(1, $2)`,
    [tenantId, count],
  );
  await owner.query(
    `insert into events (tenant_id, id, type, data) select $1, gen_random_uuid(), 'bot.updated', '{}' from generate_series(1, $2)`,
    [tenantId, count],
  );
}

const rowsRead = async (tx: PlatformTx | TenantTx): Promise<number> => {
  const [row] = await tx.query<{ rows: number }>(
    `select sum(seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_xact_user_tables where relname = any($1) or relname like 'events\\_%'`,
    [TABLES],
  );
  return row?.rows ?? 0;
};

/** @returns the number of queue rows that `work` reads */
const inQueue = (work: (tx: PlatformTx) => Promise<unknown>) =>
  db.inPlatform('a test', (tx) => work(tx).then(() => rowsRead(tx)), 'soon');
const inTenant = (work: (tx: TenantTx) => Promise<unknown>) =>
  db.inTenant(shop.tenantId, (tx) => work(tx).then(() => rowsRead(tx)));

const LEASED = `lease = gen_random_uuid(), lease_until = now() + interval '1 minute', attempts = 1`;

async function leasedUpdates(count: number): Promise<ClaimedUpdate[]> {
  const [rows] = await owner.query<[ClaimedUpdate[]]>(
    `update inbox set ${LEASED} where (bot_id, update_id) in (select bot_id, update_id from inbox where state = 'waiting' and lease is null limit $1)
     returning tenant_id as "tenantId", bot_id as "botId", update_id as "updateId", kind, body, attempts, lease`,
    [count],
  );
  return rows;
}

async function leasedJobs(count: number): Promise<ClaimedJob[]> {
  const [rows] = await owner.query<[ClaimedJob[]]>(
    `update jobs set ${LEASED} where subject in (select subject from jobs where lease is null limit $1)
     returning tenant_id as "tenantId", kind, subject, queue, attempts, lease`,
    [count],
  );
  return rows;
}

const first = <T>(rows: readonly T[]): T => {
  const [row] = rows;
  if (row === undefined) throw new Error('nothing is leased');
  return row;
};

/** The statements of a queue whose cost must not depend on other waiting work. Each returns the number of rows that it read. */
const STATEMENTS: Readonly<Record<string, () => Promise<number>>> = {
  'claiming updates': () => inQueue((tx) => inbox.claim(tx, { any: 4, money: 4 })),
  'keeping updates': async () => {
    const updates = await leasedUpdates(2);
    return inQueue((tx) => inbox.extend(tx, updates));
  },
  'marking updates together': async () => {
    const updates = await leasedUpdates(2);
    return inQueue((tx) => inbox.doneAll(tx, updates));
  },
  'marking an update': async () => {
    const update = first(await leasedUpdates(1));
    return inTenant((tx) => inbox.done(tx, update));
  },
  'retrying an update': async () => {
    const update = first(await leasedUpdates(1));
    return inTenant((tx) => inbox.retry(tx, update, 60_000, 'not now'));
  },
  'putting an update back': async () => {
    const updates = await leasedUpdates(1);
    return inTenant((tx) => inbox.release(tx, updates));
  },
  'claiming jobs': () => inQueue((tx) => jobs.claim(tx, 'delivery', 4)),
  'keeping jobs': async () => {
    const leases = (await leasedJobs(2)).map(({ lease }) => lease);
    return inQueue((tx) => jobs.extend(tx, leases));
  },
  'completing a job': async () => {
    const job = first(await leasedJobs(1));
    return inTenant((tx) => jobs.complete(tx, job));
  },
  'retrying a job': async () => {
    const job = first(await leasedJobs(1));
    return inTenant((tx) => jobs.retry(tx, job, 60_000, 'not now'));
  },
  'putting a job back': async () => {
    const job = first(await leasedJobs(1));
    return inTenant((tx) => jobs.release(tx, job));
  },
  'enqueueing jobs': () => inTenant((tx) => jobs.enqueue(tx, [{ kind: 'order.deliver', subject: newUuid() }])),
  'enqueueing jobs of all tenants': () =>
    inQueue((tx) => jobs.enqueueAll(tx, [{ tenantId: shop.tenantId, kind: 'order.deliver', subject: newUuid() }])),
  'enqueueing a job for itself': () =>
    inTenant((tx) => jobs.enqueueMine(tx, { kind: 'order.deliver', subject: newUuid() })),
  'hastening jobs': async () => {
    const { kind, subject, tenantId } = first(await leasedJobs(1));
    return inQueue((tx) => jobs.hasten(tx, [{ tenantId, kind, subject, notBefore: new Date() }]));
  },
  'relaying events': () => inQueue((tx) => events.take(tx, 4)),
};

it.each(Object.entries(STATEMENTS))(
  '%s reads few rows in a flood, with a plan from a quiet time',
  async (_what, run) => {
    await quiet();
    await fill(2 * UNTIL_PLANNED);
    for (let time = 0; time < UNTIL_PLANNED; time += 1) await run();
    await owner.query('delete from inbox');
    await fill(FLOOD);
    expect(await run()).toBeLessThan(FEW_ROWS);
  },
);
