import type { DataSource } from 'typeorm';
import type { Database, TenantTx } from '#libs/database';
import { openAsOwner, openTestDatabase } from '../../../test/support/database.js';
import { ALL_ROOMS } from '#libs/rooms';
import { openShop, type Shop } from '../../../test/support/shop.js';
import { ObligationReader } from './obligation.reader.js';

let db: Database;
let source: DataSource;
let owner: DataSource;

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

/** Returns PostgreSQL's plan of the queries that `ask` makes. */
async function planOf(tx: TenantTx, ask: (tx: TenantTx) => Promise<unknown>): Promise<string> {
  const plans: string[] = [];
  const explaining = Object.assign(Object.create(tx) as TenantTx, {
    query: async (sql: string, values: unknown[]) => {
      const rows = await tx.query<Record<string, string>>(`explain ${sql}`, values);
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
      return [];
    },
  });
  await ask(explaining);
  return plans.join('\n');
}

/** Creates many orders of a shop. */
async function fill({ tenantId, botId, productId }: Shop, columns: string, values: string, count: number) {
  await owner.query(
    `insert into buyers (tenant_id, bot_id, telegram_id, first_name) select $1, $2, n, 'B' from generate_series(1, 500) n
     on conflict do nothing`,
    [tenantId, botId],
  );
  await owner.query(
    `insert into orders (tenant_id, id, bot_id, product_id, buyer_id, price_version, stars, expires_at, ${columns})
     select $1, gen_random_uuid(), $2, $3, n % 500 + 1, 1, 50, now() + random() * interval '1 day', ${values} from generate_series(1, ${count}) n`,
    [tenantId, botId, productId],
  );
}

it('the obligations of a bot are found without reading all orders and refunds', async () => {
  const [shop, busy] = [await openShop(db), await openShop(db)];
  await fill(shop, 'state, delivery, paid_at, delivered_at', `'paid', 'delivered', now(), now()`, 10_000);
  await fill(busy, 'state, approved_at', `'approved', now()`, 5_000);
  await owner.query(
    `insert into charges (tenant_id, id, bot_id, telegram_charge_id, order_id, buyer_id, stars, payload, match, state, source, occurred_at)
     select tenant_id, gen_random_uuid(), bot_id, 'c' || id, id, buyer_id, stars, id::text, 'order', 'refunded', 'update', now()
     from orders where tenant_id = $1`,
    [shop.tenantId],
  );
  await owner.query(
    `insert into refunds (tenant_id, id, charge_id, order_id, state, requested_by, created_at, updated_at)
     select tenant_id, gen_random_uuid(), id, order_id, 'refunded', 'test', now(), now() from charges where tenant_id = $1`,
    [shop.tenantId],
  );
  await owner.query('analyze orders, charges, refunds');
  const reader = new ObligationReader(ALL_ROOMS);
  const plan = await shop.in((tx) => planOf(tx, (asked) => reader.counts(asked, shop.botId, new Date())));
  // These orders were never really sold, so the books would not balance.
  await owner.query('truncate orders, charges, refunds cascade');
  expect(plan).toContain('orders_owed');
  expect(plan).toContain('orders_approved');
  expect(plan).not.toMatch(/Seq Scan on (orders|charges|refunds)\b/);
});
