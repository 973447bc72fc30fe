import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { MINUTE, NotFound, publicId } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';
import type { OrderRow } from '../index.js';
import { APPROVAL_HOLD_MS, ORDER_LIFETIME_MS, OrderStateConflict, RESERVATION_MS } from '../orders/order.js';

let db: Database;
let source: DataSource;
const { checkout, payments, endings, orders, products, ledger, refunds } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const start = new Date();
const after = (ms: number) => new Date(start.getTime() + ms);
let updateId = 0;
const place = (shop: Shop) => {
  updateId += 1;
  const placing = { ...shop, updateId };
  return shop.in(async (tx) => (await checkout.place(tx, placing, start)).order);
};
const approve = (shop: Shop, order: OrderRow, queryId = 'q', now = start) => {
  const query = { queryId, buyerId: order.buyerId, currency: 'XTR', amount: order.stars };
  return shop.in((tx) => checkout.approve(tx, order.botId, publicId('order', order.id), query, now));
};
const pay = (shop: Shop, order: OrderRow, changes = {}) =>
  shop.in((tx) => payments.record(tx, paymentFor(order, changes), start));
const cancel = (shop: Shop, order: OrderRow) => shop.in((tx) => endings.cancel(tx, order.id, start));
const expire = (shop: Shop, list: readonly OrderRow[], now: Date) =>
  shop.in((tx) =>
    endings.expire(
      tx,
      list.map((order) => order.id),
      now,
    ),
  );
const release = (shop: Shop, list: readonly OrderRow[], now: Date) =>
  shop.in((tx) =>
    endings.release(
      tx,
      list.map((order) => order.id),
      now,
    ),
  );
const read = (shop: Shop, order: OrderRow) => shop.in(async (tx) => (await orders.details(tx, order.id)).order);
const stockOf = (shop: Shop) => shop.in(async (tx) => (await products.get(tx, shop.productId)).stock);
const count = async (shop: Shop, sql: string) =>
  (await shop.in((tx) => tx.query<{ n: number }>(`select count(*)::int as n from ${sql}`)))[0]?.n;
const eight = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 8 }, work));

const EXPIRED = after(ORDER_LIFETIME_MS);
const FORSAKEN = after(RESERVATION_MS);

describe('an approval that Telegram did not accept', () => {
  const disapprove = (shop: Shop, order: OrderRow, queryId: string, outcome: 'refused' | 'unknown') =>
    shop.in((tx) => endings.disapprove(tx, order.id, queryId, outcome, start));

  it('frees its unit and its place under the limit for another order at once; eight reports count once', async () => {
    const shop = await openShop(db, { stock: 1, limitPerBuyer: 1 });
    const [first, second] = [await place(shop), await place(shop)];
    expect(await approve(shop, first, 'one')).toMatchObject({ ok: true });
    expect(await approve(shop, second, 'two')).toMatchObject({ ok: false });
    await eight(() => disapprove(shop, first, 'one', 'refused'));
    expect(await stockOf(shop)).toBe(1);
    expect(await read(shop, first)).toMatchObject({ state: 'placed', approvedAt: null, stockReserved: false });
    expect(await count(shop, `events where type = 'order.updated'`)).toBe(1);
    expect(await approve(shop, second, 'two')).toMatchObject({ ok: true });
  });

  it('allows the next attempt for the same order at once, and the order expires as usual', async () => {
    const shop = await openShop(db, { stock: 1 });
    const order = await place(shop);
    await approve(shop, order, 'one');
    expect(await approve(shop, order, 'two')).toMatchObject({ ok: false, refusal: 'being_paid' });
    await disapprove(shop, order, 'one', 'refused');
    expect(await approve(shop, order, 'two')).toMatchObject({ ok: true });
    await disapprove(shop, order, 'two', 'refused');
    expect(await expire(shop, [order], EXPIRED)).toBe(1);
    expect(await stockOf(shop)).toBe(1);
  });

  it('keeps its unit and its place under the limit if it may have been accepted, and allows the next attempt', async () => {
    const shop = await openShop(db, { stock: 1, limitPerBuyer: 1 });
    const [order, other] = [await place(shop), await place(shop)];
    await approve(shop, order, 'one');
    await disapprove(shop, order, 'one', 'unknown');
    expect(await stockOf(shop)).toBe(0);
    expect(await approve(shop, other, 'other')).toMatchObject({ ok: false });
    expect(await approve(shop, order, 'two')).toMatchObject({ ok: true });
    expect(await stockOf(shop)).toBe(0);
    expect(await pay(shop, order)).toMatchObject({ outcome: 'order' });
  });

  it('is ignored when the order was meanwhile paid, or approved for another query', async () => {
    const shop = await openShop(db, { stock: 2 });
    const [paid, again] = [await place(shop), await place(shop)];
    await approve(shop, paid, 'one');
    await pay(shop, paid);
    await disapprove(shop, paid, 'one', 'refused');
    expect(await read(shop, paid)).toMatchObject({ state: 'paid', stockReserved: true });
    await approve(shop, again, 'one');
    await approve(shop, again, 'two', after(APPROVAL_HOLD_MS));
    await disapprove(shop, again, 'one', 'refused');
    expect(await read(shop, again)).toMatchObject({ state: 'approved', approvedQueryId: 'two' });
    expect(await stockOf(shop)).toBe(0);
  });

  it("is not found for another workspace's order", async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    const order = await place(shop);
    await approve(shop, order, 'one');
    await expect(disapprove(other, order, 'one', 'refused')).rejects.toThrow(NotFound);
  });
});

