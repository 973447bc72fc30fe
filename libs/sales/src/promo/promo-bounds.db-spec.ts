import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { HOUR, newUuid, NotFound, publicId } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { SPRING } from '../../../../test/support/promos.js';
import { openShop, paymentFor, salesServices, type Shop, telegramId } from '../../../../test/support/shop.js';
import type { OrderRow } from '../index.js';
import { InvalidPromoCode, MAX_GUESSES } from './promo.js';
import type { NewPromo } from './promo.service.js';

let db: Database;
let source: DataSource;
const { checkout, payments, promos, products, buyers } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const now = new Date();
const later = (ms: number) => new Date(now.getTime() + ms);
const offer = (shop: Shop, change: Partial<NewPromo> = {}) =>
  shop.in((tx) => promos.create(tx, { ...SPRING, botId: shop.botId, ...change }, now));
const enter = (shop: Shop, code = 'spring', at = now, buyerId = shop.buyerId) =>
  shop.in((tx) => promos.enter(tx, shop.botId, buyerId, code, at));
let updateId = 8_000_000;
const place = (shop: Shop, at = now, productId = shop.productId) => {
  updateId += 1;
  const placing = { ...shop, productId, updateId };
  return shop.in(async (tx) => (await checkout.place(tx, placing, at)).order);
};
const approve = (shop: Shop, order: OrderRow, at = now) => {
  const query = { queryId: newUuid(), buyerId: order.buyerId, currency: 'XTR', amount: order.stars };
  return shop.in((tx) => checkout.approve(tx, order.botId, publicId('order', order.id), query, at));
};

describe('a code with a validity period', () => {
  it('is accepted from its start until just before its end', async () => {
    const shop = await openShop(db);
    await offer(shop, { startsAt: now, endsAt: later(HOUR) });
    await enter(shop);
    const [first, last] = [await place(shop), await place(shop)];
    const [early, late] = [await place(shop), await place(shop)];
    expect(await approve(shop, early, later(-1))).toMatchObject({ ok: false, refusal: 'promo_ended' });
    expect(await approve(shop, first)).toMatchObject({ ok: true });
    expect(await approve(shop, last, later(HOUR - 1))).toMatchObject({ ok: true });
    expect(await approve(shop, late, later(HOUR))).toMatchObject({ ok: false, refusal: 'promo_ended' });
  });

  it('needs an end after its start, even when it is changed', async () => {
    const shop = await openShop(db);
    await expect(offer(shop, { startsAt: now, endsAt: now })).rejects.toThrow(InvalidPromoCode);
    const { id } = await offer(shop, { startsAt: now, endsAt: later(1) });
    const change = (endsAt: Date | null) => shop.in((tx) => promos.change(tx, id, { endsAt }, now));
    await expect(change(now)).rejects.toThrow(InvalidPromoCode);
    expect((await change(null)).promo).toMatchObject({ startsAt: now, endsAt: null });
    await expect(shop.in((tx) => promos.change(tx, newUuid(), {}, now))).rejects.toThrow(NotFound);
    await expect(shop.in((tx) => promos.setState(tx, newUuid(), 'archived', now))).rejects.toThrow(NotFound);
  });
});

describe('the limit on guesses', () => {
  it('ends exactly an hour after the first guess', async () => {
    const shop = await openShop(db);
    await offer(shop);
    for (let n = 0; n < MAX_GUESSES; n += 1) expect((await enter(shop, 'wrong')).kind).toBe('unknown');
    expect((await enter(shop)).kind).toBe('too_many');
    expect((await enter(shop, 'spring', later(HOUR - 1))).kind).toBe('too_many');
    expect((await enter(shop, 'spring', later(HOUR))).kind).toBe('kept');
  });

  it('applies per bot and per buyer, and ignores valid codes', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    const friend = { ...shop, buyerId: telegramId() };
    await shop.in((tx) => buyers.introduce(tx, shop.botId, { id: friend.buyerId }));
    await offer(shop);
    await offer(other, { code: 'theirs' });
    for (let n = 0; n < 3 * MAX_GUESSES; n += 1) expect((await enter(shop)).kind).toBe('kept');
    expect((await enter(shop, 'theirs')).kind).toBe('unknown');
    for (let n = 0; n < MAX_GUESSES; n += 1) await enter(shop, 'wrong');
    expect((await enter(shop)).kind).toBe('too_many');
    expect((await enter(friend)).kind).toBe('kept');
    expect((await enter(other, 'theirs')).kind).toBe('kept');
  });
});

describe('the answer to an entered code', () => {
  it.each([
    ['a bot without plans', false],
    ['a bot with plans', true],
  ])('mentions excluded plans if there are any: %s', async (_which, exceptPlans) => {
    const shop = await openShop(db, exceptPlans ? { kind: 'subscription', content: undefined, stars: 500 } : {});
    await offer(shop);
    expect(await enter(shop)).toMatchObject({ kind: 'kept', product: undefined, exceptPlans });
    if (exceptPlans) {
      await shop.in((tx) => products.archive(tx, shop.productId));
      expect(await enter(shop)).toMatchObject({ exceptPlans: false });
    }
  });

  it('names the product of the code', async () => {
    const shop = await openShop(db);
    await offer(shop, { productId: shop.productId });
    const { title } = await shop.in((tx) => products.get(tx, shop.productId));
    expect(await enter(shop)).toMatchObject({ kind: 'kept', product: title, exceptPlans: false });
  });
});

describe('a code of a creator', () => {
  it('needs a bot and a product of the creator, and a bot that was not removed', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    await expect(offer(shop, { botId: other.botId })).rejects.toThrow(NotFound);
    await expect(offer(shop, { productId: other.productId })).rejects.toThrow(NotFound);
    const both = { percentOff: 20, starsOff: 5 };
    for (const wrong of [both, { percentOff: null }])
      await expect(offer(shop, wrong)).rejects.toThrow(InvalidPromoCode);
    await shop.in((tx) => tx.query(`update bots set state = 'removed' where id = $1`, [shop.botId]));
    await expect(offer(shop)).rejects.toThrow(NotFound);
  });

  it('is listed by bot and by state', async () => {
    const shop = await openShop(db);
    const [one, two] = [await offer(shop), await offer(shop, { code: 'summer' })];
    await shop.in((tx) => promos.setState(tx, one.id, 'archived', now));
    const list = async (filter: object) =>
      (await shop.in((tx) => promos.list(tx, { limit: 10, ...filter }))).map(({ promo }) => promo.id);
    expect(await list({})).toEqual([two.id, one.id]);
    expect(await list({ state: 'archived' })).toEqual([one.id]);
    expect(await list({ botId: shop.botId, state: 'active' })).toEqual([two.id]);
    expect(await list({ botId: newUuid() })).toEqual([]);
  });

  it('counts paid orders and their discounts, but not approvals', async () => {
    const shop = await openShop(db);
    const { id } = await offer(shop);
    const standing = () => shop.in((tx) => promos.get(tx, id));
    expect(await standing()).toMatchObject({ paid: 0, givenAway: 0 });
    await enter(shop);
    const [paid, approved] = [await place(shop), await place(shop)];
    for (const order of [paid, approved]) await approve(shop, order);
    await shop.in((tx) => payments.record(tx, paymentFor(paid), now));
    expect(await standing()).toMatchObject({ paid: 1, givenAway: 10, promo: { uses: 2 } });
  });
});
