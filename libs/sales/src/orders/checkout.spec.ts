import { HOUR, SECOND, stars } from '#libs/kernel';
import { type PreCheckout, refuseCheckout, refuseUse, type Shelf } from './checkout.js';
import { type Delivery, isUnlocked, type Order, type OrderState, statusOf } from './order.js';
import { type ShelfColumns, shelfOf } from './shelf.js';

const now = new Date('2026-12-01T00:00:00Z');
const at = (ms: number) => new Date(now.getTime() + ms);

const order: Order = {
  id: 'order',
  botId: 'bot',
  buyerId: 7,
  productId: 'product',
  priceVersion: 3,
  stars: stars(50),
  promoCodeId: null,
  listStars: null,
  state: 'placed',
  billing: 'purchase',
  approvedQueryId: null,
  approvedAt: null,
  expiresAt: at(HOUR),
};
const query: PreCheckout = { queryId: 'q2', buyerId: 7, currency: 'XTR', amount: 50 };
const shelf: Shelf = {
  shopOpen: true,
  selling: 'open',
  unsellable: undefined,
  priceVersion: 3,
  stars: 50,
  limitPerBuyer: null,
  alreadyBought: 0,
  agreed: true,
  subscribed: false,
};
const approved = { state: 'approved', approvedQueryId: 'q1', approvedAt: now } as const;
const discounted = { stars: stars(40), listStars: stars(50), promoCodeId: 'promo' };

describe('a checkout', () => {
  it.each<[string, Partial<Order>, Partial<PreCheckout>, Partial<Shelf>, Date]>([
    ['of a placed order', {}, {}, {}, now],
    ['until the last millisecond of the order', {}, {}, {}, at(HOUR - 1)],
    ['at an old price version whose price has returned', {}, {}, { priceVersion: 5 }, now],
    ['with a promo code, while the list price stays', discounted, { amount: 40 }, { priceVersion: 5 }, now],
    ['at the same price version, whatever the list says', {}, {}, { stars: 60 }, now],
    ['within the limit', {}, {}, { limitPerBuyer: 2, alreadyBought: 1 }, now],
    ['that is requested again', approved, { queryId: 'q1' }, {}, now],
    ['three seconds after another attempt', approved, {}, {}, at(3 * SECOND)],
    ['after an approval that was not accepted', { ...approved, approvedQueryId: null }, {}, {}, now],
    ['after an approval without a time', { ...approved, approvedAt: null }, {}, {}, now],
    ['of an approved order when the month is used up', approved, { queryId: 'q1' }, { selling: 'month_used_up' }, now],
    ['of a placed order that still has approval fields', { ...approved, state: 'placed' }, {}, {}, now],
  ])('%s is approved', (_what, changes, asked, shop, moment) => {
    expect(refuseCheckout({ ...order, ...changes }, { ...query, ...asked }, { ...shelf, ...shop }, moment)).toBe(
      undefined,
    );
  });

  it.each<[string, Partial<Order>, Partial<PreCheckout>, Partial<Shelf>, Date, string]>([
    ['by another buyer', {}, { buyerId: 8 }, {}, now, 'other_buyer'],
    ['of a paid order', { state: 'paid' }, {}, {}, now, 'already_paid'],
    ['of a refunded order', { state: 'refunded' }, {}, {}, now, 'already_paid'],
    ['of a cancelled order', { state: 'cancelled' }, {}, {}, now, 'cancelled'],
    ['of an expired order', { state: 'expired' }, {}, {}, now, 'expired'],
    ['at the end of the order', {}, {}, {}, at(HOUR), 'expired'],
    ['right after another attempt', approved, {}, {}, at(3 * SECOND - 1), 'being_paid'],
    ['in another currency', {}, { currency: 'EUR' }, {}, now, 'price_changed'],
    ['of another amount', {}, { amount: 49 }, {}, now, 'price_changed'],
    ['at an old price', {}, {}, { priceVersion: 4, stars: 60 }, now, 'price_changed'],
    ['of a discount on an old price', discounted, { amount: 40 }, { priceVersion: 4, stars: 40 }, now, 'price_changed'],
    ['in a closed shop', {}, {}, { shopOpen: false }, now, 'shop_closed'],
    ['without agreeing to the terms', {}, {}, { agreed: false }, now, 'terms'],
    ['when the month is used up', {}, {}, { selling: 'month_used_up' }, now, 'month_used_up'],
    ['in a workspace that is being closed', {}, {}, { selling: 'closing' }, now, 'shop_closed'],
    ['of a sold-out product', {}, {}, { unsellable: 'sold_out' }, now, 'sold_out'],
    ['by a subscriber', {}, {}, { subscribed: true }, now, 'already_subscribed'],
    ['beyond the limit', {}, {}, { limitPerBuyer: 2, alreadyBought: 2 }, now, 'limit_reached'],
    ['far beyond the limit', {}, {}, { limitPerBuyer: 2, alreadyBought: 3 }, now, 'limit_reached'],
  ])('%s is refused', (_what, changes, asked, shop, moment, refusal) => {
    expect(refuseCheckout({ ...order, ...changes }, { ...query, ...asked }, { ...shelf, ...shop }, moment)).toBe(
      refusal,
    );
  });
});

