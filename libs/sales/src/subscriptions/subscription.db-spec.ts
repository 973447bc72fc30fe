import type { DataSource } from 'typeorm';
import type { NewProduct } from '#libs/catalog';
import type { Database } from '#libs/database';
import { DAY, newUuid, NotFound, publicId } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop, telegramId } from '../../../../test/support/shop.js';
import { SubscriptionOver, SubscriptionUnnamed } from './subscription.js';
import { NotForSale, type OrderRow, type Payment } from '../index.js';

let db: Database;
let source: DataSource;
const { buyers, checkout, payments, refunds, orders, ledger, subscriptions, subscriptionList } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const PLAN: Partial<NewProduct> = { kind: 'subscription', content: undefined, stars: 500 };
const now = new Date();
const later = (days: number) => new Date(now.getTime() + days * DAY);

let updateId = 1_000_000;
async function place(shop: Shop): Promise<OrderRow> {
  updateId += 1;
  return shop.in(async (tx) => (await checkout.place(tx, { ...shop, updateId }, now)).order);
}
const recurring = (days: number, first: boolean | undefined) => ({
  occurredAt: later(days),
  recurring: { until: later(days + 30), first },
});
const pay = (shop: Shop, order: OrderRow, changes: Partial<Payment>) =>
  shop.in((tx) => payments.record(tx, paymentFor(order, changes), changes.occurredAt ?? now));
const get = (shop: Shop, order: OrderRow) => shop.in((tx) => subscriptionList.get(tx, order.id));
const renewals = (shop: Shop, order: OrderRow) =>
  shop.in((tx) =>
    tx.query<OrderRow>(`select * from orders where tenant_id = $1 and subscription_id = $2 and id <> $2 order by id`, [
      tx.tenantId,
      order.id,
    ]),
  );
const facts = (shop: Shop) =>
  shop.in(async (tx) => {
    const rows = await tx.query<{ type: string }>(
      `select type from events where tenant_id = $1 and type like 'subscription.%' order by created_at, id`,
      [tx.tenantId],
    );
    return rows.map((row) => row.type.replace('subscription.', ''));
  });
const jobs = (shop: Shop, kind: string) =>
  shop.in((tx) => tx.query(`select subject from jobs where tenant_id = $1 and kind = $2`, [tx.tenantId, kind]));

/** Creates a plan with the subscription of a buyer. */
async function subscribed() {
  const shop = await openShop(db, PLAN);
  const order = await place(shop);
  const first = { ...recurring(0, true), telegramChargeId: `stx${newUuid()}` };
  await pay(shop, order, first);
  return { shop, order, first };
}

