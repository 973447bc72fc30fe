import pg from 'pg';
import { parseId, publicId } from '../../dist/libs/kernel/src/index.js';
import { median } from '../support/figures.mjs';
import { fillOrders } from '../support/orders.mjs';

export const FEW = 1_000;
const ASKED = 9;
const DAY = 86_400_000;
const NOW = Date.now();
/** Both shops have equally many orders in the last 30 days; the rest of the large one covers the two years before. */
const PERIOD_MS = 30 * DAY;
const OLD_MS = 730 * DAY;

/** Requests of a creator to the API, with many orders in the shop and with few. */
export const manyOrders = {
  names: ['many-orders'],

  async run(bench) {
    const { starwall, settings, tell } = bench;
    await starwall.start();
    try {
      const [small, large] = await starwall.openShops(2);
      await fillShop(starwall, small, FEW);
      await fillShop(starwall, large, settings.orders);
      tell(`${settings.orders} orders are in the shop`);
      const figures = new Map(Object.keys(QUESTIONS).map((name) => [name, { ours: [], theirs: [] }]));
      for (let run = 0; run < settings.runs; run += 1) {
        for (const [name, path] of Object.entries(QUESTIONS)) {
          figures.get(name).theirs.push(await timeOf(small, path));
          figures.get(name).ours.push(await timeOf(large, path));
        }
      }
      return [...figures].map(([name, found]) => ({
        name: `many-orders ${name}`,
        row: `${name} with ${settings.orders} orders, ms`,
        ...found,
        against: `with ${FEW}`,
      }));
    } finally {
      await starwall.stop();
    }
  },
};

const day = (back) => new Date(NOW - back * DAY).toISOString().slice(0, 10);
const metrics = (group) => () => `/v1/metrics/sales?from=${day(29)}&to=${day(-1)}&group_by=${group}`;

const QUESTIONS = {
  'list of orders': () => '/v1/orders?limit=100',
  'list of a buyer': () => '/v1/orders?limit=100&buyer_telegram_id=7',
  'list of paid ones': () => '/v1/orders?limit=100&payment_state=paid',
  'search for a buyer': () => '/v1/search?q=7',
  'search for an order': ({ orderId }) => `/v1/search?q=${orderId}`,
  'metrics by day': metrics('day'),
  'metrics by product': metrics('product'),
  'metrics by bot': metrics('bot'),
};

/** The median of several calls, in milliseconds. */
async function timeOf(shop, path) {
  const times = [];
  for (let n = 0; n <= ASKED; n += 1) {
    const began = performance.now();
    await shop.creator.must('GET', path(shop));
    times.push(performance.now() - began);
  }
  // The first one may be cold.
  return median(times.slice(1));
}

/** Fills a shop with orders and buyers by SQL, and notes its newest order as `orderId`. */
export async function fillShop({ ownerUrl }, shop, orders) {
  const step = Math.floor(PERIOD_MS / FEW);
  const olderStep = Math.floor(OLD_MS / Math.max(1, orders - FEW));
  const ms = (n) =>
    `(case when ${n} < ${FEW} then ${NOW} - ${n} * ${step} else ${NOW - PERIOD_MS} - (${n} - ${FEW}) * ${olderStep} end)`;
  const [botId, productId] = [parseId('bot', shop.botId), parseId('product', shop.productId)];
  const client = new pg.Client(ownerUrl);
  await client.connect();
  try {
    await client.query('set session_replication_role = replica');
    const { rows } = await client.query('select tenant_id from bots where id = $1', [botId]);
    const tenantId = rows[0].tenant_id;
    await fillOrders(client, { tenantId, botId, productId }, { orders, buyers: orders / 10, ms });
    await client.query(
      `insert into buyers (tenant_id, bot_id, telegram_id, first_name) select $1, $2, n, 'Buyer' from generate_series(1, $3::int) n`,
      [tenantId, botId, orders / 10],
    );
    await client.query('vacuum analyze orders, buyers, entitlements, ledger_entries');
    const found = await client.query('select id from orders where tenant_id = $1 order by id desc limit 1', [tenantId]);
    shop.orderId = publicId('order', found.rows[0].id);
  } finally {
    await client.end();
  }
}
