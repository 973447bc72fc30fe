// Measures the cost of claiming updates from a large backlog, as ratios to a claim from a nearly empty inbox. Run after `npm run build`:
//   node bench/inbox-claim.mjs [--plan]
// Each figure is the median of interleaved rounds on a real PostgreSQL. --plan also prints EXPLAIN (ANALYZE, BUFFERS).
import pg from 'pg';
import { Database, ensureLogin, makeDataSource, migrate } from '../dist/libs/database/src/index.js';
import { InboxQueue } from '../dist/libs/journal/src/index.js';
import { LOOK } from '../dist/libs/journal/src/inbox-look.js';
import { newUuid } from '../dist/libs/kernel/src/index.js';
import { median } from './support/figures.mjs';
import { scratchPostgres } from './support/postgres.mjs';

const ROUNDS = Number(process.env['ROUNDS'] ?? 7);
const CLAIMS = 20;

/** @param waiting number of updates @param chats per bot @param bots @param ready false: all of them wait for a retry */
const scene = (name, waiting, chats, bots = 1, ready = true) => ({ name, waiting, chats, bots, ready });
const SCENES = [
  scene('nothing but the payment', 0, 1),
  scene('10,000 in one chat', 10_000, 1),
  scene('10,000 in 10,000 chats', 10_000, 10_000),
  scene('10,000 in 10,000 chats, none ready', 10_000, 10_000, 1, false),
  scene('10,000 of 1,000 bots', 10_000, 10, 1_000),
  scene('100,000 in one chat', 100_000, 1),
  scene('100,000 in 100,000 chats', 100_000, 100_000),
  scene('100,000 in 100,000 chats, none ready', 100_000, 100_000, 1, false),
  scene('100,000 of 10,000 bots', 100_000, 10, 10_000),
];

const postgres = await scratchPostgres(['fsync=off']);
await migrate(postgres.ownerUrl);
await ensureLogin(postgres.ownerUrl, postgres.applicationUrl);
const owner = new pg.Client(postgres.ownerUrl);
await owner.connect();
const source = await makeDataSource(postgres.applicationUrl, {
  name: 'bench',
  size: 2,
  statementTimeoutMs: 60_000,
}).initialize();
const db = new Database(source);

async function makeBots(count) {
  const tenantId = newUuid();
  await owner.query(`insert into tenants (id, name) values ($1, 'bench')`, [tenantId]);
  const ids = Array.from({ length: count }, () => newUuid());
  await owner.query(
    `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
     select $1, id, n, 'b', 'b', '{}', '\\x00', 'last', 'active' from unnest($2::uuid[]) with ordinality as b (id, n)`,
    [tenantId, ids],
  );
  return { tenantId, ids };
}

async function fill({ waiting, chats, bots, ready }) {
  await owner.query('truncate inbox');
  const { tenantId, ids } = await makeBots(bots);
  await owner.query(
    `insert into inbox (tenant_id, bot_id, update_id, lane, kind, body, due_at)
     select $1, ($2::uuid[])[1 + n % $3], n, 1 + (n / $3) % $4, 'message', '{}', now() + case when $5 then interval '0' else interval '1 hour' end
     from generate_series(1, $6::int) n`,
    [tenantId, ids, bots, chats, ready, waiting],
  );
  const payer = await makeBots(1);
  await owner.query(
    `insert into inbox (tenant_id, bot_id, update_id, lane, kind, body) values ($1, $2, 1, 1, 'successful_payment', '{}')`,
    [payer.tenantId, payer.ids[0]],
  );
  await owner.query('vacuum analyze inbox');
}

const claim = (queue) => db.inPlatform('bench', (tx) => queue.claim(tx, { any: 16, money: 20 }), 'soon');

/** Milliseconds per claim, and the number of claims until the quiet bot's payment was taken. */
async function measure() {
  const queue = new InboxQueue();
  const times = [];
  let paidAfter = 0;
  for (let i = 1; i <= CLAIMS; i += 1) {
    const began = performance.now();
    const { updates } = await claim(queue);
    times.push(performance.now() - began);
    if (paidAfter === 0 && updates.some((update) => update.kind === 'successful_payment')) paidAfter = i;
  }
  await owner.query(`update inbox set lease = null, lease_until = null, attempts = 0 where lease is not null`);
  return { ms: median(times), worst: Math.max(...times), paidAfter };
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
  const base = median(figures.get(SCENES[0].name).map(({ ms }) => ms));
  const rows = SCENES.map(({ name }) => {
    const of = figures.get(name);
    const ms = median(of.map((figure) => figure.ms));
    const worst = median(of.map((figure) => figure.worst));
    return {
      waiting: name,
      'ms per claim': ms.toFixed(2),
      ratio: (ms / base).toFixed(2),
      'worst ms': worst.toFixed(2),
      'payment taken by claim': Math.max(...of.map((f) => f.paidAfter)),
    };
  });
  console.table(rows);
} finally {
  await source.destroy();
  await owner.end();
  await postgres.remove();
}

async function plan(name) {
  const first = '00000000-0000-0000-0000-000000000000';
  await owner.query('begin; set local role starwall_platform');
  for (const which of ['money', 'any']) {
    const { rows } = await owner.query(`explain (analyze, buffers, costs off, timing off, summary on) ${LOOK[which]}`, [
      first,
      first,
      16,
      4,
      [],
      [],
      [],
      [],
    ]);
    const lines = rows.map((row) => row['QUERY PLAN']);
    const kept = lines.filter(
      (line) => /Index|Seq Scan|Buffers: shared/.test(line) && !/Cond|Filter|Planning/.test(line),
    );
    console.log(`\n${name}, ${which}: ${lines.at(-1)}\n${kept.join('\n')}`);
  }
  await owner.query('rollback');
}