describe('a subscription', () => {
  it('starts with its first payment, and lasts as long as Telegram says', async () => {
    const { shop, order, first } = await subscribed();
    expect(await get(shop, order)).toMatchObject({
      id: order.id,
      state: 'active',
      stars: 500,
      renewals: 0,
      paidUntil: later(30),
      accessUntil: later(31),
      firstChargeId: first.telegramChargeId,
    });
    const { order: paid } = await shop.in((tx) => orders.details(tx, order.id));
    expect(paid).toMatchObject({ state: 'paid', billing: 'subscription_start', subscriptionId: order.id });
    expect(await facts(shop)).toEqual(['created']);
    expect(await jobs(shop, 'subscription.watch')).toEqual([{ subject: order.id }]);
  });

  it('is renewed by a separate order per payment, once for repeated and concurrent reports', async () => {
    const { shop, order } = await subscribed();
    const renewal = { ...recurring(30, false), telegramChargeId: `stx${newUuid()}` };
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => pay(shop, order, renewal)));
    expect(outcomes.filter(({ outcome }) => outcome === 'order')).toHaveLength(1);
    expect((await pay(shop, order, renewal)).outcome).toBe('already_recorded');
    expect(await renewals(shop, order)).toMatchObject([{ state: 'paid', billing: 'subscription_renewal', stars: 500 }]);
    expect(await get(shop, order)).toMatchObject({ state: 'active', renewals: 1, paidUntil: later(60) });
    expect(await shop.in((tx) => ledger.balance(tx, shop.botId, 'earned'))).toBe(-1_000);
    expect(await facts(shop)).toEqual(['created', 'renewed']);
  });

  it('does not depend on the order in which its payments are reported', async () => {
    const [shop, first, second] = [
      await openShop(db, PLAN),
      { ...recurring(0, true), telegramChargeId: `stx${newUuid()}` },
      { ...recurring(30, false), telegramChargeId: `stx${newUuid()}` },
    ];
    const order = await place(shop);
    await pay(shop, order, second);
    await expect(shop.in((tx) => subscriptions.cancel(tx, order.id, 'creator', now))).rejects.toThrow(
      SubscriptionUnnamed,
    );
    await pay(shop, order, first);
    expect(await get(shop, order)).toMatchObject({ paidUntil: later(60), firstChargeId: first.telegramChargeId });
    expect(await shop.in((tx) => ledger.balance(tx, shop.botId, 'held'))).toBe(0);
  });

  it('is refunded and stopped at Telegram when it is paid a second time through its link', async () => {
    const { shop, order } = await subscribed();
    const again = await pay(shop, order, recurring(0, true));
    expect(again.outcome).toBe('duplicate');
    const { refunds: asked } = await shop.in((tx) => orders.details(tx, order.id));
    expect(asked).toMatchObject([{ state: 'requested', requestedBy: 'system' }]);
    expect(await jobs(shop, 'subscription.stop')).toHaveLength(1);
    expect(await get(shop, order)).toMatchObject({ state: 'active', renewals: 0, paidUntil: later(30) });
  });

  it('is held as an unmatched payment if it belongs to another shop', async () => {
    const shop = await openShop(db, PLAN);
    const order = await place(shop);
    const foreign = await pay(shop, order, { ...recurring(0, false), payload: 'sub_01JZ8K3M9Q' });
    expect(foreign.outcome).toBe('unmatched');
    expect(await jobs(shop, 'subscription.stop')).toEqual([]);
  });

  it('is unique per buyer, but can be bought again once it no longer renews', async () => {
    const shop = await openShop(db, PLAN);
    const [order, second] = [await place(shop), await place(shop)];
    await pay(shop, order, recurring(0, true));
    await expect(place(shop)).rejects.toMatchObject({ reason: 'already_subscribed' });
    const query = { queryId: newUuid(), buyerId: order.buyerId, currency: 'XTR', amount: 500 };
    const approve = () => shop.in((tx) => checkout.approve(tx, shop.botId, publicId('order', second.id), query, now));
    expect(await approve()).toMatchObject({ ok: false, refusal: 'already_subscribed' });
    await report(shop, order, 'canceled');
    expect(await approve()).toMatchObject({ ok: true });
    expect(await place(shop)).toMatchObject({ billing: 'subscription_start' });
  });

  it('still counts while it is past due: no second one is placed or approved', async () => {
    const shop = await openShop(db, PLAN);
    const [order, second] = [await place(shop), await place(shop)];
    await pay(shop, order, recurring(0, true));
    await report(shop, order, 'failed', 30);
    expect(await get(shop, order)).toMatchObject({ state: 'past_due' });
    await expect(place(shop)).rejects.toMatchObject({ reason: 'already_subscribed' });
    const query = { queryId: newUuid(), buyerId: order.buyerId, currency: 'XTR', amount: 500 };
    const asked = shop.in((tx) => checkout.approve(tx, shop.botId, publicId('order', second.id), query, now));
    expect(await asked).toMatchObject({ ok: false, refusal: 'already_subscribed' });
  });

  it('approves a query about its next period', async () => {
    const { shop, order } = await subscribed();
    const ask = (days: number, amount = 500) => {
      const query = { queryId: newUuid(), buyerId: order.buyerId, currency: 'XTR', amount };
      return shop.in((tx) => checkout.approve(tx, shop.botId, publicId('order', order.id), query, later(days)));
    };
    expect(await ask(30)).toMatchObject({ ok: true });
    expect(await ask(1)).toMatchObject({ ok: false, refusal: 'already_paid' });
    expect(await ask(30, 499)).toMatchObject({ ok: false });
  });
});

const report = (shop: Shop, order: OrderRow, state: 'active' | 'canceled' | 'failed', day = 1) =>
  shop.in((tx) =>
    subscriptions.report(tx, { botId: shop.botId, buyerId: order.buyerId, id: order.id }, state, later(day)),
  );

describe('a report by Telegram', () => {
  it('changes the state once, with its reason, and is recorded', async () => {
    const { shop, order } = await subscribed();
    await report(shop, order, 'failed');
    expect(await get(shop, order)).toMatchObject({ state: 'past_due', accessUntil: later(31) });
    await report(shop, order, 'active');
    await report(shop, order, 'canceled', 2);
    expect(await report(shop, order, 'canceled', 3)).toBeUndefined();
    expect(await get(shop, order)).toMatchObject({
      state: 'canceled',
      canceledBy: 'buyer',
      canceledAt: later(2),
      accessUntil: later(30),
    });
    expect(await facts(shop)).toEqual(['created', 'payment_failed', 'resumed', 'canceled']);
  });

  it('changes nothing for another buyer or another bot', async () => {
    const { shop, order } = await subscribed();
    const of = { botId: shop.botId, buyerId: order.buyerId, id: order.id };
    const tell = (changes: object) => shop.in((tx) => subscriptions.report(tx, { ...of, ...changes }, 'canceled', now));
    expect(await tell({ buyerId: 1 })).toBeUndefined();
    expect(await tell({ botId: newUuid() })).toBeUndefined();
    expect((await get(shop, order)).state).toBe('active');
  });
});

