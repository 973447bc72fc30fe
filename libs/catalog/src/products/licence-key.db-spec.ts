import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { newUuid, NotFound, publicId } from '#libs/kernel';
import { openTestDatabase, testBox } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop, telegramId } from '../../../../test/support/shop.js';
import { KeyNotFree } from './licence-key.js';
import { LicenceKeyService, NoLicenceKeys } from './licence-key.service.js';

let db: Database;
let source: DataSource;
const { checkout, payments, refunds, endings, buyers, products } = salesServices();
const licences = new LicenceKeyService(products, testBox());

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const keys = (n: number, from = 1) => Array.from({ length: n }, (_, i) => ({ line: i + 1, key: `KEY-${from + i}` }));
const openKeyShop = (lowStockAt: number | null = null) =>
  openShop(db, { kind: 'licence_key', content: undefined, terms: { licence_key: { lowStockAt } } });
const add = (shop: Shop, n: number, from = 1) => shop.in((tx) => licences.add(tx, shop.productId, keys(n, from)));
const stockOf = (shop: Shop) => shop.in(async (tx) => (await products.get(tx, shop.productId)).stock);
const list = (shop: Shop) => shop.in((tx) => licences.list(tx, shop.productId, { limit: 100 }));
const keyOf = (shop: Shop, orderId: string) => shop.in((tx) => licences.ofOrder(tx, orderId));

let updateId = 0;
async function place(shop: Shop, buyerId = shop.buyerId) {
  updateId += 1;
  const placing = { ...shop, buyerId, updateId };
  return shop.in(async (tx) => (await checkout.place(tx, placing, new Date())).order);
}
const approve = (shop: Shop, order: Awaited<ReturnType<typeof place>>) => {
  const query = { queryId: newUuid(), buyerId: order.buyerId, currency: 'XTR', amount: order.stars };
  return shop.in((tx) => checkout.approve(tx, order.botId, publicId('order', order.id), query, new Date()));
};
async function buy(shop: Shop) {
  const order = await place(shop);
  await approve(shop, order);
  await shop.in((tx) => payments.record(tx, paymentFor(order), new Date()));
  return order.id;
}

describe('a pool of licence keys', () => {
  it('accepts each key once, reports duplicate lines, and is the stock of the product', async () => {
    const shop = await openKeyShop();
    expect(await stockOf(shop)).toBe(0);
    const listed = [...keys(3), { line: 4, key: 'KEY-2' }];
    expect(await shop.in((tx) => licences.add(tx, shop.productId, listed))).toMatchObject({
      added: 3,
      duplicates: [4],
    });
    expect(await add(shop, 2, 3)).toMatchObject({ added: 1, duplicates: [1], product: { stock: 4 } });
    expect(await add(shop, 4)).toMatchObject({ added: 0, duplicates: [1, 2, 3, 4], product: { stock: 4 } });
  });

  it('accepts the same list from concurrent uploads only once', async () => {
    const shop = await openKeyShop();
    const added = await Promise.all([1, 2, 3, 4].map(() => add(shop, 50)));
    expect(added.reduce((sum, each) => sum + each.added, 0)).toBe(50);
    expect(await stockOf(shop)).toBe(50);
  });

  it('stores no key in plain text', async () => {
    const shop = await openKeyShop();
    await add(shop, 1);
    const rows = await shop.in((tx) =>
      tx.query<{ row: string }>(
        `select k::text || encode(k.key_sealed, 'escape') as row from licence_keys k where product_id = $1`,
        [shop.productId],
      ),
    );
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('KEY-1');
  });

  it('exists only for products of its kind, whose stock cannot be set directly', async () => {
    const text = await openShop(db);
    await expect(add(text, 1)).rejects.toThrow(NoLicenceKeys);
    const shop = await openKeyShop();
    await expect(shop.in((tx) => products.update(tx, shop.productId, { stock: 5 }))).rejects.toMatchObject({
      errors: [{ path: 'stock' }],
    });
    await shop.in((tx) =>
      products.update(tx, shop.productId, { title: 'Better', terms: { licence_key: { lowStockAt: 1 } } }),
    );
    expect(await shop.in((tx) => products.get(tx, shop.productId))).toMatchObject({
      title: 'Better',
      terms: { licence_key: { lowStockAt: 1 } },
    });
  });
});

