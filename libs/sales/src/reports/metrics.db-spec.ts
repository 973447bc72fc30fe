import { fc } from '../../../../test/support/properties.js';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { DAY } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';
import { MetricsService, periodOf, SALES_GROUPINGS, type SalesGrouping } from '../index.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
const { checkout, payments, refunds } = salesServices();
const metrics = new MetricsService();

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

const day = (offset: number) => new Date(Date.now() + offset * DAY).toISOString().slice(0, 10);
const period = (from: number, to: number) => periodOf(day(from), day(to));
let updateId = 0;

interface Sale {
  /** Days from today. */
  readonly placed: number;
  readonly ending: 'left' | 'paid' | 'refunded';
  readonly booked: number;
}

async function sell(shop: Shop, { placed, ending, booked }: Sale): Promise<void> {
  updateId += 1;
  const at = new Date(Date.now() + placed * DAY);
  const { order } = await shop.in((tx) => checkout.place(tx, { ...shop, updateId }, at));
  if (ending === 'left') return;
  const payment = paymentFor(order);
  await shop.in((tx) => payments.record(tx, payment, new Date()));
  if (ending === 'refunded') {
    await shop.in((tx) => refunds.recordFromTelegram(tx, shop.botId, payment.telegramChargeId, new Date()));
  }
  await owner.query(
    `update ledger_entries set created_at = now() + $2 * interval '1 day' where tenant_id = $1 and cause_id in
       (select id from charges where telegram_charge_id = $3 union
        select r.id from refunds r join charges c on c.id = r.charge_id where c.telegram_charge_id = $3)`,
    [shop.tenantId, booked, payment.telegramChargeId],
  );
}

const ask = (
  shop: Shop,
  by: SalesGrouping,
  from: number,
  to: number,
  only: { botId?: string; productId?: string } = {},
) => shop.in((tx) => metrics.sales(tx, { period: period(from, to), by, ...only }));

describe('sales metrics', () => {
  it('agree with the ledger and the orders in any grouping and period', async () => {
    const sale = fc.record({
      placed: fc.integer({ min: -6, max: -1 }),
      ending: fc.constantFrom('left' as const, 'paid' as const, 'refunded' as const),
      booked: fc.integer({ min: -6, max: 0 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(sale, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: -7, max: -1 }),
        fc.integer({ min: 0, max: 1 }),
        async (sales, from, to) => {
          const shop = await openShop(db);
          const rest = { ...shop, ...(await openShop(db)) };
          for (const one of sales) await sell(shop, one);
          await sell(rest, { placed: -1, ending: 'paid', booked: 0 });

          const inside = (offset: number) => offset >= from && offset < to;
          const [ledger] = await owner.query<
            Array<{ sales: number; earned: number; refunded: number; refunds: number }>
          >(
            `select coalesce(-sum(stars) filter (where cause = 'charge'), 0)::int as earned,
               (count(*) filter (where cause = 'charge'))::int as sales,
               coalesce(sum(stars) filter (where cause = 'refund'), 0)::int as refunded,
               (count(*) filter (where cause = 'refund'))::int as refunds
             from ledger_entries where tenant_id = $1 and account = 'earned' and created_at >= $2 and created_at < $3`,
            [shop.tenantId, period(from, to).from, period(from, to).to],
          );
          const placed = sales.filter((one) => inside(one.placed));
          const expected = {
            givenAway: 0,
            ...ledger,
            placed: placed.length,
            approved: 0,
            paid: placed.filter((one) => one.ending !== 'left').length,
            delivered: 0,
          };
          for (const by of SALES_GROUPINGS) {
            expect((await ask(shop, by, from, to)).totals).toEqual(expected);
            expect((await ask(shop, by, from, to, shop)).totals).toEqual(expected);
            expect((await ask(shop, by, from, to, { productId: rest.productId })).totals.placed).toBe(0);
          }
          const { groups } = await ask(shop, 'day', from, to);
          expect(groups.map((group) => group.key)).toEqual(Array.from({ length: to - from }, (_, n) => day(from + n)));
          for (const group of groups) {
            const that = placed.filter((one) => day(one.placed) === group.key);
            expect([group.key, group.placed]).toEqual([group.key, that.length]);
          }
        },
      ),
      { numRuns: 8 },
    );
  });

  it('include nothing of another workspace', async () => {
    const [mine, theirs] = [await openShop(db), await openShop(db)];
    await sell(theirs, { placed: 0, ending: 'paid', booked: 0 });
    const { totals } = await ask(mine, 'bot', -1, 1, { botId: theirs.botId });
    expect([totals.placed, totals.earned]).toEqual([0, 0]);
    expect((await ask(theirs, 'bot', -1, 1)).groups).toMatchObject([{ key: theirs.botId, placed: 1, earned: 50 }]);
  });
});