describe('a cancellation', () => {
  it('is pending until Telegram has made it, and repeated requests count once', async () => {
    const { shop, order, first } = await subscribed();
    const cancel = () => shop.in((tx) => subscriptions.cancel(tx, order.id, 'creator', now));
    await Promise.all([cancel(), cancel()]);
    expect(await get(shop, order)).toMatchObject({ state: 'active', wish: 'cancel' });
    expect(await jobs(shop, 'subscription.edit')).toHaveLength(1);
    expect(await shop.in((tx) => subscriptions.edit(tx, order.id))).toEqual({
      wish: 'cancel',
      botId: shop.botId,
      buyerId: order.buyerId,
      firstChargeId: first.telegramChargeId,
    });
    const done = () => shop.in((tx) => subscriptions.edited(tx, order.id, 'cancel', later(1)));
    await done();
    await done();
    expect(await get(shop, order)).toMatchObject({
      state: 'canceled',
      wish: null,
      locked: true,
      canceledBy: 'creator',
      accessUntil: later(30),
    });
    await cancel();
    expect(await facts(shop)).toEqual(['created', 'updated', 'canceled']);
  });

  it('can be undone, after which the buyer can enable the subscription again', async () => {
    const { shop, order } = await subscribed();
    await shop.in((tx) => subscriptions.cancel(tx, order.id, 'creator', now));
    await shop.in((tx) => subscriptions.edited(tx, order.id, 'cancel', now));
    await shop.in((tx) => subscriptions.resume(tx, order.id, now));
    await shop.in((tx) => subscriptions.edited(tx, order.id, 'resume', now));
    expect(await get(shop, order)).toMatchObject({ state: 'canceled', locked: false, wish: null });
    await report(shop, order, 'active');
    expect(await get(shop, order)).toMatchObject({ state: 'active', canceledBy: null });
  });

  it('leaves the subscription unchanged, with the reason, when Telegram refuses it', async () => {
    const { shop, order } = await subscribed();
    await shop.in((tx) => subscriptions.cancel(tx, order.id, 'buyer', now));
    await shop.in((tx) => subscriptions.editFailed(tx, order.id, 'cancel', 'Bad Request: no', now));
    expect(await get(shop, order)).toMatchObject({ state: 'active', wish: null, wishFailure: 'Bad Request: no' });
  });

  it('is refused for another workspace and for an ended subscription', async () => {
    const { shop, order } = await subscribed();
    const other = await openShop(db);
    await expect(other.in((tx) => subscriptions.cancel(tx, order.id, 'creator', now))).rejects.toThrow(NotFound);
    await expect(other.in((tx) => subscriptionList.get(tx, order.id))).rejects.toThrow(NotFound);
    await shop.in((tx) => subscriptions.end(tx, order.id, later(31)));
    await expect(shop.in((tx) => subscriptions.cancel(tx, order.id, 'creator', now))).rejects.toThrow(SubscriptionOver);
  });
});

describe('the end of a subscription', () => {
  it('comes once, when access is over', async () => {
    const { shop, order } = await subscribed();
    expect(await shop.in((tx) => subscriptions.end(tx, order.id, later(30)))).toBe(false);
    expect(await shop.in((tx) => subscriptions.end(tx, order.id, later(31)))).toBe(true);
    expect(await shop.in((tx) => subscriptions.end(tx, order.id, later(32)))).toBe(false);
    expect(await facts(shop)).toEqual(['created', 'ended']);
  });

  it('is undone by a late renewal, because the money is real', async () => {
    const { shop, order } = await subscribed();
    await shop.in((tx) => subscriptions.end(tx, order.id, later(31)));
    await pay(shop, order, recurring(32, false));
    expect(await get(shop, order)).toMatchObject({ state: 'active', endedAt: null, paidUntil: later(62) });
  });
});

