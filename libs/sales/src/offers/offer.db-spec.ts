import type { DataSource } from 'typeorm';
import type { NewProduct } from '#libs/catalog';
import type { Database } from '#libs/database';
import { DAY, newUuid, stars } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, salesServices, type Shop, telegramId } from '../../../../test/support/shop.js';
import { OrderRow } from '../index.js';
import { APPROVAL_HOLD_MS } from '../orders/order.js';
import { offerPayload } from '../charges/offer-payload.js';

let db: Database;
let source: DataSource;
const { checkout, payments, products, endings } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

type Buying = { readonly buyerId?: number; readonly payload?: string; readonly now?: Date };
const link = (shop: Shop) => offerPayload({ productId: shop.productId, priceVersion: 1, source: 'blog' });
const ask = (
  shop: Shop,
  queryId = newUuid(),
  { buyerId = shop.buyerId, payload = link(shop), now = new Date() }: Buying = {},
) => {
  const person = { id: buyerId, first_name: 'Ada', language_code: 'ru' };
  const query = { queryId, buyerId, currency: 'XTR', amount: 50, person };
  return shop.in((tx) => checkout.approve(tx, shop.botId, payload, query, now));
};
const pay = (
  shop: Shop,
  telegramChargeId = newUuid(),
  { buyerId = shop.buyerId, payload = link(shop) }: Buying = {},
  amount = 50,
) =>
  shop.in((tx) =>
    payments.record(
      tx,
      {
        botId: shop.botId,
        buyerId,
        stars: stars(amount),
        payload,
        telegramChargeId,
        providerChargeId: null,
        occurredAt: new Date(),
        source: 'update',
      },
      new Date(),
    ),
  );
const ordersOf = (shop: Shop) =>
  shop.in((tx) => tx.manager.find(OrderRow, { where: { tenantId: tx.tenantId }, order: { id: 'ASC' } }));
const states = async (shop: Shop) => (await ordersOf(shop)).map((order) => order.state);
const eventsOf = (shop: Shop) =>
  shop.in(async (tx) =>
    (
      await tx.query<{ type: string }>('select type from events where order_id is not null order by order_id, sequence')
    ).map((row) => row.type),
  );
const stockOf = async (shop: Shop) => (await shop.in((tx) => products.get(tx, shop.productId))).stock;
const eight = <T>(work: (n: number) => Promise<T>) => Promise.all(Array.from({ length: 8 }, (_, n) => work(n)));
const open = (product: Partial<NewProduct> = {}) => openShop(db, product);

