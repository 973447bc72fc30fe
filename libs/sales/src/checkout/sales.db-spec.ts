import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { newUuid, NotFound, publicId, stars } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop, telegramId } from '../../../../test/support/shop.js';
import { AlreadyRefunded, ChargeRow, NothingToRefund, NotForSale, type OrderRow, RefundRow } from '../index.js';
import { APPROVAL_HOLD_MS } from '../orders/order.js';

let db: Database;
let source: DataSource;
const { checkout, payments, refunds, orders, products, ledger, buyers } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

let updateId = 0;
const place = (shop: Shop, now = new Date()) => {
  updateId += 1;
  const placing = { ...shop, updateId };
  return shop.in(async (tx) => (await checkout.place(tx, placing, now)).order);
};
const approve = (shop: Shop, order: OrderRow, queryId = newUuid(), changes = {}) => {
  const query = { queryId, buyerId: order.buyerId, currency: 'XTR', amount: order.stars, ...changes };
  return shop.in((tx) => checkout.approve(tx, order.botId, publicId('order', order.id), query, new Date()));
};
const pay = (shop: Shop, order: OrderRow, changes = {}) =>
  shop.in((tx) => payments.record(tx, paymentFor(order, changes), new Date()));
const refund = (shop: Shop, orderId: string) =>
  shop.in((tx) => refunds.request(tx, orderId, { reason: null, by: 'test' }, new Date()));
const details = (shop: Shop, order: OrderRow) => shop.in((tx) => orders.details(tx, order.id));
const count = async (shop: Shop, sql: string) =>
  (await shop.in((tx) => tx.query<{ n: number }>(`select count(*)::int as n from ${sql}`)))[0]?.n;
const books = (shop: Shop) =>
  shop.in(async (tx) => ({
    telegram: await ledger.balance(tx, shop.botId, 'telegram'),
    earned: await ledger.balance(tx, shop.botId, 'earned'),
    held: await ledger.balance(tx, shop.botId, 'held'),
  }));
const eight = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 8 }, work));

describe('placing an order', () => {
  it('keeps the current price, and returns the same order for the same update', async () => {
    const shop = await openShop(db);
    const placing = { ...shop, updateId: 1 };
    const first = await shop.in((tx) => checkout.place(tx, placing, new Date()));
    const second = await shop.in((tx) => checkout.place(tx, placing, new Date()));
    expect(second.order.id).toBe(first.order.id);
    expect(first.order).toMatchObject({ state: 'placed', stars: 50, priceVersion: 1 });
  });

  it('is refused for a product that is archived, sold out or of another bot', async () => {
    const [shop, other] = [await openShop(db, { stock: 0 }), await openShop(db)];
    await expect(place(shop)).rejects.toThrow(NotForSale);
    await expect(place({ ...other, productId: shop.productId })).rejects.toThrow(NotFound);
    await other.in((tx) => products.archive(tx, other.productId));
    await expect(place(other)).rejects.toMatchObject({ reason: 'archived' });
  });
});