describe('a refund', () => {
  const refund = async (shop: Shop, orderId: string) => {
    const asked = await shop.in((tx) => refunds.request(tx, orderId, { reason: null, by: 'test' }, now));
    return asked.id;
  };

  it('of the only payment ends access at once and asks Telegram to stop charging', async () => {
    const { shop, order } = await subscribed();
    await refund(shop, order.id);
    expect(await get(shop, order)).toMatchObject({ state: 'ended', wish: 'cancel', canceledBy: 'refund' });
    expect(await facts(shop)).toEqual(['created', 'ended']);
    await shop.in((tx) => subscriptions.edited(tx, order.id, 'cancel', now));
    expect(await get(shop, order)).toMatchObject({ state: 'ended', wish: null, locked: true });
  });

  it('of the only payment keeps the subscription canceled, whatever renewal is reported later', async () => {
    const { shop, order } = await subscribed();
    await refund(shop, order.id);
    await shop.in((tx) => subscriptions.edited(tx, order.id, 'cancel', later(1)));
    await pay(shop, order, recurring(30, false));
    expect(await get(shop, order)).toMatchObject({
      state: 'canceled',
      locked: true,
      canceledAt: later(1),
      paidUntil: later(60),
      accessUntil: later(60),
    });
  });

  it('of a renewal keeps the access of the previous payment', async () => {
    const { shop, order } = await subscribed();
    await pay(shop, order, recurring(29, false));
    const [renewal] = await renewals(shop, order);
    await refund(shop, String(renewal?.id));
    expect(await get(shop, order)).toMatchObject({ state: 'active', wish: 'cancel', paidUntil: later(30) });
  });

  it('restores access when Telegram refuses it', async () => {
    const { shop, order } = await subscribed();
    const id = await refund(shop, order.id);
    await shop.in((tx) => refunds.begin(tx, id, now));
    await shop.in((tx) => refunds.fail(tx, id, 'Bad Request: BALANCE_TOO_LOW', now));
    expect(await get(shop, order)).toMatchObject({ state: 'canceled', paidUntil: later(30), endedAt: null });
  });

  it('is booked like any other', async () => {
    const { shop, order } = await subscribed();
    await pay(shop, order, recurring(30, false));
    const [renewal] = await renewals(shop, order);
    const id = await refund(shop, String(renewal?.id));
    await shop.in((tx) => refunds.begin(tx, id, now));
    await shop.in((tx) => refunds.succeed(tx, id, now));
    expect(await shop.in((tx) => ledger.balance(tx, shop.botId, 'earned'))).toBe(-500);
    expect(await renewals(shop, order)).toMatchObject([{ state: 'refunded' }]);
  });
});

it('figures show running subscriptions, their monthly income, and those that started and ended', async () => {
  const { shop } = await subscribed();
  const period = { from: later(-1), to: later(2) };
  const [all, plan] = await shop.in((tx) => subscriptionList.figures(tx, period, undefined));
  expect(all).toEqual({ ...plan, productId: null });
  expect(plan).toEqual({
    productId: shop.productId,
    active: 1,
    pastDue: 0,
    canceled: 0,
    monthlyStars: 500,
    started: 1,
    ended: 0,
  });
});

it('a plan has a price that Telegram accepts, and sells nothing but itself', async () => {
  await expect(openShop(db, { ...PLAN, stars: 10_001 })).rejects.toThrow();
  await expect(openShop(db, { ...PLAN, content: 'text' })).rejects.toThrow();
  await expect(openShop(db, { ...PLAN, terms: { subscription: { periodSeconds: 86_400 } } })).rejects.toThrow();
  const shop = await openShop(db, { ...PLAN, stock: 0 });
  await expect(place(shop)).rejects.toThrow(NotForSale);
});