describe('an unpaid order', () => {
  it('expires once at the end of its lifetime, with any number of sweepers', async () => {
    const shop = await openShop(db, { stock: 1 });
    const order = await place(shop);
    await approve(shop, order);
    expect(await expire(shop, [order], after(ORDER_LIFETIME_MS - 1))).toBe(0);
    const ended = await eight(() => expire(shop, [order], EXPIRED));
    expect(ended.reduce((sum, n) => sum + n, 0)).toBe(1);
    expect(await read(shop, order)).toMatchObject({ state: 'expired', stockReserved: false });
    expect(await stockOf(shop)).toBe(1);
    expect(await count(shop, `events where type = 'order.expired'`)).toBe(1);
  });

  it('does not expire during its payment if it was approved at the last moment', async () => {
    const shop = await openShop(db, { stock: 1 });
    const order = await place(shop);
    await approve(shop, order, 'late', after(ORDER_LIFETIME_MS - MINUTE));
    expect(await expire(shop, [order], EXPIRED)).toBe(0);
    expect(await expire(shop, [order], after(ORDER_LIFETIME_MS - MINUTE + RESERVATION_MS))).toBe(1);
  });

  it('is skipped while it is locked', async () => {
    const shop = await openShop(db);
    const [held, free] = [await place(shop), await place(shop)];
    await shop.in(async (tx) => {
      await tx.query('select 1 from orders where tenant_id = $1 and id = $2 for update', [shop.tenantId, held.id]);
      expect(await expire(shop, [held, free], EXPIRED)).toBe(1);
    });
    expect((await read(shop, held)).state).toBe('placed');
  });

  it('can be cancelled idempotently, and its invoice cannot be paid afterwards', async () => {
    const shop = await openShop(db, { stock: 1 });
    const order = await place(shop);
    await approve(shop, order);
    const cancelled = await eight(() => cancel(shop, order));
    expect(new Set(cancelled.map(({ state }) => state))).toEqual(new Set(['cancelled']));
    expect(await stockOf(shop)).toBe(1);
    expect(await count(shop, `events where type = 'order.cancelled'`)).toBe(1);
    expect(await approve(shop, order, 'q2')).toMatchObject({ ok: false, refusal: 'cancelled' });
  });

  it('can be cancelled only while it is unpaid, and only by its tenant', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    const [paid, expired, placed] = [await place(shop), await place(shop), await place(shop)];
    await pay(shop, paid);
    await expire(shop, [expired], EXPIRED);
    await expect(cancel(shop, paid)).rejects.toThrow(OrderStateConflict);
    await expect(cancel(shop, expired)).rejects.toThrow(OrderStateConflict);
    await expect(cancel(other, placed)).rejects.toThrow(NotFound);
    expect(await expire(other, [placed], EXPIRED)).toBe(0);
  });

  it('is found by the sweeper at the end of its lifetime, unlike a paid one', async () => {
    const shop = await openShop(db, { stock: 9 });
    const [placed, approved, paid] = [await place(shop), await place(shop), await place(shop)];
    await approve(shop, approved);
    await approve(shop, paid);
    await pay(shop, paid);
    const find = async (which: 'overdue' | 'forsaken', now: Date) => {
      const found = await db.inPlatform('a test', (tx) => endings[which](tx, now, 10_000));
      return new Set(found.find(({ tenantId }) => tenantId === shop.tenantId)?.orderIds);
    };
    expect(await find('overdue', EXPIRED)).toEqual(new Set([placed.id, approved.id]));
    expect(await find('overdue', FORSAKEN)).toEqual(new Set());
    expect(await find('forsaken', FORSAKEN)).toEqual(new Set([approved.id]));
  });
});