describe('a pre-checkout', () => {
  it('is approved, with the same answer for the same query', async () => {
    const shop = await openShop(db, { stock: 1 });
    const order = await place(shop);
    expect(await approve(shop, order, 'q1')).toMatchObject({ ok: true });
    expect(await approve(shop, order, 'q1')).toMatchObject({ ok: true });
    expect((await shop.in((tx) => products.get(tx, shop.productId))).stock).toBe(0);
  });

  it.each([
    ['other_buyer', { buyerId: 1 }],
    ['price_changed', { amount: 49 }],
    ['price_changed', { currency: 'USD' }],
  ])('attack 4: is refused as %s when the query says %j', async (refusal, changes) => {
    const shop = await openShop(db);
    expect(await approve(shop, await place(shop), newUuid(), changes)).toMatchObject({ ok: false, refusal });
  });

  it('attack 4: is refused when the price has changed since the invoice', async () => {
    const shop = await openShop(db);
    const order = await place(shop);
    await shop.in((tx) => products.update(tx, shop.productId, { stars: 60 }));
    expect(await approve(shop, order)).toMatchObject({ ok: false, refusal: 'price_changed' });
  });

  it('is refused when the product was archived meanwhile, or when the order has expired or is paid', async () => {
    const shop = await openShop(db);
    const [archived, stale, paid] = [await place(shop), await place(shop, new Date('2026-01-01')), await place(shop)];
    await pay(shop, paid);
    expect(await approve(shop, paid)).toMatchObject({ refusal: 'already_paid' });
    expect(await approve(shop, stale)).toMatchObject({ refusal: 'expired' });
    await shop.in((tx) => products.archive(tx, shop.productId));
    expect(await approve(shop, archived)).toMatchObject({ refusal: 'archived' });
  });

  it("does not find another bot's order or a foreign payload", async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    const order = await place(shop);
    const query = { queryId: 'q', buyerId: order.buyerId, currency: 'XTR', amount: 50 };
    const ask = (tenant: Shop, payload: string) =>
      tenant.in((tx) => checkout.approve(tx, tenant.botId, payload, query, new Date()));
    expect(await ask(other, publicId('order', order.id))).toMatchObject({ refusal: 'unknown_order' });
    expect(await ask(shop, 'x'.repeat(128))).toMatchObject({ refusal: 'unknown_order' });
  });

  it('is approved for one of several devices', async () => {
    const shop = await openShop(db);
    const order = await place(shop);
    const answers = await eight(() => approve(shop, order));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.refusal === 'being_paid')).toHaveLength(7);
  });

  it('allows the same buyer another attempt a few seconds later, and takes nothing twice', async () => {
    const shop = await openShop(db, { stock: 1, limitPerBuyer: 1 });
    const order = await place(shop);
    const at = (ms: number) => (queryId: string) =>
      shop.in((tx) =>
        checkout.approve(
          tx,
          shop.botId,
          publicId('order', order.id),
          { queryId, buyerId: order.buyerId, currency: 'XTR', amount: 50 },
          new Date(order.createdAt.getTime() + ms),
        ),
      );
    expect(await at(0)('one')).toMatchObject({ ok: true });
    expect(await at(APPROVAL_HOLD_MS - 1)('two')).toMatchObject({ ok: false, refusal: 'being_paid' });
    expect(await at(APPROVAL_HOLD_MS)('two')).toMatchObject({ ok: true });
    expect((await shop.in((tx) => products.get(tx, shop.productId))).stock).toBe(0);
  });

  it('sells the last unit once', async () => {
    const shop = await openShop(db, { stock: 1 });
    const placed = await eight(() => place(shop));
    const answers = await Promise.all(placed.map((order) => approve(shop, order)));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.refusal === 'sold_out')).toHaveLength(7);
  });

  it('keeps a buyer within the limit, even with many concurrent orders', async () => {
    const shop = await openShop(db, { limitPerBuyer: 2 });
    const placed = await eight(() => place(shop));
    const answers = await Promise.all(placed.map((order) => approve(shop, order)));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(2);
  });
});

