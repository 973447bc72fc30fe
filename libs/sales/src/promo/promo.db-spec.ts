import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { DAY, HOUR, MINUTE, newUuid, NotFound, publicId } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { SPRING } from '../../../../test/support/promos.js';
import { openShop, paymentFor, salesServices, type Shop, telegramId } from '../../../../test/support/shop.js';
import type { OrderRow } from '../index.js';
import { InvalidPromoCode, PromoCodeTaken } from './promo.js';
import type { NewPromo } from './promo.service.js';

let db: Database;
let source: DataSource;
const { checkout, payments, refunds, endings, promos, buyers, products } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const offer = (shop: Shop, change: Partial<NewPromo> = {}) =>
  shop.in((tx) => promos.create(tx, { ...SPRING, botId: shop.botId, ...change }, new Date()));
const enter = (shop: Shop, code = 'Spring', buyerId = shop.buyerId) =>
  shop.in((tx) => promos.enter(tx, shop.botId, buyerId, code, new Date()));
let updateId = 0;
const place = (shop: Shop, buyerId = shop.buyerId, now = new Date()) => {
  updateId += 1;
  const placing = { ...shop, buyerId, updateId };
  return shop.in(async (tx) => (await checkout.place(tx, placing, now)).order);
};
const approve = (shop: Shop, order: OrderRow, queryId = newUuid()) => {
  const query = { queryId, buyerId: order.buyerId, currency: 'XTR', amount: order.stars };
  return shop.in((tx) => checkout.approve(tx, order.botId, publicId('order', order.id), query, new Date()));
};
const pay = (shop: Shop, order: OrderRow) => shop.in((tx) => payments.record(tx, paymentFor(order), new Date()));
const standing = (shop: Shop, id: string) => shop.in((tx) => promos.get(tx, id));
const usesOf = async (shop: Shop, id: string) => (await standing(shop, id)).promo.uses;

describe('a use of a code by an approval that Telegram did not accept', () => {
  it('is free for the next order of the same buyer', async () => {
    const shop = await openShop(db);
    const { id } = await offer(shop, { maxUses: 1, maxUsesPerBuyer: 1 });
    await enter(shop);
    const [first, second] = [await place(shop), await place(shop)];
    expect(await approve(shop, first, 'one')).toMatchObject({ ok: true });
    expect(await approve(shop, second, 'two')).toMatchObject({ ok: false, refusal: 'promo_ended' });
    await shop.in((tx) => endings.disapprove(tx, first.id, 'one', 'refused', new Date()));
    expect(await usesOf(shop, id)).toBe(0);
    expect(await approve(shop, second, 'two')).toMatchObject({ ok: true });
    expect(await usesOf(shop, id)).toBe(1);
  });
});

describe('guessing promo codes', () => {
  it('is blocked after ten wrong codes, even for valid ones, until an hour has passed', async () => {
    const shop = await openShop(db);
    await offer(shop);
    const wrong = await Promise.all(Array.from({ length: 12 }, (_, n) => enter(shop, `guess-${n}`)));
    expect(wrong.map(({ kind }) => kind).toSorted()).toEqual([
      'too_many',
      'too_many',
      ...Array<string>(10).fill('unknown'),
    ]);
    expect(await enter(shop)).toEqual({ kind: 'too_many' });
    const other = telegramId();
    await shop.in((tx) => buyers.remember(tx, shop.botId, { id: other, first_name: 'Other' }));
    expect(await enter(shop, 'spring', other)).toMatchObject({ kind: 'kept' });
    const later = new Date(Date.now() + 61 * MINUTE);
    expect(await shop.in((tx) => promos.enter(tx, shop.botId, shop.buyerId, 'spring', later))).toMatchObject({
      kind: 'kept',
    });
  });

  it('does not include valid codes or codes that have ended', async () => {
    const shop = await openShop(db);
    await offer(shop);
    await offer(shop, { code: 'over', endsAt: new Date(0) });
    for (let n = 0; n < 12; n += 1)
      expect(await enter(shop, n % 2 === 0 ? 'spring' : 'over')).not.toEqual({ kind: 'too_many' });
  });
});