describe('a pre-checkout of an invoice that anyone can pay', () => {
  it('creates an order, takes its unit and records a buyer who never wrote to the bot', async () => {
    const [shop, buyerId] = [await open({ stock: 1 }), telegramId()];
    const answer = await ask(shop, 'q', { buyerId });
    expect(answer).toEqual({ ok: true, orderId: expect.any(String) });
    expect(await ordersOf(shop)).toMatchObject([
      {
        id: answer.orderId,
        state: 'approved',
        buyerId,
        stars: 50,
        priceVersion: 1,
        source: 'blog',
        stockReserved: true,
      },
    ]);
    expect(await eventsOf(shop)).toEqual(['order.placed', 'order.approved']);
    expect(await stockOf(shop)).toBe(0);
    const [buyer] = await shop.in((tx) =>
      tx.query(`select first_name, language_code, reachable from buyers where telegram_id = $1`, [buyerId]),
    );
    expect(buyer).toEqual({ first_name: 'Ada', language_code: 'ru', reachable: true });
  });

  it('creates no second order when it is sent again, even concurrently or after the payment', async () => {
    const shop = await open({ stock: 5 });
    const answers = await eight(() => ask(shop, 'q'));
    expect(new Set(answers.map(({ ok, orderId }) => `${ok} ${orderId}`)).size).toBe(1);
    await pay(shop);
    expect(await ask(shop, 'q')).toMatchObject({ ok: false, refusal: 'already_paid' });
    expect(await states(shop)).toEqual(['paid']);
    expect(await stockOf(shop)).toBe(4);
  });

  it('of a second device waits for the first; a later attempt is for the same order, even within a limit of one', async () => {
    const [shop, now] = [await open({ limitPerBuyer: 1, stock: 1 }), new Date()];
    await ask(shop, 'one', { now });
    expect(await ask(shop, 'two', { now })).toMatchObject({ ok: false, refusal: 'being_paid' });
    const later = new Date(now.getTime() + APPROVAL_HOLD_MS);
    expect(await ask(shop, 'two', { now: later })).toMatchObject({ ok: true });
    expect(await states(shop)).toEqual(['approved']);
    expect(await stockOf(shop)).toBe(0);
  });

  it('blocks no other attempt when Telegram does not accept its answer; the next one is for the same order', async () => {
    const [shop, now] = [await open({ limitPerBuyer: 1, stock: 1 }), new Date()];
    const first = await ask(shop, 'one', { now });
    await shop.in((tx) => endings.disapprove(tx, first.orderId ?? '', 'one', 'refused', now));
    expect(await stockOf(shop)).toBe(1);
    expect(await ask(shop, 'two', { now })).toEqual({ ok: true, orderId: first.orderId });
    expect(await states(shop)).toEqual(['approved']);
  });

  it('sells the last unit once, and leaves nothing behind when refused', async () => {
    const shop = await open({ stock: 1 });
    const answers = await eight((n) => ask(shop, `q${n}`, { buyerId: telegramId() }));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.refusal === 'sold_out')).toHaveLength(7);
    expect(await states(shop)).toEqual(['approved']);
  });

  it('keeps a buyer within the limit, even with several links at once', async () => {
    const shop = await open({ limitPerBuyer: 2 });
    const answers = await eight((n) => {
      const payload = offerPayload({ productId: shop.productId, priceVersion: 1, source: `s${n}` });
      return ask(shop, `q${n}`, { payload });
    });
    expect(answers.filter((answer) => answer.ok)).toHaveLength(2);
    expect(answers.filter((answer) => !answer.ok && answer.refusal === 'limit_reached')).toHaveLength(6);
  });

  it('does not count against the limit when it was given up, unlike one that is being paid through another link', async () => {
    const [shop, now] = [await open({ limitPerBuyer: 1 }), new Date()];
    const later = new Date(now.getTime() + APPROVAL_HOLD_MS);
    const first = await ask(shop, 'one', { now });
    expect(await ask(shop, 'two', { now: later })).toEqual({ ok: true, orderId: first.orderId });
    const payload = offerPayload({ productId: shop.productId, priceVersion: 1, source: 'elsewhere' });
    expect(await ask(shop, 'three', { now: later, payload })).toMatchObject({ ok: false, refusal: 'limit_reached' });
  });

  it('is refused when the price has changed or the product is off sale, and accepted when the price is restored', async () => {
    const shop = await open();
    const change = (price: number) => shop.in((tx) => products.update(tx, shop.productId, { stars: price }));
    await change(60);
    expect(await ask(shop)).toMatchObject({ ok: false, refusal: 'price_changed', orderId: undefined });
    await change(50);
    expect(await ask(shop)).toMatchObject({ ok: true });
    await shop.in((tx) => products.archive(tx, shop.productId));
    expect(await ask(shop, newUuid(), { buyerId: telegramId() })).toMatchObject({ ok: false, refusal: 'archived' });
  });

  it('finds no product of another workspace, no unknown price, and no amount other than the price', async () => {
    const [shop, other] = [await open(), await open()];
    expect(await ask(shop, newUuid(), { payload: link(other) })).toMatchObject({ refusal: 'unknown_order' });
    const never = offerPayload({ productId: shop.productId, priceVersion: 2 });
    expect(await ask(shop, newUuid(), { payload: never })).toMatchObject({ refusal: 'unknown_order' });
    const query = { queryId: 'cheap', buyerId: shop.buyerId, currency: 'XTR', amount: 1 };
    expect(await shop.in((tx) => checkout.approve(tx, shop.botId, link(shop), query, new Date()))).toMatchObject({
      refusal: 'price_changed',
    });
    expect([...(await ordersOf(shop)), ...(await ordersOf(other))]).toEqual([]);
  });
});

