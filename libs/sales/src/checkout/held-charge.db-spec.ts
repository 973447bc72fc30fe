import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { newUuid, NotFound, publicId, stars } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';
import { ChargeNotHeld, NoProductNamed, NothingLeft, NotToBeGiven } from '../charges/held-charge.js';
import { offerPayload } from '../charges/offer-payload.js';
import { BuyerErased } from '../refunds/refund.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
const { checkout, held, ledger, payments, products, refunds } = salesServices();

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

/** Records a payment whose order was lost. @returns the charge's id */
async function lostSale(
  shop: Shop,
  { price = 30, payload = publicId('order', newUuid()), buyerId = shop.buyerId } = {},
) {
  const recorded = await shop.in((tx) =>
    payments.record(
      tx,
      {
        botId: shop.botId,
        buyerId,
        stars: stars(price),
        payload,
        telegramChargeId: `stx${newUuid()}`,
        providerChargeId: null,
        occurredAt: new Date(),
        source: 'reconciliation',
      },
      new Date(),
    ),
  );
  if (recorded.outcome === 'already_recorded') throw new Error('recorded before');
  return recorded.chargeId;
}
const deliver = (shop: Shop, charge: string, product: string | null = shop.productId) =>
  shop.in((tx) => held.deliver(tx, charge, product ?? undefined, new Date()));
const balances = (shop: Shop) =>
  shop.in(async (tx) => ({
    telegram: await ledger.balance(tx, shop.botId, 'telegram'),
    earned: await ledger.balance(tx, shop.botId, 'earned'),
    held: await ledger.balance(tx, shop.botId, 'held'),
  }));
const ordersOf = (shop: Shop) => owner.query<unknown[]>('select 1 from orders where tenant_id = $1', [shop.tenantId]);

describe('a held charge', () => {
  it('pays for the product that its creator names, with goods, entitlement and books', async () => {
    const shop = await openShop(db, { stock: 2 });
    const charge = await lostSale(shop);
    expect(await balances(shop)).toEqual({ telegram: 30, earned: 0, held: -30 });
    const order = await deliver(shop, charge);
    expect(order).toMatchObject({
      state: 'paid',
      delivery: 'waiting',
      stars: 30,
      buyerId: shop.buyerId,
      stockReserved: true,
    });
    expect(await balances(shop)).toEqual({ telegram: 30, earned: -30, held: 0 });
    const [row] = await owner.query(
      `select c.match, c.order_id, e.state as entitled, p.stock,
         (select count(*)::int from jobs j where j.kind = 'order.deliver' and j.subject = c.order_id) as jobs
       from charges c join entitlements e on e.charge_id = c.id join products p on p.id = e.product_id where c.id = $1`,
      [charge],
    );
    expect(row).toEqual({ match: 'order', order_id: order.id, entitled: 'active', stock: 1, jobs: 1 });
  });

  it('is delivered once by repeated and concurrent requests', async () => {
    const shop = await openShop(db);
    const charge = await lostSale(shop);
    const made = await Promise.all(Array.from({ length: 6 }, () => deliver(shop, charge)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect((await deliver(shop, charge, null)).id).toBe(made[0]?.id);
    expect(await ordersOf(shop)).toHaveLength(1);
    await expect(deliver(shop, charge, newUuid())).rejects.toThrow(ChargeNotHeld);
  });

  it('is either refunded or delivered, and can be refunded after a delivery', async () => {
    const shop = await openShop(db);
    const refundRequest = { reason: null, by: 'system' };
    const [first, second] = [await lostSale(shop), await lostSale(shop)];
    await shop.in((tx) => refunds.requestByCharge(tx, first, refundRequest, new Date()));
    await expect(deliver(shop, first)).rejects.toThrow(ChargeNotHeld);
    const order = await deliver(shop, second);
    const refund = await shop.in((tx) => refunds.request(tx, order.id, refundRequest, new Date()));
    await shop.in((tx) => refunds.begin(tx, refund.id, new Date()));
    await shop.in((tx) => refunds.succeed(tx, refund.id, new Date()));
    expect(await balances(shop)).toEqual({ telegram: 30, earned: 0, held: -30 });
  });

  it('finds its product by the payload of an invoice, or by an order with another price', async () => {
    const shop = await openShop(db);
    const offer = { productId: shop.productId, priceVersion: 1 };
    const offered = await lostSale(shop, { payload: offerPayload(offer) });
    expect(await deliver(shop, offered, null)).toMatchObject({ productId: shop.productId, stars: 30 });

    const { order } = await shop.in((tx) => checkout.place(tx, { ...shop, updateId: 1 }, new Date()));
    await shop.in((tx) => payments.record(tx, paymentFor(order, { stars: stars(7) }), new Date()));
    const [charge] = await owner.query<Array<{ id: string }>>(
      `select id from charges where tenant_id = $1 and match = 'mismatch'`,
      [shop.tenantId],
    );
    const given = await deliver(shop, String(charge?.id), null);
    expect(given).toMatchObject({ productId: shop.productId, stars: 7 });
    expect(given.id).not.toBe(order.id);
    await expect(deliver(shop, await lostSale(shop), null)).rejects.toThrow(NoProductNamed);
  });

  it('is not delivered when no unit is left, for a subscription, or to an erased buyer', async () => {
    const shop = await openShop(db, { stock: 1 });
    await deliver(shop, await lostSale(shop));
    const charge = await lostSale(shop);
    await expect(deliver(shop, charge)).rejects.toThrow(NothingLeft);
    const plan = await shop.in((tx) =>
      products.create(tx, {
        botId: shop.botId,
        kind: 'subscription',
        title: 'Pro',
        description: 'Pro',
        stars: 50,
        content: null,
        subscription: {},
      } as never),
    );
    await expect(deliver(shop, charge, plan.id)).rejects.toThrow(NotToBeGiven);
    await owner.query('update charges set buyer_id = -5 where id = $1', [charge]);
    await expect(deliver(shop, charge)).rejects.toThrow(BuyerErased);
    await owner.query('update charges set buyer_id = $2 where id = $1', [charge, shop.buyerId]);
  });

  it('is not found in another workspace, or for a product of another bot', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    const charge = await lostSale(shop);
    await expect(deliver(other, charge)).rejects.toThrow(NotFound);
    await expect(deliver(shop, charge, other.productId)).rejects.toThrow(NotFound);
    expect(await ordersOf(shop)).toEqual([]);
  });

  it('must not have paid an order', async () => {
    const shop = await openShop(db);
    const { order } = await shop.in((tx) => checkout.place(tx, { ...shop, updateId: 1 }, new Date()));
    const recorded = await shop.in((tx) => payments.record(tx, paymentFor(order), new Date()));
    await expect(deliver(shop, (recorded as { chargeId: string }).chargeId)).rejects.toThrow(ChargeNotHeld);
  });
});