describe('a promo code', () => {
  it('lowers the price of purchases for a buyer who entered it, and the order keeps both prices', async () => {
    const shop = await openShop(db);
    const { id } = await offer(shop);
    expect(await place(shop)).toMatchObject({ stars: 50, listStars: null, promoCodeId: null });
    expect(await enter(shop, ' sPRing ')).toMatchObject({ kind: 'kept', product: undefined });
    const order = await place(shop);
    expect(order).toMatchObject({ stars: 40, listStars: 50, promoCodeId: id });
    expect(await usesOf(shop, id)).toBe(0);
    expect(await approve(shop, order)).toMatchObject({ ok: true });
    await pay(shop, order);
    expect(await standing(shop, id)).toMatchObject({ promo: { uses: 1 }, paid: 1, givenAway: 10 });
  });

  it('changes no other prices if it is for one product', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    const input = {
      botId: shop.botId,
      kind: 'text',
      title: 'Two',
      description: 'Two',
      stars: 9,
      content: 'x',
    } as const;
    const second = await shop.in((tx) => products.create(tx, input));
    await offer(shop, { productId: second.id });
    expect(await enter(shop)).toMatchObject({ kind: 'kept', product: 'Two' });
    expect((await place(shop)).stars).toBe(50);
    expect((await place({ ...shop, productId: second.id })).stars).toBe(7);
    await expect(offer(shop, { code: 'other', productId: other.productId })).rejects.toThrow(NotFound);
  });

  it('is unique in a bot, has one kind of discount, and ends after its start', async () => {
    const shop = await openShop(db);
    await offer(shop);
    await expect(offer(shop, { code: 'SPRING' })).rejects.toThrow(PromoCodeTaken);
    await expect(offer(shop, { code: 'a b' })).rejects.toThrow(InvalidPromoCode);
    await expect(offer(shop, { code: 'two', starsOff: 5 })).rejects.toThrow(InvalidPromoCode);
    await expect(offer(shop, { code: 'none', percentOff: null })).rejects.toThrow(InvalidPromoCode);
    const [early, late] = [new Date(1_000), new Date(2_000)];
    await expect(offer(shop, { code: 'back', startsAt: late, endsAt: early })).rejects.toThrow(InvalidPromoCode);
  });

  it('has no effect once it has ended, and an earlier invoice is refused before the payment', async () => {
    const shop = await openShop(db);
    const { id } = await offer(shop);
    expect(await enter(shop, 'nobody')).toEqual({ kind: 'unknown' });
    await enter(shop);
    const order = await place(shop);
    await shop.in((tx) => promos.setState(tx, id, 'archived', new Date()));
    expect(await approve(shop, order)).toMatchObject({ ok: false, refusal: 'promo_ended' });
    expect(await enter(shop)).toEqual({ kind: 'ended' });
    expect((await place(shop)).stars).toBe(50);
    await shop.in((tx) => promos.setState(tx, id, 'active', new Date()));
    expect(await approve(shop, order)).toMatchObject({ ok: true });
  });
});

describe('an invoice with a promo code', () => {
  /** Places an order of 40 Stars instead of 50. */
  async function discounted(change: Parameters<typeof offer>[1] = {}) {
    const shop = await openShop(db);
    const { id } = await offer(shop, change);
    await enter(shop);
    return { shop, id, order: await place(shop) };
  }
  const raise = (shop: Shop, stars: number) => shop.in((tx) => products.update(tx, shop.productId, { stars }));
  const moves = (id: string, column: 'starts_at' | 'ends_at', ms: number, shop: Shop) =>
    shop.in((tx) => tx.query(`update promo_codes set ${column} = $2 where id = $1`, [id, new Date(Date.now() + ms)]));

  it('is refused after the price was raised, and accepted when it is restored', async () => {
    const { shop, order } = await discounted();
    await raise(shop, 60);
    expect(await approve(shop, order)).toMatchObject({ ok: false, refusal: 'price_changed' });
    await raise(shop, 50);
    expect(await approve(shop, order)).toMatchObject({ ok: true });
  });

  it.each([
    ['start was postponed', 'starts_at', HOUR],
    ['end was brought forward', 'ends_at', -1],
  ] as const)('is refused when the %s after it was created', async (_why, column, ms) => {
    const { shop, id, order } = await discounted();
    await moves(id, column, ms, shop);
    expect(await approve(shop, order)).toMatchObject({ ok: false, refusal: 'promo_ended' });
    expect(await usesOf(shop, id)).toBe(0);
  });
});