describe('a payment of an invoice that anyone can pay', () => {
  it('pays the order of its pre-checkout once, however often it is reported', async () => {
    const shop = await open({ stock: 5 });
    const { orderId } = await ask(shop);
    const told = await eight(() => pay(shop, 'stx1'));
    expect(told.filter(({ outcome }) => outcome === 'order')).toEqual([
      { outcome: 'order', orderId, chargeId: expect.any(String) },
    ]);
    expect(told.filter(({ outcome }) => outcome === 'already_recorded')).toHaveLength(7);
    expect(await pay(shop, 'stx1')).toEqual({ outcome: 'already_recorded' });
    expect(await states(shop)).toEqual(['paid']);
    expect(await stockOf(shop)).toBe(4);
  });

  it('is a separate order for each buyer, and for each payment of one buyer', async () => {
    const shop = await open();
    const buyers = [shop.buyerId, telegramId(), telegramId()];
    await Promise.all(
      buyers.map(async (buyerId) => {
        await ask(shop, newUuid(), { buyerId });
        return pay(shop, newUuid(), { buyerId });
      }),
    );
    await ask(shop);
    await pay(shop);
    const all = await ordersOf(shop);
    expect(all.map(({ state }) => state)).toEqual(['paid', 'paid', 'paid', 'paid']);
    expect(all.filter(({ buyerId }) => buyerId === shop.buyerId)).toHaveLength(2);
  });

  it('becomes one order without a known pre-checkout, even for a stranger', async () => {
    const [shop, buyerId] = [await open({ stock: 1 }), telegramId()];
    const told = await eight(() => pay(shop, 'stx1', { buyerId }));
    expect(told.map(({ outcome }) => outcome).toSorted()).toEqual([
      ...Array<string>(7).fill('already_recorded'),
      'order',
    ]);
    expect(await ordersOf(shop)).toMatchObject([{ state: 'paid', buyerId, source: 'blog', stockReserved: true }]);
    expect(await eventsOf(shop)).toEqual(['order.placed', 'order.paid']);
    expect(await pay(shop, 'stx2', { buyerId })).toMatchObject({ outcome: 'undeliverable' });
  });

  it('honours the previous price, and an order that has ended meanwhile', async () => {
    const shop = await open();
    const { orderId } = await ask(shop);
    await shop.in((tx) => products.update(tx, shop.productId, { stars: 60 }));
    await shop.in((tx) => endings.expire(tx, [orderId ?? ''], new Date(Date.now() + 2 * DAY)));
    expect(await states(shop)).toEqual(['expired']);
    expect(await pay(shop)).toMatchObject({ outcome: 'order', orderId });
    expect(await pay(shop)).toMatchObject({ outcome: 'order' });
    expect(await states(shop)).toEqual(['paid', 'paid']);
  });

  it("is held when its product belongs to another workspace, or its amount was never the product's price", async () => {
    const [shop, other] = [await open(), await open()];
    expect(await pay(shop, 'stx1', { payload: link(other) })).toMatchObject({
      outcome: 'unmatched',
      orderId: undefined,
    });
    expect(await pay(shop, 'stx2', {}, 1)).toMatchObject({ outcome: 'unmatched', orderId: undefined });
    await ask(shop);
    expect(await pay(shop, 'stx3', {}, 1)).toMatchObject({ outcome: 'mismatch' });
    expect(await ordersOf(other)).toEqual([]);
  });
});
