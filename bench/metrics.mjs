// Measures sales metrics of 30 days in a shop with 10,000 orders, and in one with a million of which 10,000 fall into the period.
// Prints one line of JSON. Run `npm run -s build` first. Usage: node bench/metrics.mjs [orders]
import { inScratch, newShop, openShop } from './scratch.mjs';
import { MetricsService, periodOf } from '../dist/libs/sales/src/index.js';

const IN_PERIOD = 10_000;
const MANY = Number(process.argv[2] ?? 1_000_000);
/** The interval between orders, so that 10,000 of them fill 30 days. */
const STEP_MS = Math.floor((30 * 86_400_000) / IN_PERIOD);
const NOW = Date.now();

/** An id with the time of order `n`, counting back from now. */
const id = (kind, n) =>
  `(substr(lpad(to_hex(${NOW} - ${n} * ${STEP_MS}), 12, '0'), 1, 8) || '-' || substr(lpad(to_hex(${NOW} - ${n} * ${STEP_MS}), 12, '0'), 9, 4)
    || '-7${kind}00-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
const at = (n) => `to_timestamp((${NOW} - ${n} * ${STEP_MS}) / 1000.0)`;

async function fill(client, shop, orders) {
  const { tenantId, botId, productId } = shop;
  await openShop(client, shop);
  const run = (sql, ...parameters) => client.query(sql, parameters);
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

/** The median of nine runs, in milliseconds. */
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

const small = newShop();
const large = newShop();

async function measure(db) {
  const result = {};
  for (const by of ['day', 'product', 'bot']) {
    const few = await median(db, small.tenantId, by);
    const many = await median(db, large.tenantId, by);
    result[by] = { ms_of_10000: Math.round(few), ms: Math.round(many), ratio: Number((many / few).toFixed(2)) };
  }
  return result;
}

const result = await inScratch({
  fill: async (client) => {
    await fill(client, large, MANY);
    await fill(client, small, IN_PERIOD);
  },
  measure,
  statementTimeoutMs: 30_000,
});
console.log(JSON.stringify({ bench: 'metrics', orders: MANY, in_period: IN_PERIOD, ...result }));
