import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { EventStore } from '#libs/journal';
import { HOUR, MINUTE, newUuid, publicId } from '#libs/kernel';
import { TenantPlans, TenantStore } from '#libs/tenants';
import { openAsOwner, openTestDatabase } from '../../../test/support/database.js';
import { quotasAt } from '../../../test/support/quotas.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../test/support/shop.js';
import { type Limit, PlanService, QuotaExhausted, UnknownPlan } from './index.js';

const quotas = quotasAt();
const limits = new PlanService(quotas);
const plans = new TenantPlans(new TenantStore(), limits);
const sales = salesServices();
const now = new Date('2026-05-31T23:59:00Z');
let db: Database;
let source: DataSource;
let owner: DataSource;

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(async () => {
  await source.destroy();
  await owner.destroy();
});

const allow = (shop: Shop, limit: Limit, value: number) =>
  db.inPlatform('a limit for a test', (tx) => plans.override(tx, shop.tenantId, limit, value, 'For a test.'));

let updates = 1;
const place = (shop: Shop, at = now) =>
  shop.in((tx) => {
    updates += 1;
    return sales.checkout.place(tx, { ...shop, updateId: updates }, at);
  });
const approve = (shop: Shop, orderId: string, at = now) =>
  shop.in((tx) =>
    sales.checkout.approve(
      tx,
      shop.botId,
      publicId('order', orderId),
      { queryId: newUuid(), buyerId: shop.buyerId, currency: 'XTR', amount: 50 },
      at,
    ),
  );
const pay = async (shop: Shop, at = now) => {
  const { order } = await place(shop, at);
  await shop.in((tx) => sales.payments.record(tx, paymentFor(order, { occurredAt: at }), at));
};
const warnings = (shop: Shop) =>
  shop.in(async (tx) => {
    const events = await new EventStore().list(tx, { types: ['quota.warning'], limit: 100 });
    return events.map(({ data }) => [data['name'], data['used'], data['state']]);
  });
const usageOf = async (shop: Shop, limit: Limit, at = now) => {
  const { usage } = await shop.in((tx) => plans.usage(tx, at));
  return usage.find((one) => one.limit === limit);
};

describe('a limit on products', () => {
  it('is not exceeded by concurrent requests', async () => {
    const shop = await openShop(db);
    await allow(shop, 'products', 4);
    const product = { botId: shop.botId, kind: 'text', title: 'T', description: 'D', stars: 1, content: 'c' } as const;
    const made = await Promise.allSettled(
      Array.from({ length: 8 }, () => shop.in((tx) => sales.products.create(tx, product))),
    );
    expect(made.filter((one) => one.status === 'fulfilled')).toHaveLength(3);
    expect(made.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))).toEqual(
      Array.from({ length: 5 }, () => expect.any(QuotaExhausted)),
    );
    expect(await usageOf(shop, 'products')).toEqual({ limit: 'products', used: 4, allowed: 4 });
  });

  it('is relieved by archiving a product, and applies to its reactivation', async () => {
    const shop = await openShop(db);
    await allow(shop, 'products', 1);
    const product = { botId: shop.botId, kind: 'text', title: 'T', description: 'D', stars: 1, content: 'c' } as const;
    await shop.in((tx) => sales.products.archive(tx, shop.productId));
    await shop.in((tx) => sales.products.create(tx, product));
    await expect(shop.in((tx) => sales.products.activate(tx, shop.productId))).rejects.toThrow(QuotaExhausted);
  });

  it('is not checked when nothing is created', async () => {
    const shop = await openShop(db);
    await allow(shop, 'products', 0);
    await expect(shop.in((tx) => sales.products.activate(tx, shop.productId))).resolves.toMatchObject({ stars: 50 });
    await expect(shop.in((tx) => sales.products.update(tx, shop.productId, { stars: 60 }))).resolves.toBeDefined();
  });

  it('is announced once when four fifths are used', async () => {
    const shop = await openShop(db);
    await allow(shop, 'products', 5);
    const product = { botId: shop.botId, kind: 'text', title: 'T', description: 'D', stars: 1, content: 'c' } as const;
    for (let i = 0; i < 2; i += 1) await shop.in((tx) => sales.products.create(tx, product));
    expect(await warnings(shop)).toEqual([]);
    for (let i = 0; i < 2; i += 1) await shop.in((tx) => sales.products.create(tx, product));
    expect(await warnings(shop)).toEqual([['products', 4, 'warning']]);
  });
});

