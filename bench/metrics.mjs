// Measures sales metrics of 30 days in a shop with 10,000 orders, and in one with a million of which 10,000 fall into the period.
// Prints one line of JSON. Run `npm run -s build` first. Usage: node bench/metrics.mjs [orders]
import { inScratch, newShop, openShop } from './scratch.mjs';
import { fillOrders } from './support/orders.mjs';
import { MetricsService, periodOf } from '../dist/libs/sales/src/index.js';

const IN_PERIOD = 10_000;
const MANY = Number(process.argv[2] ?? 1_000_000);
/** The interval between orders, so that 10,000 of them fill 30 days. */
const STEP_MS = Math.floor((30 * 86_400_000) / IN_PERIOD);
const NOW = Date.now();

const ms = (n) => `${NOW} - ${n} * ${STEP_MS}`;

async function fill(client, shop, orders) {
  await openShop(client, shop);
  await fillOrders(client, shop, { orders, buyers: 1_000, ms });
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
