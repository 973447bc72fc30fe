// Streams a statement of a million lines from a temporary database and prints one line of JSON: lines per second, and the growth of the
// process. Run `npm run -s build` first. Usage: node --expose-gc bench/statement.mjs [lines] [milliseconds per chunk]
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inScratch, newShop, openShop } from './scratch.mjs';
import { periodOf, StatementService } from '../dist/libs/sales/src/index.js';

const LINES = Number(process.argv[2] ?? 1_000_000);
/** Simulates a slow reader: milliseconds per 64 KiB. */
const SLOWNESS_MS = Number(process.argv[3] ?? 0);
/** One line in ten is a refund. */
const REFUNDS = Math.floor(LINES / 10);
const CHARGES = LINES - REFUNDS;

const shop = newShop();
const { tenantId, botId, productId } = shop;
const id = (kind, n) => `('01980000-000${kind}-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

async function fill(client) {
  await openShop(client, shop);
  const run = (sql, ...parameters) => client.query(sql, parameters);
  await run(
    'insert into price_versions (tenant_id, product_id, version, stars) values ($1, $2, 1, 50)',
    tenantId,
    productId,
  );
  await run(
    'insert into buyers (tenant_id, bot_id, telegram_id) select $1, $2, n from generate_series(1, 1000) n',
    tenantId,
    botId,
  );
  await run(
    `insert into orders (tenant_id, id, bot_id, buyer_id, product_id, price_version, stars, state, paid_at, expires_at)
     select $1, ${id(1, 'n')}, $2, 1 + n % 1000, $3, 1, 50, 'paid', now(), now() from generate_series(1, $4::bigint) n`,
    tenantId,
    botId,
    productId,
    CHARGES,
  );
  await run(
    `insert into charges (tenant_id, id, bot_id, telegram_charge_id, order_id, buyer_id, stars, payload, match, state, source, occurred_at)
     select $1, ${id(2, 'n')}, $2, 'stxbench' || md5(n::text) || md5((-n)::text), ${id(1, 'n')}, 1 + n % 1000, 50, '', 'order', 'paid',
       'update', now() from generate_series(1, $3::bigint) n`,
    tenantId,
    botId,
    CHARGES,
  );
  await run(
    `insert into refunds (tenant_id, id, charge_id, order_id, state, requested_by)
     select $1, ${id(3, 'n')}, ${id(2, 'n')}, ${id(1, 'n')}, 'refunded', 'bench' from generate_series(1, $2::bigint) n`,
    tenantId,
    REFUNDS,
  );
  const entries = (cause, kind, count, sign) =>
    run(
      `insert into ledger_entries (tenant_id, id, bot_id, account, stars, cause, cause_id, created_at)
       select $1, gen_random_uuid(), $2, account, 50 * side, '${cause}', ${id(kind, 'n')}, now() - n * interval '20 seconds'
       from generate_series(1, $3::bigint) n cross join (values ('telegram', ${sign}), ('earned', ${-sign})) as a (account, side)`,
      tenantId,
      botId,
      count,
    );
  await entries('charge', 2, CHARGES, 1);
  await entries('refund', 3, REFUNDS, -1);
}

const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

async function measure(statements) {
  const period = periodOf(day(-364), day(1));
  const [bot, began] = [[tenantId, botId], performance.now()];
  const { totals } = await statements.statement(...bot, period);
  const totalsMs = performance.now() - began;

  globalThis.gc?.();
  const rss = process.memoryUsage.rss();
  let peak = rss;
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  let [bytes, lines, stars, rest] = [0, -1, 0, ''];
  const reader = new Writable({
    write(chunk, _, done) {
      bytes += chunk.length;
      const parts = (rest + chunk.toString('latin1')).split('\r\n');
      rest = parts.pop();
      lines += parts.length;
      for (const part of parts) stars += Number(part.split(',')[3]) || 0;
      if (SLOWNESS_MS === 0) done();
      else setTimeout(done, (SLOWNESS_MS * chunk.length) / 65_536);
    },
  });
  const start = performance.now();
  await pipeline(Readable.from(await statements.csv(...bot, period), { objectMode: false }), reader);
  const seconds = (performance.now() - start) / 1_000;
  clearInterval(sampler);
  return {
    lines,
    megabytes: Math.round(bytes / 1e6),
    seconds: Number(seconds.toFixed(1)),
    lines_per_second: Math.round(lines / seconds),
    rss_before_mb: Math.round(rss / 1e6),
    rss_growth_mb: Math.round((peak - rss) / 1e6),
    totals_ms: Math.round(totalsMs),
    equal_to_ledger: stars === totals.net && lines === totals.charges.count + totals.refunds.count,
  };
}

const result = await inScratch({
  fill,
  measure: (db) => measure(new StatementService(db)),
  statementTimeoutMs: 10_000,
});
console.log(JSON.stringify({ bench: 'statement', ...result }));