describe('a use of a promo code', () => {
  it('is counted once per order, however often the order is approved and paid', async () => {
    const shop = await openShop(db);
    const { id } = await offer(shop, { maxUses: 1, maxUsesPerBuyer: 1 });
    await enter(shop);
    const order = await place(shop);
    await approve(shop, order, 'one');
    await approve(shop, order, 'one');
    const payment = paymentFor(order);
    await Promise.all([0, 1].map(() => shop.in((tx) => payments.record(tx, payment, new Date()))));
    expect(await usesOf(shop, id)).toBe(1);
    expect((await place(shop)).stars).toBe(50);
  });

  it('is limited to three of twenty concurrent buyers', async () => {
    const shop = await openShop(db, { stock: 20 });
    const { id } = await offer(shop, { maxUses: 3 });
    const people = Array.from({ length: 20 }, () => telegramId());
    await shop.in(async (tx) => {
      for (const person of people) await buyers.remember(tx, shop.botId, { id: person, first_name: 'B' });
    });
    for (const person of people) await enter(shop, 'SPRING', person);
    const orders = await Promise.all(people.map((person) => place(shop, person)));
    expect(new Set(orders.map((order) => order.stars))).toEqual(new Set([40]));
    const answers = await Promise.all(orders.map((order) => approve(shop, order)));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(3);
    expect(await usesOf(shop, id)).toBe(3);
    // A buyer who was refused because of the code takes no unit of the product.
    expect(await shop.in(async (tx) => (await products.get(tx, shop.productId)).stock)).toBe(17);
  });

  it('is limited to one for a buyer who pays two invoices concurrently', async () => {
    const shop = await openShop(db);
    const { id } = await offer(shop, { maxUsesPerBuyer: 1 });
    await enter(shop);
    const orders = [await place(shop), await place(shop)];
    const answers = await Promise.all(orders.map((order) => approve(shop, order)));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect(await usesOf(shop, id)).toBe(1);
  });

  it('is returned once when the order ends unpaid, is abandoned or is refunded', async () => {
    const shop = await openShop(db);
    const { id } = await offer(shop, { maxUses: 1 });
    await enter(shop);
    const cancelled = await place(shop);
    await approve(shop, cancelled);
    await shop.in((tx) => endings.cancel(tx, cancelled.id, new Date()));
    await shop.in((tx) => endings.cancel(tx, cancelled.id, new Date()));
    expect(await usesOf(shop, id)).toBe(0);

    const forsaken = await place(shop);
    await approve(shop, forsaken);
    const later = new Date(Date.now() + 11 * MINUTE);
    const found = await db.inPlatform('a test', (tx) => endings.forsaken(tx, later, 1_000));
    expect(found.find(({ tenantId }) => tenantId === shop.tenantId)?.orderIds).toEqual([forsaken.id]);
    for (const _ of [1, 2]) await shop.in((tx) => endings.release(tx, [forsaken.id], later));
    expect(await usesOf(shop, id)).toBe(0);

    const paid = await place(shop);
    await approve(shop, paid);
    await pay(shop, paid);
    const refund = await shop.in((tx) => refunds.request(tx, paid.id, { reason: null, by: 'test' }, new Date()));
    expect(await usesOf(shop, id)).toBe(1);
    for (const _ of [1, 2]) await shop.in((tx) => refunds.succeed(tx, refund.id, new Date()));
    expect(await standing(shop, id)).toMatchObject({ promo: { uses: 0 }, paid: 0, givenAway: 0 });
  });

  it('is counted again when a late payment arrives after its release', async () => {
    const shop = await openShop(db);
    const { id } = await offer(shop, { maxUses: 1 });
    await enter(shop);
    const order = await place(shop);
    await approve(shop, order);
    const later = new Date(Date.now() + 2 * DAY);
    await shop.in((tx) => endings.expire(tx, [order.id], later));
    const next = await place(shop);
    await approve(shop, next);
    expect(await pay(shop, order)).toMatchObject({ outcome: 'order' });
    expect(await usesOf(shop, id)).toBe(2);
  });
});

describe('another tenant', () => {
  it('cannot see, change, end or use a code', async () => {
    const [shop, stranger] = [await openShop(db), await openShop(db)];
    const { id } = await offer(shop);
    await expect(standing(stranger, id)).rejects.toThrow(NotFound);
    await expect(stranger.in((tx) => promos.change(tx, id, { maxUses: 1 }, new Date()))).rejects.toThrow(NotFound);
    await expect(stranger.in((tx) => promos.setState(tx, id, 'archived', new Date()))).rejects.toThrow(NotFound);
    expect(await stranger.in((tx) => promos.list(tx, { limit: 10 }))).toEqual([]);
    expect(await enter(stranger)).toEqual({ kind: 'unknown' });
    const theirs = stranger.in((tx) => promos.enter(tx, shop.botId, shop.buyerId, 'SPRING', new Date()));
    expect(await theirs).toEqual({ kind: 'unknown' });
  });
});
