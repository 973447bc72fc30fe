import type { DataSource } from 'typeorm';
import { Database, makeDataSource, type TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { newUuid } from '#libs/kernel';
import { openAsOwner, testBox, testDatabaseUrl } from '../../../../test/support/database.js';
import { Names, Outbound } from '../outbound/outbound.service.js';
import { EndpointStore } from './endpoint.store.js';
import { type Attempt, WebhookService } from './webhooks.service.js';

/** The number of rows that a statement may read while {@link FLOOD} rows wait, all for one endpoint. */
const FEW_ROWS = 500;
const FLOOD = 10_000;
/** PostgreSQL keeps a plan from the sixth execution on; a statement is named from the third on. */
const UNTIL_PLANNED = 9;

const [tenantId, endpointId] = [newUuid(), newUuid()];
let owner: DataSource;
let source: DataSource;
let db: Database;
let webhooks: WebhookService;
/** The number of rows that the last transaction of {@link webhooks} or {@link inTenant} read, in all tables. */
let read = 0;

async function inTenant<T>(work: (tx: TenantTx) => Promise<T>): Promise<T> {
  return db.inTenant(tenantId, async (tx) => {
    const result = await work(tx);
    const [row] = await tx.query<{ rows: number }>(
      'select sum(seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_xact_user_tables',
    );
    read = row?.rows ?? 0;
    return result;
  });
}

beforeAll(async () => {
  owner = await openAsOwner();
  // A single connection keeps the plans of the quiet time.
  const pool = { name: 'plans', size: 1, statementTimeoutMs: 30_000 };
  source = await makeDataSource(testDatabaseUrl(), pool).initialize();
  db = new Database(source, undefined, true);
  const watched = { inTenant: (_tenantId: string, work: (tx: TenantTx) => Promise<unknown>) => inTenant(work) };
  const outbound = new Outbound(
    { loopbackWebhooks: true, publicUrl: 'http://127.0.0.1:3000', ingressUrl: 'http://127.0.0.1:3001' },
    new Names(),
  );
  const store = new EndpointStore(new EventStore());
  const clock = { now: () => new Date() };
  webhooks = new WebhookService(watched as Database, testBox(), outbound, store, { livemode: false }, clock);
  await owner.query(`insert into tenants (id, name) values ($1, 'A shop')`, [tenantId]);
  await owner.query(
    `insert into endpoints (tenant_id, id, url, secret_sealed) values ($1, $2, 'https://starwall.example/', '\\x00')`,
    [tenantId, endpointId],
  );
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

const TABLES = ['webhook_attempts', 'webhook_deliveries', 'events'];

/** Leaves a few rows, because deliveries are kept for weeks, and updates the statistics of the planner. */
async function quiet(state: string): Promise<void> {
  for (const table of TABLES) await owner.query(`delete from ${table}`);
  await fill(2 * UNTIL_PLANNED, state);
  for (const table of TABLES) await owner.query(`vacuum (analyze) ${table}`);
}

/** Adds events, each with a delivery in this state that was attempted once. Their foreign keys are not checked. */
async function fill(count: number, state: string): Promise<void> {
  await owner.transaction(async (manager) => {
    await manager.query('set local session_replication_role = replica');
    await manager.query(
      `with event as (
       insert into events (tenant_id, id, type, data) select $1, gen_random_uuid(), 'bot.updated', '{}' from generate_series(1, $3::int)
       returning id
     ), delivery as (
       insert into webhook_deliveries (tenant_id, id, endpoint_id, event_id, state, next_attempt_at, attempts)
       select $1, gen_random_uuid(), $2, id, $4, case when $4 = 'pending' then now() end, 1 from event returning id
     )
     insert into webhook_attempts (tenant_id, id, delivery_id, number, ok, duration_ms)
     select $1, gen_random_uuid(), id, 1, false, 1 from delivery`,
      [tenantId, endpointId, count, state],
    );
  });
}

/** Returns a delivery in this state. Runs outside the counted transactions. */
async function anyIn(state: string): Promise<string> {
  const rows = await owner.query<{ id: string }[]>('select id from webhook_deliveries where state = $1 limit 1', [
    state,
  ]);
  return rows[0]?.id ?? '';
}

const attemptAt = (deliveryId: string, verdict: Attempt['verdict']): Attempt => ({
  deliveryId,
  endpointId,
  url: 'https://starwall.example/',
  signedAt: new Date(),
  bodySha256: Buffer.alloc(32),
  bodyBytes: 1,
  verdict,
  status: verdict === 'accepted' ? 204 : 500,
  response: null,
  error: null,
  durationMs: 1,
  afterMs: undefined,
});

/** Each transaction of an attempt, with the state of its delivery. */
const STATEMENTS = {
  'reading the facts of a webhook': ['delivered', (id) => webhooks.attempt(tenantId, id, 'webhooks')],
  'recording an accepted webhook': ['pending', (id) => record(attemptAt(id, 'accepted'), undefined)],
  'recording a refused webhook': ['pending', (id) => record(attemptAt(id, 'refused'), new Date())],
  'giving up a webhook': ['pending', (id) => inTenant((tx) => webhooks.giveUp(tx, id))],
} as const satisfies Readonly<Record<string, readonly [string, (deliveryId: string) => Promise<unknown>]>>;

const record = (attempt: Attempt, next: Date | undefined) => inTenant((tx) => webhooks.record(tx, attempt, next));

it.each(Object.entries(STATEMENTS))(
  '%s reads few rows in a flood, with a plan from a quiet time',
  async (_what, run) => {
    const [state, work] = run;
    const once = async () => {
      read = 0;
      await work(await anyIn(state));
      return read;
    };
    await quiet(state);
    for (let time = 0; time < UNTIL_PLANNED; time += 1) await once();
    await fill(FLOOD, state);
    const rows = await once();
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(FEW_ROWS);
  },
);
