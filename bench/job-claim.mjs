// Measures the cost of claiming jobs while many tenants wait for later, as ratios to ten tenants. Run after `npm run build`:
//   node bench/job-claim.mjs [--plan]
// Each figure is the median of interleaved rounds on a real PostgreSQL. Fails when a claim costs more than 1.5 times as much.
// --plan also prints EXPLAIN (ANALYZE, BUFFERS).
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../dist/apps/standalone/src/postgres.js';
import { Database, ensureLogin, makeDataSource, migrate } from '../dist/libs/database/src/index.js';
import { JobStore } from '../dist/libs/journal/src/index.js';
import { RIPEN, TURNS } from '../dist/libs/journal/src/job-claim.js';

const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const CLAIMS = 40;
const AT_MOST = 1.5;

/** Each tenant has a future job in each of two queues; `due` more jobs are due now, 100 of them in one tenant. */
const scene = (tenants, due = 0) => ({ name: `${tenants} tenants, ${due} with work now`, tenants, due });
const SCENES = [10, 1_000, 10_000, 100_000].flatMap((tenants) => [scene(tenants), scene(tenants, 8)]);

const dataDir = mkdtempSync(join(tmpdir(), 'starwall-bench-'));
chmodSync(dataDir, 0o755);
const postgres = await startPostgres({ dataDir, settings: ['fsync=off'], onProgress() {} });
await migrate(postgres.ownerUrl);
await ensureLogin(postgres.ownerUrl, postgres.applicationUrl);
const owner = new pg.Client(postgres.ownerUrl);
await owner.connect();
// Without checks of foreign keys: sixty tables refer to tenants.
await owner.query('set session_replication_role = replica');
const source = await makeDataSource(postgres.applicationUrl, {
  name: 'bench',
  size: 2,
  statementTimeoutMs: 60_000,
}).initialize();
const db = new Database(source);

async function fill({ tenants, due }) {
  await owner.query('truncate jobs; delete from tenants');
  await owner.query(
    `insert into tenants (id, name) select gen_random_uuid(), 'bench' from generate_series(1, $1::int)`,
    [tenants],
  );
  await owner.query(
    `insert into jobs (tenant_id, kind, subject, queue, due_at)
     select t.id, k.kind, gen_random_uuid(), k.queue, now() + random() * interval '1 hour' + interval '1 hour'
     from tenants t cross join (values ('bot.reconcile', 'books'), ('subscription.watch', 'delivery')) k (kind, queue)`,
  );
  if (due > 0)
    await owner.query(
      `insert into jobs (tenant_id, kind, subject, queue, due_at, ripe)
       select t.id, 'order.deliver', gen_random_uuid(), 'delivery', now(), true
       from (select id, row_number() over () as n from tenants limit $1) t cross join lateral generate_series(1, case n when 1 then 100 else 12 end)`,
      [due],
    );
  await owner.query('vacuum analyze jobs');
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Milliseconds per claim of one job, and the number of tenants served. */
async function measure() {
  const jobs = new JobStore();
  const times = [];
  const served = new Set();
  for (let i = 0; i < CLAIMS; i += 1) {
    const began = performance.now();
    const claim = await db.inPlatform('bench', (tx) => jobs.claim(tx, 'delivery', 1), 'soon');
    times.push(performance.now() - began);
    for (const job of claim.jobs) served.add(job.tenantId);
  }
  await owner.query('update jobs set lease = null, lease_until = null, attempts = 0 where lease is not null');
  return { ms: median(times), worst: Math.max(...times), served: served.size };
}

const figures = new Map(SCENES.map(({ name }) => [name, []]));
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const each of SCENES) {
      await fill(each);
      if (round === 0) await measure();
      figures.get(each.name).push(await measure());
      if (round === 0 && process.argv.includes('--plan')) await plan(each.name);
    }
  }
  const base = (due) => median(figures.get(scene(10, due).name).map(({ ms }) => ms));
  const rows = SCENES.map(({ name, due }) => {
    const of = figures.get(name);
    const ms = median(of.map((figure) => figure.ms));
    return {
      waiting: name,
      'ms per claim': ms.toFixed(2),
      ratio: (ms / base(due)).toFixed(2),
      'worst ms': median(of.map((figure) => figure.worst)).toFixed(2),
      'tenants served': `${Math.min(...of.map((figure) => figure.served))} of ${due}`,
    };
  });
  console.table(rows);
  if (rows.some((row) => Number(row.ratio) > AT_MOST)) {
    console.error(`A claim costs more than ${AT_MOST} times as much as with ten tenants.`);
    process.exitCode = 1;
  }
} finally {
  await source.destroy();
  await owner.end();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function plan(name) {
  const first = '00000000-0000-0000-0000-000000000000';
  await owner.query('begin; set local role starwall_platform');
  for (const [which, sql, values] of [
    ['ripen', RIPEN, ['delivery']],
    ['turns', TURNS, ['delivery', first, first]],
  ]) {
    const { rows } = await owner.query(`explain (analyze, buffers, costs off, timing off, summary on) ${sql}`, values);
    const lines = rows.map((row) => row['QUERY PLAN']);
    const kept = lines.filter(
      (line) => /Index|Seq Scan|Buffers: shared/.test(line) && !/Cond|Filter|Planning/.test(line),
    );
    console.log(`\n${name}, ${which}: ${lines.at(-1)}\n${kept.join('\n')}`);
  }
  await owner.query('rollback');
}