describe('a unit reserved for an order', () => {
  it('is returned once if no payment follows within ten minutes, and the order can be approved again', async () => {
    const shop = await openShop(db, { stock: 1 });
    const order = await place(shop);
    await approve(shop, order);
    expect(await release(shop, [order], after(RESERVATION_MS - 1))).toBe(0);
    await eight(() => release(shop, [order], FORSAKEN));
    expect(await stockOf(shop)).toBe(1);
    expect(await read(shop, order)).toMatchObject({ state: 'approved', stockReserved: false });
    expect(await approve(shop, order, 'again', FORSAKEN)).toMatchObject({ ok: true });
    expect(await stockOf(shop)).toBe(0);
  });

  it('is returned for each of several orders that end together, with concurrent sweepers', async () => {
    const shop = await openShop(db, { stock: 5 });
    const approved = [await place(shop), await place(shop), await place(shop), await place(shop)];
    for (const order of approved) await approve(shop, order, order.id);
    const [kept, ...forsaken] = approved as [OrderRow, ...OrderRow[]];
    await pay(shop, kept);
    await eight(() => release(shop, approved, FORSAKEN));
    expect(await stockOf(shop)).toBe(4);
    for (const order of forsaken) await approve(shop, order, `${order.id} again`, FORSAKEN);
    expect(await stockOf(shop)).toBe(1);
    await eight(() => expire(shop, approved, new Date(EXPIRED.getTime() + RESERVATION_MS)));
    expect(await stockOf(shop)).toBe(4);
    expect(await count(shop, `events where type = 'order.expired'`)).toBe(3);
  });

  it('is never invented: nothing is returned to a product that had no stock at the time', async () => {
    const shop = await openShop(db);
    const order = await place(shop);
    await approve(shop, order);
    expect((await read(shop, order)).stockReserved).toBe(false);
    await shop.in((tx) => products.update(tx, shop.productId, { stock: 5 }));
    await cancel(shop, order);
    expect(await stockOf(shop)).toBe(5);
  });

  it('stays sold once it is paid', async () => {
    const shop = await openShop(db, { stock: 1 });
    const order = await place(shop);
    await approve(shop, order);
    await pay(shop, order);
    expect(await release(shop, [order], FORSAKEN)).toBe(0);
    expect(await expire(shop, [order], EXPIRED)).toBe(0);
    expect(await stockOf(shop)).toBe(0);
  });
});

describe('a late payment', () => {
  const endIt = {
    expired: (shop: Shop, order: OrderRow) => expire(shop, [order], EXPIRED),
    cancelled: cancel,
    forsaken: (shop: Shop, order: OrderRow) => release(shop, [order], FORSAKEN),
  };

  it.each(['expired', 'cancelled', 'forsaken'] as const)(
    'for an order that is %s is accepted once while a unit is left, and takes it',
    async (how) => {
      const shop = await openShop(db, { stock: 1 });
      const order = await place(shop);
      await approve(shop, order);
      await endIt[how](shop, order);
      await shop.in((tx) => products.archive(tx, shop.productId));
      const outcomes = await eight(() => pay(shop, order, { telegramChargeId: 'stx-late' }));
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([...Array(7).fill('already_recorded'), 'order']);
      expect(await read(shop, order)).toMatchObject({ state: 'paid', delivery: 'waiting', stockReserved: true });
      expect(await stockOf(shop)).toBe(0);
      expect(await shop.in((tx) => orders.deliveryFacts(tx, order.id, new Date()))).toBeDefined();
    },
  );

  it.each(['expired', 'cancelled', 'forsaken'] as const)(
    'for an order that is %s is refunded automatically, once, when no unit is left',
    async (how) => {
      const shop = await openShop(db, { stock: 1 });
      const [late, quick] = [await place(shop), await place(shop)];
      await approve(shop, late);
      await endIt[how](shop, late);
      await approve(shop, quick);
      await pay(shop, quick);
      const outcomes = await eight(() => pay(shop, late, { telegramChargeId: 'stx-too-late' }));
      expect(outcomes.filter(({ outcome }) => outcome === 'undeliverable')).toHaveLength(1);
      expect(
        await count(shop, `refunds where state = 'requested' and requested_by = 'system' and reason like '%sold out%'`),
      ).toBe(1);
      expect(await count(shop, `jobs where kind = 'refund.execute'`)).toBe(1);
      expect(await count(shop, `events where type = 'charge.unmatched' and order_id is not null`)).toBe(1);
      expect(await count(shop, `entitlements`)).toBe(1);
      expect((await read(shop, late)).state).not.toBe('paid');
      expect(await stockOf(shop)).toBe(0);
      expect(await shop.in((tx) => ledger.balance(tx, shop.botId, 'held'))).toBe(-50);
      expect(await shop.in((tx) => refunds.recordFromTelegram(tx, shop.botId, 'stx-too-late', start))).toBeTruthy();
      expect(await shop.in((tx) => ledger.balance(tx, shop.botId, 'held'))).toBe(0);
    },
  );

  it('takes no unit when it is reported again after a restock', async () => {
    const shop = await openShop(db, { stock: 1 });
    const order = await place(shop);
    await cancel(shop, order);
    await shop.in((tx) => products.update(tx, shop.productId, { stock: 0 }));
    const report = { telegramChargeId: 'stx-again' };
    expect(await pay(shop, order, report)).toMatchObject({ outcome: 'undeliverable' });
    await shop.in((tx) => products.update(tx, shop.productId, { stock: 3 }));
    expect(await pay(shop, order, report)).toEqual({ outcome: 'already_recorded' });
    expect(await stockOf(shop)).toBe(3);
  });

  it('results in a paid order even if the order is ended at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const shop = await openShop(db, { stock: 1 });
      const order = await place(shop);
      await approve(shop, order);
      await Promise.all([pay(shop, order), expire(shop, [order], EXPIRED), cancel(shop, order).catch(() => undefined)]);
      expect(await read(shop, order)).toMatchObject({ state: 'paid', stockReserved: true });
      expect(await stockOf(shop)).toBe(0);
    }
  });
});