describe("a month's orders", () => {
  it('count once each when they are paid, even when twenty are paid concurrently', async () => {
    const shop = await openShop(db);
    const placed = await Promise.all(Array.from({ length: 20 }, () => place(shop)));
    expect(await usageOf(shop, 'orders_per_month')).toMatchObject({ used: 0 });
    const payments = placed.map(({ order }) => paymentFor(order, { occurredAt: now }));
    // Each payment is reported twice.
    await Promise.all(
      [...payments, ...payments].map((payment) => shop.in((tx) => sales.payments.record(tx, payment, now))),
    );
    expect(await usageOf(shop, 'orders_per_month')).toMatchObject({ used: 20, allowed: 10_000 });
  });

  it('start from zero on the first of the next month', async () => {
    const shop = await openShop(db);
    await allow(shop, 'orders_per_month', 1);
    await pay(shop);
    await expect(place(shop)).rejects.toMatchObject({ reason: 'month_used_up' });
    const june = new Date('2026-06-01T00:00:00Z');
    await expect(place(shop, june)).resolves.toBeDefined();
    expect(await usageOf(shop, 'orders_per_month', june)).toMatchObject({ used: 0 });
  });

  it('leave no room for an earlier invoice once they are used up', async () => {
    const shop = await openShop(db);
    await allow(shop, 'orders_per_month', 1);
    const { order } = await place(shop);
    await pay(shop);
    expect(await approve(shop, order.id)).toMatchObject({ ok: false, refusal: 'month_used_up' });
  });

  it('never block a payment that has started', async () => {
    const shop = await openShop(db);
    await allow(shop, 'orders_per_month', 1);
    // Well before the end of the month, so that the limit stays used up.
    const at = new Date(now.getTime() - HOUR);
    const { order } = await place(shop, at);
    expect(await approve(shop, order.id, at)).toMatchObject({ ok: true });
    await pay(shop, at);
    // The buyer gave up, and pays after all.
    const later = new Date(at.getTime() + 2 * MINUTE);
    expect(await approve(shop, order.id, later)).toMatchObject({ ok: true });
    const recorded = await shop.in((tx) => sales.payments.record(tx, paymentFor(order, { occurredAt: later }), later));
    expect(recorded.outcome).toBe('order');
    expect(await usageOf(shop, 'orders_per_month', later)).toMatchObject({ used: 2, allowed: 1 });
  });

  it('are announced once, however many are paid concurrently beyond four fifths', async () => {
    const shop = await openShop(db);
    await allow(shop, 'orders_per_month', 20);
    for (let i = 0; i < 15; i += 1) await pay(shop);
    expect(await warnings(shop)).toEqual([]);
    const placed = await Promise.all(Array.from({ length: 5 }, () => place(shop)));
    await Promise.all(
      placed.map(({ order }) =>
        shop.in((tx) => sales.payments.record(tx, paymentFor(order, { occurredAt: now }), now)),
      ),
    );
    expect(await warnings(shop)).toEqual([['orders_per_month', expect.any(Number), expect.any(String)]]);
  });
});

describe('a plan', () => {
  it('is the free one until staff choose another, and staff can override its limits', async () => {
    const shop = await openShop(db);
    expect(await usageOf(shop, 'endpoints')).toMatchObject({ allowed: 10 });
    expect(await usageOf(shop, 'bots')).toMatchObject({ used: 1, allowed: 50 });
    await allow(shop, 'bots', 7);
    const change = (plan: string) => db.inPlatform('a plan', (tx) => plans.change(tx, shop.tenantId, plan));
    await change('business');
    expect(await usageOf(shop, 'bots')).toMatchObject({ allowed: 7 });
    expect(await usageOf(shop, 'orders_per_month')).toMatchObject({ allowed: null });
    await db.inPlatform('take it back', (tx) => plans.override(tx, shop.tenantId, 'bots', null, 'As agreed.'));
    expect(await usageOf(shop, 'bots')).toMatchObject({ allowed: 1_000 });
    await expect(change('platinum')).rejects.toThrow(UnknownPlan);
  });

  it('is separate for each tenant, in usage and in limits', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    await allow(other, 'orders_per_month', 1);
    await pay(other);
    await expect(place(shop)).resolves.toBeDefined();
    expect(await usageOf(shop, 'orders_per_month')).toMatchObject({ used: 0, allowed: 10_000 });
    expect(await shop.in((tx) => limits.overrides(tx))).toEqual([]);
    expect(await other.in((tx) => limits.overrides(tx))).toHaveLength(1);
  });
});
