import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { publicId, stars } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop, telegramId } from '../../../../test/support/shop.js';
import { ChargeNotListed } from '../orders/order.js';
import { OrderRow } from '../orders/order.entity.js';

let db: Database;
let source: DataSource;
const { checkout, payments, refunds, endings, media, ledger } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const gallery = {
  kind: 'paid_media',
  content: null,
  terms: { paid_media: { items: [{ type: 'photo', fileId: null, telegramFileId: 'AgAC' }] } },
} as const;

const place = (shop: Shop, updateId = 1) =>
  shop.in(async (tx) => (await checkout.place(tx, { ...shop, updateId }, new Date())).order);
const unlock = (shop: Shop, order: OrderRow, buyerId = order.buyerId) =>
  shop.in((tx) => media.report(tx, { botId: shop.botId, buyerId, payload: publicId('order', order.id) }, new Date()));
const list = (shop: Shop, order: OrderRow, changes: Parameters<typeof paymentFor>[1] = {}) =>
  shop.in((tx) =>
    payments.record(tx, { ...paymentFor(order, changes), source: 'reconciliation', unlocked: true }, new Date()),
  );
const orders = (shop: Shop) =>
  shop.in((tx) => tx.manager.find(OrderRow, { where: { tenantId: tx.tenantId }, order: { id: 'ASC' } }));
const events = async (shop: Shop, type: string) =>
  (await shop.in((tx) => tx.query('select 1 from events where tenant_id = $1 and type = $2', [tx.tenantId, type])))
    .length;

describe('paid media', () => {
  it("is unlocked once when it is reported twice, and paid by the charge in Telegram's list", async () => {
    const shop = await openShop(db, gallery);
    const order = await place(shop);
    expect([await unlock(shop, order), await unlock(shop, order)]).toEqual([order.id, order.id]);
    expect(await events(shop, 'order.unlocked')).toBe(1);
    expect((await orders(shop))[0]).toMatchObject({ state: 'placed', paidAt: null });
    const payment = { telegramChargeId: 'stx-media' };
    expect(await list(shop, order, payment)).toMatchObject({ outcome: 'order', orderId: order.id });
    expect(await list(shop, order, payment)).toEqual({ outcome: 'already_recorded' });
    expect((await orders(shop))[0]).toMatchObject({ state: 'paid', delivery: 'waiting' });
    expect(await shop.in((tx) => ledger.balance(tx, shop.botId, 'telegram'))).toBe(50);
  });

  it('is one sale when it is reported and listed concurrently', async () => {
    const shop = await openShop(db, gallery);
    const order = await place(shop);
    const payment = { telegramChargeId: 'stx-media' };
    const told = Array.from({ length: 5 }, () => unlock(shop, order));
    const listed = Array.from({ length: 5 }, () => list(shop, order, payment));
    const outcomes = (await Promise.all([Promise.all(listed), Promise.all(told)]))[0].map(({ outcome }) => outcome);
    expect(outcomes.toSorted()).toEqual([...Array<string>(4).fill('already_recorded'), 'order']);
    const [paid, ...others] = await orders(shop);
    expect([paid?.state, others]).toEqual(['paid', []]);
    expect(paid?.unlockedAt).not.toBeNull();
    expect([await events(shop, 'order.unlocked'), await events(shop, 'order.paid')]).toEqual([expect.any(Number), 1]);
    expect(await shop.in((tx) => ledger.balance(tx, shop.botId, 'telegram'))).toBe(50);
  });

  it('counts as unlocked at the payment when it is listed without a report; a later report changes nothing', async () => {
    const shop = await openShop(db, gallery);
    const order = await place(shop);
    const occurredAt = new Date('2026-05-01T10:00:00Z');
    await list(shop, order, { occurredAt });
    await unlock(shop, order);
    expect((await orders(shop))[0]).toMatchObject({ state: 'paid', unlockedAt: occurredAt });
    expect(await events(shop, 'order.unlocked')).toBe(0);
  });

  it('cannot be refunded, cancelled or expired before its charge is known', async () => {
    const shop = await openShop(db, gallery);
    const order = await place(shop);
    await unlock(shop, order);
    const refundRequest = { reason: null, by: 'test' };
    const later = new Date(order.expiresAt.getTime() + 1);
    await expect(shop.in((tx) => refunds.request(tx, order.id, refundRequest, later))).rejects.toThrow(ChargeNotListed);
    await expect(shop.in((tx) => endings.cancel(tx, order.id, later))).rejects.toThrow(ChargeNotListed);
    expect(await shop.in((tx) => endings.expire(tx, [order.id], later))).toBe(0);
    await list(shop, order);
    expect(await shop.in((tx) => refunds.request(tx, order.id, refundRequest, later))).toMatchObject({
      state: 'requested',
    });
  });

  it('expires when it is not unlocked, and is paid when it is unlocked later', async () => {
    const shop = await openShop(db, gallery);
    const order = await place(shop);
    const later = new Date(order.expiresAt.getTime() + 1);
    expect(await shop.in((tx) => endings.expire(tx, [order.id], later))).toBe(1);
    await unlock(shop, order);
    expect(await list(shop, order)).toMatchObject({ outcome: 'order' });
  });

  it('becomes an order of the person who pays for a forwarded copy', async () => {
    const shop = await openShop(db, gallery);
    const [order, stranger] = [await place(shop), telegramId()];
    await unlock(shop, order, stranger);
    expect((await orders(shop))[0]?.unlockedAt).toBeNull();
    const payment = { buyerId: stranger, telegramChargeId: 'stx-copy' };
    const paid = await Promise.all([list(shop, order, payment), list(shop, order, payment)]);
    expect(paid.map(({ outcome }) => outcome).toSorted()).toEqual(['already_recorded', 'order']);
    expect(await orders(shop)).toMatchObject([
      { id: order.id, state: 'placed' },
      { buyerId: stranger, state: 'paid', stars: 50, productId: shop.productId },
    ]);
  });

  it('is refunded once when one buyer pays twice', async () => {
    const shop = await openShop(db, gallery);
    const order = await place(shop);
    await list(shop, order);
    expect(await list(shop, order)).toMatchObject({ outcome: 'duplicate' });
    expect(await events(shop, 'refund.requested')).toBe(1);
  });

  it('is booked without an order if it belongs to another tool or workspace', async () => {
    const [shop, stranger] = [await openShop(db, gallery), await openShop(db, gallery)];
    const order = await place(stranger);
    expect(await unlock(shop, order)).toBeUndefined();
    expect(await list(shop, order, { botId: shop.botId, buyerId: shop.buyerId })).toMatchObject({
      outcome: 'unmatched',
    });
    const other = { botId: shop.botId, buyerId: shop.buyerId, payload: 'gallery-1', stars: stars(7) };
    expect(await list(shop, order, other)).toMatchObject({ outcome: 'unmatched' });
    expect(await orders(stranger)).toMatchObject([{ state: 'placed', unlockedAt: null }]);
  });
});
