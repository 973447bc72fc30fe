import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { newUuid, NotFound, publicId } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';
import { AlreadyDelivered, NothingOwed } from '../index.js';
import type { ManualMode } from './manual-delivery.js';

let db: Database;
let source: DataSource;
const { checkout, payments, refunds, orders, manual } = salesServices();
const accountId = newUuid();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

let updateId = 0;
async function place(shop: Shop) {
  updateId += 1;
  const placing = { ...shop, updateId };
  return (await shop.in((tx) => checkout.place(tx, placing, new Date()))).order;
}
async function paid(shop: Shop) {
  const order = await place(shop);
  await shop.in((tx) => payments.record(tx, paymentFor(order), new Date()));
  // Its first delivery has ended.
  await shop.in((tx) => tx.query(`delete from jobs where kind = 'order.deliver' and subject = $1`, [order.id]));
  return order;
}
const deliver = (shop: Shop, orderId: string, mode: ManualMode, reason = 'sent by email') =>
  shop.in((tx) => manual.deliver(tx, orderId, { mode, reason, accountId }, new Date()));
const failed = (shop: Shop, orderId: string) =>
  shop.in((tx) => orders.recordHandover(tx, orderId, { kind: 'failed', error: 'no' }, new Date()));
const records = (shop: Shop) =>
  shop.in((tx) => tx.query(`select mode, reason, account_id as by from manual_deliveries order by id`));
const deliveredEvents = (shop: Shop) =>
  shop.in((tx) =>
    tx.query<{ data: Record<string, unknown> }>(`select data from events where type = 'order.delivered'`),
  );
const deliverJobs = (shop: Shop) => shop.in((tx) => tx.query(`select subject from jobs where kind = 'order.deliver'`));

describe('an order marked as delivered by hand', () => {
  it('is delivered and recorded, and its event states the reason', async () => {
    const shop = await openShop(db);
    const order = await paid(shop);
    await failed(shop, order.id);
    const marked = await deliver(shop, order.id, 'mark_delivered');
    expect(marked).toMatchObject({ delivery: 'delivered', deliveryError: null });
    expect(await deliveredEvents(shop)).toMatchObject([
      {
        data: {
          status: 'delivered',
          delivered_by_hand: { reason: 'sent by email', by: publicId('account', accountId) },
        },
      },
    ]);
    expect(await records(shop)).toEqual([{ mode: 'mark_delivered', reason: 'sent by email', by: accountId }]);
  });

  it('is marked once by concurrent requests', async () => {
    const shop = await openShop(db);
    const order = await paid(shop);
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => deliver(shop, order.id, 'mark_delivered')),
    );
    expect(results.filter((it) => it.status === 'fulfilled')).toHaveLength(1);
    expect(results.find((it) => it.status === 'rejected')?.reason).toBeInstanceOf(AlreadyDelivered);
    expect(await deliveredEvents(shop)).toHaveLength(1);
    expect(await records(shop)).toHaveLength(1);
  });
});

describe('an order sent again', () => {
  it('starts one new round, however many requests are concurrent', async () => {
    const shop = await openShop(db);
    const order = await paid(shop);
    await failed(shop, order.id);
    await Promise.all(Array.from({ length: 8 }, () => deliver(shop, order.id, 'send_again', 'nothing came')));
    const facts = await shop.in((tx) => orders.deliveryFacts(tx, order.id, new Date()));
    expect(facts?.round).toBe(2);
    expect(await deliverJobs(shop)).toEqual([{ subject: order.id }]);
    expect(await records(shop)).toHaveLength(8);
  });
});

describe('delivery by hand', () => {
  it('is refused for an order that is unpaid or being refunded', async () => {
    const shop = await openShop(db);
    const [unpaid, returned] = [await place(shop), await paid(shop)];
    await shop.in((tx) => refunds.request(tx, returned.id, { reason: null, by: 'test' }, new Date()));
    for (const mode of ['send_again', 'mark_delivered'] as const) {
      await expect(deliver(shop, unpaid.id, mode)).rejects.toThrow(NothingOwed);
      await expect(deliver(shop, returned.id, mode)).rejects.toThrow(NothingOwed);
    }
    expect([await records(shop), await deliverJobs(shop)]).toEqual([[], []]);
  });

  it('cannot be requested by a buyer during a refund', async () => {
    const shop = await openShop(db);
    const order = await paid(shop);
    await shop.in((tx) => orders.recordHandover(tx, order.id, { kind: 'delivered' }, new Date()));
    await shop.in((tx) => refunds.request(tx, order.id, { reason: null, by: 'test' }, new Date()));
    const again = shop.in((tx) => orders.handOverAgain(tx, shop.botId, shop.buyerId, order.id, new Date()));
    await expect(again).rejects.toThrow(NotFound);
  });

  it('is not possible for another tenant', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    const order = await paid(shop);
    await expect(deliver(other, order.id, 'send_again')).rejects.toThrow(NotFound);
    await expect(deliver(other, order.id, 'mark_delivered')).rejects.toThrow(NotFound);
  });
});
