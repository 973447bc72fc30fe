import { type DataSource, SelectQueryBuilder } from 'typeorm';
import type { Database } from '#libs/database';
import { EventStore } from '#libs/journal';
import { newUuid } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';
import type { OrderRow } from '../orders/order.entity.js';
import { OrderStore } from '../orders/order.store.js';
import { OrderList } from './order-list.service.js';

let db: Database;
let source: DataSource;
let lists: OrderList;
const { checkout, payments, products } = salesServices();
beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  lists = new OrderList(db, new OrderStore(new EventStore()), products);
});
afterAll(() => source.destroy());
afterEach(() => void vi.restoreAllMocks());

type Filter = Omit<Parameters<OrderList['list']>[1], 'limit'>;
const listed = (shop: Shop, filter: Filter) => shop.in((tx) => lists.list(tx, { ...filter, limit: 50 }));

/** Returns the plan of a list. Its states are literals, so a prepared statement has the same plan. */
async function planOf(shop: Shop, filter: Filter): Promise<string> {
  let sql = '';
  vi.spyOn(SelectQueryBuilder.prototype, 'getMany').mockImplementation(function (this: SelectQueryBuilder<OrderRow>) {
    sql = this.getQuery();
    return Promise.resolve([]);
  });
  await listed(shop, filter);
  const known = sql.replaceAll(':tenantId', `'${shop.tenantId}'`);
  return shop.in(async (tx) => {
    // The tables of a test are so small that a sequential scan is cheaper than any index.
    await tx.query('set local enable_seqscan = off');
    const lines = await tx.query<{ 'QUERY PLAN': string }>(`explain ${known}`);
    return lines.map((line) => line['QUERY PLAN']).join('\n');
  });
}

it.each<[string, Filter, RegExp]>([
  ['refunded', { state: 'refunded' }, /orders_ended/],
  ['expired', { state: 'expired' }, /orders_ended/],
  ['cancelled', { state: 'cancelled' }, /orders_ended/],
  ['revoked', { delivery: 'revoked' }, /orders_ended/],
  // The condition is enough for orders_owed, which may be too small here to be used.
  ['failed', { delivery: 'failed' }, /orders_owed|state = 'paid'/],
])('the few %s orders of a large shop are found by a partial index', async (_, filter, index) => {
  expect(await planOf(await openShop(db), filter)).toMatch(index);
});

it('orders are found by the state of their delivery, and by both states', async () => {
  const shop = await openShop(db);
  const [sold, open] = await shop.in(async (tx) => {
    const { order } = await checkout.place(tx, { ...shop, updateId: 1 }, new Date());
    await payments.record(tx, paymentFor(order), new Date());
    const other = await checkout.place(tx, { ...shop, updateId: 2, source: newUuid() }, new Date());
    return [order, other.order];
  });
  const ids = async (filter: Filter) => (await listed(shop, filter)).map(({ id }) => id);
  expect(await ids({ delivery: 'waiting' })).toEqual([sold.id]);
  expect(await ids({ delivery: 'none' })).toEqual([open.id]);
  expect(await ids({ state: 'placed', delivery: 'waiting' })).toEqual([]);
  expect(await ids({ state: 'paid', delivery: 'waiting' })).toEqual([sold.id]);
  expect(await ids({ delivery: 'revoked' })).toEqual([]);
});