describe('a payment', () => {
  it('pays the order, entitles the buyer, posts to the ledger and records the event', async () => {
    const shop = await openShop(db);
    const order = await place(shop);
    expect(await pay(shop, order)).toMatchObject({ outcome: 'order', orderId: order.id });
    const { order: paid, charges } = await details(shop, order);
    expect(paid).toMatchObject({ state: 'paid', delivery: 'waiting' });
    expect(charges).toMatchObject([{ state: 'paid', match: 'order', stars: 50 }]);
    expect(await books(shop)).toEqual({ telegram: 50, earned: -50, held: 0 });
    expect(await count(shop, `events where type = 'order.paid'`)).toBe(1);
    expect(await count(shop, `entitlements where state = 'active'`)).toBe(1);
  });

  it('counts once, however often Telegram reports it, in sequence and concurrently', async () => {
    const shop = await openShop(db);
    const order = await place(shop);
    const reported = { telegramChargeId: 'stx-once' };
    const outcomes = [...(await eight(() => pay(shop, order, reported))), await pay(shop, order, reported)];
    expect(outcomes.filter(({ outcome }) => outcome === 'order')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'already_recorded')).toHaveLength(8);
    expect(await count(shop, `events where type = 'order.paid'`)).toBe(1);
    expect(await books(shop)).toEqual({ telegram: 50, earned: -50, held: 0 });
  });

  it('is accepted for an expired order, because the money is real', async () => {
    const shop = await openShop(db);
    const order = await place(shop, new Date('2026-01-01'));
    expect(await pay(shop, order)).toMatchObject({ outcome: 'order' });
  });

  it('is held and refunded automatically, once, if it is the second for one order', async () => {
    const shop = await openShop(db);
    const order = await place(shop);
    const outcomes = await Promise.all([pay(shop, order), pay(shop, order)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['duplicate', 'order']);
    expect(await count(shop, `refunds where state = 'requested'`)).toBe(1);
    expect(await books(shop)).toEqual({ telegram: 100, earned: -50, held: -50 });
  });

  it.each([
    ['unmatched', { payload: 'somebody-elses-payload' }],
    ['mismatch', { stars: stars(1) }],
    ['mismatch', { stars: stars(49) }],
    ['mismatch', { stars: stars(51) }],
    ['mismatch', { buyerId: 4 }],
  ])('attack 4: pays nothing and is not dropped if it is %s: %j', async (outcome, changes) => {
    const shop = await openShop(db);
    const order = await place(shop);
    expect(await pay(shop, order, changes)).toMatchObject({ outcome });
    expect((await details(shop, order)).order.state).toBe('placed');
    expect((await books(shop)).earned).toBe(0);
    expect((await books(shop)).held).toBeLessThan(0);
    expect(await count(shop, `events where type = 'charge.unmatched'`)).toBe(1);
  });

  it('accepts charge ids of 300 characters and payloads of 128 bytes', async () => {
    const shop = await openShop(db);
    const long = { telegramChargeId: `stx${'x'.repeat(297)}`, payload: 'ж'.repeat(64) };
    expect(await pay(shop, await place(shop), long)).toMatchObject({ outcome: 'unmatched' });
  });

  it('attack 9: can have the same charge id as a payment to another bot', async () => {
    const [one, two] = [await openShop(db), await openShop(db)];
    const same = { telegramChargeId: 'stx-same' };
    expect(await pay(one, await place(one), same)).toMatchObject({ outcome: 'order' });
    expect(await pay(two, await place(two), same)).toMatchObject({ outcome: 'order' });
  });
});

