// How long sales metrics of 30 days take in a shop with 10,000 orders, and in one with a million of which as many lie in the period.
// Prints one line of JSON. `npm run -s build` first. Usage: node bench/metrics.mjs [orders]
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import 'reflect-metadata';
import { startPostgres } from '../dist/apps/standalone/src/postgres.js';
import { Database, ensureLogin, makeDataSource, migrate } from '../dist/libs/database/src/index.js';
import { newUuid } from '../dist/libs/kernel/src/index.js';
import { MetricsService, periodOf } from '../dist/libs/sales/src/index.js';

const IN_PERIOD = 10_000;
const MANY = Number(process.argv[2] ?? 1_000_000);
/** From one order to the next, so that 10,000 of them fill 30 days. */
const STEP_MS = Math.floor((30 * 86_400_000) / IN_PERIOD);
const NOW = Date.now();

/** An id of the time of order `n`, which counts back from now. */
const id = (kind, n) =>
  `(substr(lpad(to_hex(${NOW} - ${n} * ${STEP_MS}), 12, '0'), 1, 8) || '-' || substr(lpad(to_hex(${NOW} - ${n} * ${STEP_MS}), 12, '0'), 9, 4)
    || '-7${kind}00-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
const at = (n) => `to_timestamp((${NOW} - ${n} * ${STEP_MS}) / 1000.0)`;

async function fill(client, { tenantId, botId, productId }, orders) {
  const run = (sql, ...parameters) => client.query(sql, parameters);
  await run(`insert into tenants (id, name) values ($1, 'Bench')`, tenantId);
  await run(
    `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
     values ($1, $2, 1, 'bench_bot', 'Bench', '{}', '\\x00', 'last', 'active')`,
    tenantId,
    botId,
  );
  await run(
    `insert into products (tenant_id, id, bot_id, kind, title, description, price_version, stars, content)
     values ($1, $2, $3, 'text', 'A guide', 'A guide', 1, 50, 'goods')`,
    tenantId,
    productId,
    botId,
  );
  await run(
    `insert into orders (tenant_id, id, bot_id, buyer_id, product_id, price_version, stars, state, paid_at, expires_at, created_at)
     select $1, ${id(1, 'n')}, $2, 1 + n % 1000, $3, 1, 50, case n % 2 when 0 then 'paid' else 'placed' end,
       case n % 2 when 0 then ${at('n')} end, now(), ${at('n')} from generate_series($4::bigint - 1, 0, -1) n`,
    tenantId,
    botId,
    productId,
    orders,
  );
  await run(
    `insert into entitlements (tenant_id, id, bot_id, buyer_id, product_id, order_id, charge_id, state, starts_at)
     select $1, ${id(3, 'n')}, $2, 1, $3, ${id(1, 'n')}, ${id(2, 'n')}, 'active', now() from generate_series(0, $4::bigint - 1, 2) n`,
    tenantId,
    botId,
    productId,
    orders,
  );
  await run(
    `insert into ledger_entries (tenant_id, id, bot_id, account, stars, cause, cause_id, created_at)
     select $1, gen_random_uuid(), $2, account, 50 * side, 'charge', ${id(2, 'n')}, ${at('n')}
     from generate_series(0, $3::bigint - 1, 2) n cross join (values ('telegram', 1), ('earned', -1)) as a (account, side)`,
    tenantId,
    botId,
    orders,
  );
}

/** Milliseconds of the middle one of nine. */
async function median(db, tenantId, by) {
  const day = (offset) => new Date(NOW + offset * 86_400_000).toISOString().slice(0, 10);
  const metrics = new MetricsService();
  const question = { period: periodOf(day(-29), day(1)), by };
  const times = [];
  for (let n = 0; n < 9; n += 1) {
    const began = performance.now();
    await db.inTenant(tenantId, (tx) => metrics.sales(tx, question));
    times.push(performance.now() - began);
  }
  return times.toSorted((a, b) => a - b)[4];
}

const shop = () => ({ tenantId: newUuid(), botId: newUuid(), productId: newUuid() });
const dataDir = mkdtempSync(join(tmpdir(), 'starwall-bench-'));
chmodSync(dataDir, 0o755);
const postgres = await startPostgres({ dataDir, settings: ['fsync=off', 'full_page_writes=off'], onProgress() {} });
let source;
try {
  await migrate(postgres.ownerUrl);
  await ensureLogin(postgres.ownerUrl, postgres.applicationUrl);
  const [small, large] = [shop(), shop()];
  const client = new pg.Client(postgres.ownerUrl);
  await client.connect();
  // Without looking at a million foreign keys.
  await client.query('set session_replication_role = replica');
  await fill(client, large, MANY);
  await fill(client, small, IN_PERIOD);
  await client.query('vacuum analyze');
  await client.end();
  const pool = { name: 'bench', size: 4, statementTimeoutMs: 30_000 };
  source = await makeDataSource(postgres.applicationUrl, pool).initialize();
  const db = new Database(source);
  const result = {};
  for (const by of ['day', 'product', 'bot']) {
    const [few, many] = [await median(db, small.tenantId, by), await median(db, large.tenantId, by)];
    result[by] = { ms_of_10000: Math.round(few), ms: Math.round(many), ratio: Number((many / few).toFixed(2)) };
  }
  console.log(JSON.stringify({ bench: 'metrics', orders: MANY, in_period: IN_PERIOD, ...result }));
} finally {
  await source?.destroy();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