describe('a sold licence key', () => {
  it('belongs to its order alone, and is the same on every request', async () => {
    const shop = await openKeyShop();
    await add(shop, 2);
    const [first, second] = [await buy(shop), await buy(shop)];
    expect([await keyOf(shop, first), await keyOf(shop, second)]).toEqual(['KEY-1', 'KEY-2']);
    expect(await keyOf(shop, first)).toBe('KEY-1');
    expect((await list(shop)).map(({ state }) => state)).toEqual(['sold', 'sold']);
    await expect(place(shop)).rejects.toMatchObject({ reason: 'sold_out' });
  });

  it('is sold once: ten of fifty concurrent buyers get the ten keys', async () => {
    const shop = await openKeyShop();
    await add(shop, 10);
    const people = Array.from({ length: 50 }, () => telegramId());
    await shop.in(async (tx) => {
      for (const id of people) await buyers.remember(tx, shop.botId, { id, first_name: 'B' });
    });
    const orders = await Promise.all(people.map((id) => place(shop, id)));
    const outcomes = await Promise.all(
      orders.map(async (order) => {
        if (!(await approve(shop, order)).ok) return undefined;
        const payment = paymentFor(order);
        // Telegram may report a payment twice at the same time.
        await Promise.all([0, 1].map(() => shop.in((tx) => payments.record(tx, payment, new Date()))));
        return keyOf(shop, order.id);
      }),
    );
    const got = outcomes.filter((key) => key !== undefined);
    expect(got.toSorted()).toEqual(
      keys(10)
        .map(({ key }) => key)
        .toSorted(),
    );
    expect(await stockOf(shop)).toBe(0);
  });

  it('is burned by a refund, and valid again when the refund fails', async () => {
    const shop = await openKeyShop();
    await add(shop, 1);
    const orderId = await buy(shop);
    const refund = await shop.in((tx) => refunds.request(tx, orderId, { reason: null, by: 'test' }, new Date()));
    expect(await list(shop)).toMatchObject([{ state: 'burned', orderId }]);
    await shop.in((tx) => refunds.begin(tx, refund.id, new Date()));
    await shop.in((tx) => refunds.fail(tx, refund.id, 'no', new Date()));
    expect(await list(shop)).toMatchObject([{ state: 'sold', burnedAt: null }]);
    const again = await shop.in((tx) => refunds.request(tx, orderId, { reason: null, by: 'test' }, new Date()));
    await shop.in((tx) => refunds.succeed(tx, again.id, new Date()));
    expect(await list(shop)).toMatchObject([{ state: 'burned', orderId }]);
    expect(await stockOf(shop)).toBe(0);
    expect(await add(shop, 1)).toMatchObject({ added: 0, duplicates: [1] });
  });
});

describe('an unsold licence key', () => {
  it('can be removed, unless someone is about to pay for it', async () => {
    const shop = await openKeyShop();
    await add(shop, 2);
    const order = await place(shop);
    await approve(shop, order);
    const [newest, oldest] = await list(shop);
    if (newest === undefined || oldest === undefined) throw new Error('keys are missing');
    const remove = (id: string) => shop.in((tx) => licences.remove(tx, shop.productId, id));
    const removed = await Promise.allSettled([remove(newest.id), remove(oldest.id)]);
    expect(removed.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await shop.in((tx) => payments.record(tx, paymentFor(order), new Date()));
    expect(await keyOf(shop, order.id)).toMatch(/^KEY-[12]$/);
    const [left] = await list(shop);
    await expect(remove(left?.id ?? '')).rejects.toThrow(KeyNotFree);
    await expect(remove(newUuid())).rejects.toThrow(NotFound);
    expect(await stockOf(shop)).toBe(0);
  });

  it('is free again when its order is cancelled', async () => {
    const shop = await openKeyShop();
    await add(shop, 1);
    const order = await place(shop);
    await approve(shop, order);
    expect(await stockOf(shop)).toBe(0);
    await shop.in((tx) => endings.cancel(tx, order.id, new Date()));
    expect(await stockOf(shop)).toBe(1);
  });
});

describe('a pool that is running low', () => {
  const warnings = (shop: Shop) =>
    shop.in((tx) =>
      tx.query<{ data: object }>(
        `select data from events where tenant_id = $1 and type = 'product.stock_low' order by id`,
        [shop.tenantId],
      ),
    );

  it('is reported once, and again if it was refilled in between', async () => {
    const shop = await openKeyShop(2);
    await add(shop, 4);
    await buy(shop);
    expect(await warnings(shop)).toEqual([]);
    await buy(shop);
    await buy(shop);
    const product_id = publicId('product', shop.productId);
    expect(await warnings(shop)).toEqual([
      { data: { object: 'stock_warning', product_id, stock: 2, low_stock_at: 2 } },
    ]);
    await add(shop, 2, 5);
    await buy(shop);
    expect(await warnings(shop)).toHaveLength(2);
  });
});

describe('another tenant', () => {
  it('cannot add, list, remove or read keys', async () => {
    const [shop, stranger] = [await openKeyShop(), await openKeyShop()];
    await add(shop, 1);
    const orderId = await buy(shop);
    const [key] = await list(shop);
    await expect(stranger.in((tx) => licences.add(tx, shop.productId, keys(1)))).rejects.toThrow(NotFound);
    await expect(stranger.in((tx) => licences.list(tx, shop.productId, { limit: 1 }))).rejects.toThrow(NotFound);
    await expect(stranger.in((tx) => licences.ofOrder(tx, orderId))).rejects.toThrow(NotFound);
    const remove = stranger.in((tx) => licences.remove(tx, shop.productId, key?.id ?? ''));
    await expect(remove).rejects.toThrow(NotFound);
  });
});