describe('a refund', () => {
  const paidOrder = async () => {
    const shop = await openShop(db);
    const order = await place(shop);
    await pay(shop, order);
    return { shop, order };
  };

  it('is requested once by concurrent requests, and ends access at once', async () => {
    const { shop, order } = await paidOrder();
    const asked = await eight(() => refund(shop, order.id));
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    expect(await count(shop, `refunds`)).toBe(1);
    expect(await count(shop, `jobs where kind = 'refund.execute'`)).toBe(1);
    expect(await count(shop, `entitlements where state = 'revoked'`)).toBe(1);
    expect(await shop.in((tx) => orders.deliveryFacts(tx, order.id, new Date()))).toBeUndefined();
  });

  it('is booked once when it succeeds, and cannot be requested again', async () => {
    const { shop, order } = await paidOrder();
    const { id } = await refund(shop, order.id);
    await shop.in((tx) => refunds.begin(tx, id, new Date()));
    await eight(() => shop.in((tx) => refunds.succeed(tx, id, new Date())));
    expect((await details(shop, order)).order).toMatchObject({ state: 'refunded', delivery: 'revoked' });
    expect(await books(shop)).toEqual({ telegram: 0, earned: 0, held: 0 });
    expect(await count(shop, `events where type = 'order.refunded'`)).toBe(1);
    await expect(refund(shop, order.id)).rejects.toThrow(AlreadyRefunded);
  });

  it('restores the entitlement when Telegram refuses it, keeps the reason, and can be requested again', async () => {
    const { shop, order } = await paidOrder();
    const { id } = await refund(shop, order.id);
    await shop.in((tx) => refunds.begin(tx, id, new Date()));
    await shop.in((tx) => refunds.fail(tx, id, 'BALANCE_TOO_LOW', new Date()));
    expect((await details(shop, order)).refunds).toMatchObject([{ state: 'failed', failure: 'BALANCE_TOO_LOW' }]);
    expect(await count(shop, `entitlements where state = 'active'`)).toBe(1);
    expect((await refund(shop, order.id)).id).not.toBe(id);
  });

  it('is recorded once, with the same effects, when it was made elsewhere', async () => {
    const { shop, order } = await paidOrder();
    const { charges } = await details(shop, order);
    const chargeId = String(charges[0]?.telegramChargeId);
    const report = () => shop.in((tx) => refunds.recordFromTelegram(tx, shop.botId, chargeId, new Date()));
    expect((await eight(report)).toSorted()).toEqual([
      ...Array.from({ length: 7 }, () => 'already_recorded'),
      'recorded',
    ]);
    expect(await count(shop, `refunds where state = 'refunded' and requested_by = 'telegram'`)).toBe(1);
    expect(await books(shop)).toEqual({ telegram: 0, earned: 0, held: 0 });
  });

  it('is refused for an unpaid, unknown or foreign order', async () => {
    const [{ shop, order }, other] = [await paidOrder(), await openShop(db)];
    await expect(refund(shop, (await place(shop)).id)).rejects.toThrow(NothingToRefund);
    await expect(refund(shop, newUuid())).rejects.toThrow(NotFound);
    await expect(refund(other, order.id)).rejects.toThrow(NotFound);
    expect(await other.in((tx) => tx.manager.findBy(ChargeRow, { tenantId: shop.tenantId }))).toEqual([]);
    expect(await other.in((tx) => tx.manager.findBy(RefundRow, { tenantId: shop.tenantId }))).toEqual([]);
  });
});

describe('a handover', () => {
  it('marks the order as delivered once, and can be requested again only by its buyer', async () => {
    const shop = await openShop(db);
    const order = await place(shop);
    await pay(shop, order);
    expect(await shop.in((tx) => orders.deliveryFacts(tx, order.id, new Date()))).toMatchObject({
      product: { content: 'goods' },
    });
    await eight(() => shop.in((tx) => orders.recordHandover(tx, order.id, { kind: 'delivered' }, new Date())));
    expect(await count(shop, `events where type = 'order.delivered'`)).toBe(1);

    const again = (buyerId: number) =>
      shop.in((tx) => orders.handOverAgain(tx, shop.botId, buyerId, order.id, new Date()));
    await expect(again(telegramId())).rejects.toThrow(NotFound);
    await again(shop.buyerId);
    expect(await shop.in((tx) => orders.deliveryFacts(tx, order.id, new Date()))).toBeDefined();
  });

  it('waits for an unreachable buyer, and starts again when they write', async () => {
    const shop = await openShop(db);
    const order = await place(shop);
    await pay(shop, order);
    await shop.in((tx) => orders.recordHandover(tx, order.id, { kind: 'unreachable', error: 'blocked' }, new Date()));
    await shop.in((tx) => buyers.markUnreachable(tx, shop.botId, shop.buyerId));
    const writes = () => shop.in((tx) => buyers.remember(tx, shop.botId, { id: shop.buyerId, first_name: 'Buyer' }));
    expect(await writes()).toBe(true);
    expect(await shop.in((tx) => orders.retryUnreachable(tx, shop.botId, shop.buyerId))).toBe(1);
    expect(await writes()).toBe(false);
  });
});