describe('a report that arrives before its payment', () => {
  const reports = (
    shop: Shop,
    order: OrderRow,
    report: 'active' | 'canceled' | 'failed',
    day: number,
    buyerId = shop.buyerId,
  ) => shop.in((tx) => subscriptions.report(tx, { botId: shop.botId, buyerId, id: order.id }, report, later(day)));
  const unpaid = async () => {
    const shop = await openShop(db, PLAN);
    return { shop, order: await place(shop) };
  };

  it('is stored, and applied once when the payment arrives', async () => {
    const { shop, order } = await unpaid();
    expect(await reports(shop, order, 'canceled', 2)).toBeUndefined();
    await reports(shop, order, 'canceled', 2);
    await pay(shop, order, recurring(0, true));
    expect(await get(shop, order)).toMatchObject({
      state: 'canceled',
      canceledBy: 'buyer',
      canceledAt: later(2),
      accessUntil: later(30),
    });
    expect(await facts(shop)).toEqual(['created', 'canceled']);
  });

  it.each([
    ['a reconciliation finds the payment', { first: undefined, source: 'reconciliation' as const }],
    ['the payment comes as an update', { first: true, source: 'update' as const }],
  ])('ends the renewal even when %s', async (_what, { first, source: from }) => {
    const { shop, order } = await unpaid();
    await reports(shop, order, 'canceled', 2);
    await pay(shop, order, { ...recurring(0, first), source: from });
    expect(await get(shop, order)).toMatchObject({ state: 'canceled' });
  });

  it('is overridden by a later one', async () => {
    const { shop, order } = await unpaid();
    await reports(shop, order, 'canceled', 2);
    await reports(shop, order, 'active', 3);
    await pay(shop, order, recurring(0, true));
    expect(await get(shop, order)).toMatchObject({ state: 'active', canceledAt: null });
    expect(await facts(shop)).toEqual(['created']);
  });

  it('makes the subscription past due if it is about a failed renewal', async () => {
    const { shop, order } = await unpaid();
    await reports(shop, order, 'failed', 30);
    await pay(shop, order, recurring(0, true));
    expect(await get(shop, order)).toMatchObject({ state: 'past_due' });
    expect(await facts(shop)).toEqual(['created', 'payment_failed']);
  });

  it('does not affect a payment made after it', async () => {
    const { shop, order } = await unpaid();
    await reports(shop, order, 'canceled', 2);
    await pay(shop, order, recurring(30, false));
    expect(await get(shop, order)).toMatchObject({ state: 'active' });
    await pay(shop, order, recurring(0, true));
    expect(await get(shop, order)).toMatchObject({ state: 'active', renewals: 1 });
  });

  it('is not lost when it arrives at the same moment as the payment', async () => {
    const pairs: Awaited<ReturnType<typeof unpaid>>[] = [];
    while (pairs.length < 8) pairs.push(await unpaid());
    await Promise.all(
      pairs.flatMap(({ shop, order }) => [pay(shop, order, recurring(0, true)), reports(shop, order, 'canceled', 1)]),
    );
    for (const { shop, order } of pairs) expect(await get(shop, order)).toMatchObject({ state: 'canceled' });
  });

  it('applies to a late renewal if it arrives after the end', async () => {
    const { shop, order } = await subscribed();
    expect(await shop.in((tx) => subscriptions.end(tx, order.id, later(31)))).toBe(true);
    await reports(shop, order, 'canceled', 35);
    await shop.in((tx) => payments.record(tx, paymentFor(order, recurring(30, false)), later(36)));
    expect(await get(shop, order)).toMatchObject({ state: 'canceled', paidUntil: later(60) });
    await reports(shop, order, 'active', 37);
    expect(await get(shop, order)).toMatchObject({ state: 'active' });
  });

  it('is not accepted from another buyer, another bot or another workspace', async () => {
    const { shop, order } = await unpaid();
    const stranger = await openShop(db, PLAN);
    await reports(shop, order, 'canceled', 2, shop.buyerId + 1);
    await stranger.in((tx) =>
      subscriptions.report(tx, { botId: shop.botId, buyerId: shop.buyerId, id: order.id }, 'canceled', later(2)),
    );
    await pay(shop, order, recurring(0, true));
    expect(await get(shop, order)).toMatchObject({ state: 'active' });
  });
});

describe('stopping the renewals of a bot under removal', () => {
  const stop = (shop: Shop, limit = 10, botId = shop.botId) =>
    shop.in((tx) => subscriptions.stopSome(tx, botId, limit, now));

  it('requests each one once, in batches, with the reason', async () => {
    const { shop, order } = await subscribed();
    const other = { ...shop, buyerId: telegramId() };
    await shop.in((tx) => buyers.remember(tx, shop.botId, { id: other.buyerId, first_name: 'Ada' }));
    const second = await place(other);
    await pay(shop, second, { ...recurring(0, true), telegramChargeId: `stx${newUuid()}` });
    expect([await stop(shop, 1), await stop(shop, 1), await stop(shop, 1)]).toEqual([1, 1, 0]);
    for (const each of [order, second])
      expect(await get(shop, each)).toMatchObject({ state: 'active', wish: 'cancel', canceledBy: 'removal' });
    expect(await stop(shop, 10, newUuid())).toBe(0);
  });

  it('keeps the buyer as the origin of an earlier cancellation', async () => {
    const { shop, order } = await subscribed();
    await shop.in((tx) =>
      subscriptions.report(tx, { botId: shop.botId, buyerId: shop.buyerId, id: order.id }, 'canceled', later(2)),
    );
    expect(await stop(shop)).toBe(1);
    expect(await get(shop, order)).toMatchObject({ state: 'canceled', wish: 'cancel', canceledBy: 'buyer' });
  });
});