describe('a use with credits', () => {
  it.each<[string, Partial<Shelf>, string | undefined]>([
    ['without a limit', { alreadyBought: 9 }, undefined],
    ['within the limit', { limitPerBuyer: 2, alreadyBought: 1 }, undefined],
    ['beyond the limit', { limitPerBuyer: 2, alreadyBought: 2 }, 'limit_reached'],
    ['of an archived product', { unsellable: 'archived', limitPerBuyer: 2, alreadyBought: 2 }, 'archived'],
  ])('%s: %s', (_what, changes, refusal) => {
    expect(refuseUse({ ...shelf, ...changes })).toBe(refusal);
  });
});

describe('the shelf', () => {
  const columns: ShelfColumns = {
    botState: 'active',
    tenantState: 'active',
    selling: 'open',
    productState: 'active',
    productPriceVersion: 3,
    productStars: 50,
    chatReady: true,
    stock: null,
    limitPerBuyer: 2,
    saleStartsAt: null,
    saleEndsAt: null,
  };
  const bought = { alreadyBought: 1, subscribed: false, agreed: true };
  const seen = (changes: Partial<ShelfColumns>, reserved = false) =>
    shelfOf({ ...columns, ...changes }, bought, reserved, now);

  it('shows the facts of the shop', () => {
    expect(seen({})).toEqual({ ...shelf, ...bought, limitPerBuyer: 2 });
  });

  it.each<[string, Partial<ShelfColumns>]>([
    ['a paused bot', { botState: 'paused' }],
    ['a workspace that may not sell', { tenantState: 'no_new_sales' }],
  ])('of %s is closed', (_what, changes) => expect(seen(changes).shopOpen).toBe(false));

  it('keeps the last unit for the order that has taken it', () => {
    expect(seen({ stock: 0 }).unsellable).toBe('sold_out');
    expect(seen({ stock: 0 }, true).unsellable).toBeUndefined();
    expect(seen({ stock: 1 }).unsellable).toBeUndefined();
    expect(seen({ stock: null }, true).unsellable).toBeUndefined();
  });
});

describe('the status of an order', () => {
  const status = (state: OrderState, delivery: Delivery, unlockedAt: Date | null = null) =>
    statusOf({ state, delivery, unlockedAt });

  it.each<[OrderState, Delivery, string]>([
    ['placed', 'none', 'placed'],
    ['refunded', 'delivered', 'refunded'],
    ['paid', 'delivered', 'delivered'],
    ['paid', 'failed', 'delivery_failed'],
    ['paid', 'unreachable', 'delivery_failed'],
    ['paid', 'waiting', 'delivering'],
    ['paid', 'generating', 'delivering'],
    ['paid', 'none', 'paid'],
    ['paid', 'revoked', 'paid'],
  ])('for %s with delivery %s is %s', (state, delivery, shown) => {
    expect(status(state, delivery)).toBe(shown);
  });

  it('is unlocked until the charge of its media is known', () => {
    expect(status('placed', 'none', now)).toBe('unlocked');
    expect(status('paid', 'delivered', now)).toBe('delivered');
    expect(status('refunded', 'revoked', now)).toBe('refunded');
    expect(isUnlocked({ state: 'placed', unlockedAt: null })).toBe(false);
  });
});
