import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { publicId } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';
import type { OrderRow } from '../index.js';
import { ORDER_LIFETIME_MS, RESERVATION_MS } from '../orders/order.js';

let db: Database;
let source: DataSource;
const { checkout, payments, endings, orders, products } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const start = new Date();
const after = (ms: number) => new Date(start.getTime() + ms);
let updateId = 7_000_000;
const place = (shop: Shop) => {
  updateId += 1;
  const placing = { ...shop, updateId };
  return shop.in(async (tx) => (await checkout.place(tx, placing, start)).order);
};
const approve = (shop: Shop, order: OrderRow, now = start, queryId = 'q') => {
  const query = { queryId, buyerId: order.buyerId, currency: 'XTR', amount: order.stars };
  return shop.in((tx) => checkout.approve(tx, order.botId, publicId('order', order.id), query, now));
};
const read = (shop: Shop, order: OrderRow) => shop.in(async (tx) => (await orders.details(tx, order.id)).order);
const stockOf = (shop: Shop) => shop.in(async (tx) => (await products.get(tx, shop.productId)).stock);
const unlocks = (shop: Shop, order: OrderRow) =>
  shop.in((tx) => tx.query('update orders set unlocked_at = $2 where id = $1', [order.id, start]));
const found = async (shop: Shop, which: 'overdue' | 'forsaken', now: Date) => {
  const all = await db.inPlatform('a test', (tx) => endings[which](tx, now, 10_000));
  return all.find(({ tenantId }) => tenantId === shop.tenantId)?.orderIds ?? [];
};

describe('an order without a payment', () => {
  it('is found and expires exactly at the end of its lifetime', async () => {
    const shop = await openShop(db);
    const order = await place(shop);
    const [before, end] = [after(ORDER_LIFETIME_MS - 1), after(ORDER_LIFETIME_MS)];
    const expire = (now: Date) => shop.in((tx) => endings.expire(tx, [order.id], now));
    expect([await found(shop, 'overdue', before), await expire(before)]).toEqual([[], 0]);
    expect([await found(shop, 'overdue', end), await expire(end)]).toEqual([[order.id], 1]);
    expect(await found(shop, 'overdue', end)).toEqual([]);
  });

  it('is found and ends ten minutes after an approval at the last moment', async () => {
    const shop = await openShop(db);
    const order = await place(shop);
    const last = after(ORDER_LIFETIME_MS - 1);
    await approve(shop, order, last);
    const [before, end] = [RESERVATION_MS - 1, RESERVATION_MS].map((ms) => new Date(last.getTime() + ms));
    const expire = (now = start) => shop.in((tx) => endings.expire(tx, [order.id], now));
    expect([await found(shop, 'overdue', before as Date), await expire(before)]).toEqual([[], 0]);
    expect([await found(shop, 'overdue', end as Date), await expire(end)]).toEqual([[order.id], 1]);
  });

  it('neither expires nor is cancelled with its bot once its media were unlocked', async () => {
    const shop = await openShop(db);
    const order = await place(shop);
    await unlocks(shop, order);
    const end = after(2 * ORDER_LIFETIME_MS);
    expect(await found(shop, 'overdue', end)).toEqual([]);
    expect(await shop.in((tx) => endings.expire(tx, [order.id], end))).toBe(0);
    expect(await shop.in((tx) => endings.cancelSome(tx, shop.botId, 10, end))).toBe(0);
  });
});

describe('a reservation', () => {
  it('is found and returned once, after exactly ten minutes', async () => {
    const shop = await openShop(db, { stock: 3 });
    const order = await place(shop);
    await approve(shop, order);
    const [before, end] = [after(RESERVATION_MS - 1), after(RESERVATION_MS)];
    const release = (now: Date) => shop.in((tx) => endings.release(tx, [order.id], now));
    expect([await found(shop, 'forsaken', before), await release(before), await stockOf(shop)]).toEqual([[], 0, 2]);
    expect([await found(shop, 'forsaken', end), await release(end), await stockOf(shop)]).toEqual([[order.id], 1, 3]);
    expect([await found(shop, 'forsaken', end), await release(end), await stockOf(shop)]).toEqual([[], 0, 3]);
  });

  it('is not returned for an order that is paid or has none', async () => {
    const [none, paid] = [await openShop(db), await openShop(db, { stock: 3 })];
    const [first, second] = [await place(none), await place(paid)];
    await approve(none, first);
    await approve(paid, second);
    await paid.in((tx) => payments.record(tx, paymentFor(second), start));
    for (const [shop, { id }] of [
      [none, first],
      [paid, second],
    ] as const) {
      expect(await found(shop, 'forsaken', after(RESERVATION_MS))).toEqual([]);
      expect(await shop.in((tx) => endings.release(tx, [id], after(RESERVATION_MS)))).toBe(0);
    }
    expect(await stockOf(paid)).toBe(2);
  });
});

describe('the orders of a bot under removal', () => {
  const cancelSome = (shop: Shop, now: Date, limit = 10, botId = shop.botId) =>
    shop.in((tx) => endings.cancelSome(tx, botId, limit, now));

  it('are cancelled in batches, except those that are paid or being paid', async () => {
    const [shop, other] = [await openShop(db, { stock: 9 }), await openShop(db)];
    const [placed, approved, paid] = [await place(shop), await place(shop), await place(shop)];
    const theirs = await place(other);
    for (const order of [approved, paid]) await approve(shop, order);
    await shop.in((tx) => payments.record(tx, paymentFor(paid), start));
    expect(await cancelSome(shop, after(RESERVATION_MS - 1), 1)).toBe(1);
    expect(await cancelSome(shop, after(RESERVATION_MS - 1))).toBe(0);
    expect(await stockOf(shop)).toBe(7);
    expect(await cancelSome(shop, after(RESERVATION_MS), 10, other.botId)).toBe(0);
    expect(await cancelSome(shop, after(RESERVATION_MS))).toBe(1);
    expect(await stockOf(shop)).toBe(8);
    const states = await Promise.all([placed, approved, paid].map(async (order) => (await read(shop, order)).state));
    expect(states).toEqual(['cancelled', 'cancelled', 'paid']);
    expect((await read(other, theirs)).state).toBe('placed');
  });
});

describe('an order that could not be shown', () => {
  it('reports each reason once, until it is approved', async () => {
    const shop = await openShop(db);
    const order = await place(shop);
    const notShown = (why: string) => shop.in((tx) => checkout.notShown(tx, order, why, start));
    const updates = async () =>
      (await shop.in((tx) => tx.query(`select from events where order_id = $1 and type = 'order.updated'`, [order.id])))
        .length;
    await notShown('blocked');
    await notShown('blocked');
    expect([(await read(shop, order)).deliveryError, await updates()]).toEqual(['blocked', 1]);
    await approve(shop, order);
    await notShown('too late');
    expect([(await read(shop, order)).deliveryError, await updates()]).toEqual(['blocked', 1]);
  });
});
