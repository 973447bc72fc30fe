import type { DataSource } from 'typeorm';
import type { NewProduct } from '#libs/catalog';
import type { Database } from '#libs/database';
import { DAY, newUuid } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';
import { type OrderRow, type Payment, SubscriptionPayments } from '../index.js';
import type { PreCheckout } from '../orders/checkout.js';
import { SubscriptionRow } from './subscription.entity.js';
import { SubscriptionStore } from './subscription.store.js';
import type { SubscriptionReport } from './subscription.js';
import { ChatAccessStore } from '#libs/chats';
import { EventStore, JobStore } from '#libs/journal';

let db: Database;
let source: DataSource;
const { checkout, payments, refunds, subscriptions } = salesServices();
const [events, jobs] = [new EventStore(), new JobStore()];
const recurringPayments = new SubscriptionPayments(
  new SubscriptionStore(events, jobs, new ChatAccessStore(events, jobs)),
  jobs,
);

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const PLAN: Partial<NewProduct> = { kind: 'subscription', content: undefined, stars: 500 };
const now = new Date();
const later = (days: number) => new Date(now.getTime() + days * DAY);
const recurring = (day: number, first: boolean | undefined) => ({
  occurredAt: later(day),
  recurring: { until: later(day + 30), first },
});

let updateId = 2_000_000;
interface Sale {
  readonly shop: Shop;
  readonly order: OrderRow;
}
async function subscribed(changes: Partial<Payment> = recurring(0, true)): Promise<Sale> {
  const shop = await openShop(db, PLAN);
  updateId += 1;
  const order = await shop.in(async (tx) => (await checkout.place(tx, { ...shop, updateId }, now)).order);
  const sale = { shop, order };
  await pays(sale, changes);
  return sale;
}
const pays = ({ shop, order }: Sale, changes: Partial<Payment>, at = changes.occurredAt ?? now) =>
  shop.in((tx) => payments.record(tx, paymentFor(order, { telegramChargeId: `stx${newUuid()}`, ...changes }), at));
const row = ({ shop, order: { id } }: Sale) =>
  shop.in((tx) => tx.manager.findOneByOrFail(SubscriptionRow, { tenantId: shop.tenantId, id }));
const eventsOf = ({ shop }: Sale) =>
  shop.in(async (tx) => {
    const found = await tx.query<{ type: string }>(
      `select type from events where tenant_id = $1 and type like 'subscription.%' order by id`,
      [tx.tenantId],
    );
    return found.map(({ type }) => type.replace('subscription.', ''));
  });
const cancels = ({ shop, order }: Sale, by: 'creator' | 'buyer' = 'creator') =>
  shop.in((tx) => subscriptions.cancel(tx, order.id, by, now));
const resumes = ({ shop, order }: Sale) => shop.in((tx) => subscriptions.resume(tx, order.id, now));
const edited = ({ shop, order }: Sale, wish: 'cancel' | 'resume', day = 1) =>
  shop.in((tx) => subscriptions.edited(tx, order.id, wish, later(day)));
const ends = ({ shop, order }: Sale, day = 31) => shop.in((tx) => subscriptions.end(tx, order.id, later(day)));
const reports = ({ shop, order: { id, buyerId, botId } }: Sale, report: SubscriptionReport, day: number) =>
  shop.in((tx) => subscriptions.report(tx, { id, buyerId, botId }, report, later(day)));

it('a payment that does not recur starts a subscription that lasts one period and does not renew', async () => {
  const sale = await subscribed({ occurredAt: later(1), telegramChargeId: 'stx-once' });
  expect(await row(sale)).toMatchObject({
    state: 'canceled',
    canceledBy: 'telegram',
    canceledAt: later(1),
    paidUntil: later(31),
    accessUntil: later(31),
    firstChargeId: 'stx-once',
  });
});

describe('a report after the end of a subscription', () => {
  it('of a cancellation keeps its first time and reason', async () => {
    const sale = await subscribed();
    await ends(sale);
    await reports(sale, 'canceled', 40);
    await reports(sale, 'canceled', 41);
    expect(await row(sale)).toMatchObject({ state: 'ended', canceledAt: later(40), canceledBy: 'buyer' });
    await reports(sale, 'failed', 42);
    expect(await eventsOf(sale)).toEqual(['created', 'ended', 'updated']);
    await reports(sale, 'active', 43);
    await reports(sale, 'active', 44);
    expect(await row(sale)).toMatchObject({ state: 'ended', canceledAt: null, canceledBy: null });
    expect(await eventsOf(sale)).toEqual(['created', 'ended', 'updated', 'updated']);
  });

  it('of a renewal does not undo our own cancellation', async () => {
    const sale = await subscribed();
    await cancels(sale);
    await edited(sale, 'cancel');
    await ends(sale, 30);
    await reports(sale, 'active', 40);
    expect(await row(sale)).toMatchObject({ state: 'ended', locked: true, canceledAt: later(1) });
  });
});

describe('a request to Telegram', () => {
  it('is made only if one is pending, and waits for the name of the subscription', async () => {
    const [named, unnamed] = [await subscribed(), await subscribed(recurring(30, false))];
    const edit = ({ shop, order }: Sale) => shop.in((tx) => subscriptions.edit(tx, order.id));
    expect(await edit(named)).toBeUndefined();
    await unnamed.shop.in((tx) =>
      tx.query(`update subscriptions set wish = 'cancel' where tenant_id = $1`, [tx.tenantId]),
    );
    expect(await edit(unnamed)).toBe('unnamed');
  });

  it('survives the outcome of the request that it replaced', async () => {
    const sale = await subscribed();
    await cancels(sale);
    await edited(sale, 'cancel');
    await resumes(sale);
    const { shop, order } = sale;
    await edited(sale, 'cancel', 2);
    await shop.in((tx) => subscriptions.editFailed(tx, order.id, 'cancel', 'no', now));
    expect(await row(sale)).toMatchObject({ wish: 'resume', locked: true, wishFailure: null });
  });

  it('changes nothing if the subscription is already in that state', async () => {
    const sale = await subscribed();
    await resumes(sale);
    expect(await eventsOf(sale)).toEqual(['created']);
    await cancels(sale);
    await edited(sale, 'cancel');
    await cancels(sale, 'buyer');
    expect(await row(sale)).toMatchObject({ wish: null, canceledBy: 'creator' });
    expect(await eventsOf(sale)).toEqual(['created', 'updated', 'canceled']);
  });

  it('replaces a pending opposite request', async () => {
    const sale = await subscribed();
    await cancels(sale);
    await resumes(sale);
    expect(await row(sale)).toMatchObject({ wish: 'resume', canceledBy: 'creator' });
    await cancels(sale, 'buyer');
    expect(await row(sale)).toMatchObject({ wish: 'cancel', canceledBy: 'buyer' });
  });

  it('clears the last refusal', async () => {
    const sale = await subscribed();
    const { shop, order } = sale;
    await cancels(sale);
    await shop.in((tx) => subscriptions.editFailed(tx, order.id, 'cancel', 'no', now));
    await cancels(sale);
    expect(await row(sale)).toMatchObject({ wish: 'cancel', wishFailure: null });
  });

  it('to cancel keeps the time at which the buyer canceled, and is not a second cancellation', async () => {
    const sale = await subscribed();
    await reports(sale, 'canceled', 2);
    await cancels(sale);
    await edited(sale, 'cancel', 3);
    expect(await row(sale)).toMatchObject({ state: 'canceled', locked: true, canceledAt: later(2) });
    expect(await eventsOf(sale)).toEqual(['created', 'canceled', 'updated', 'updated']);
    await resumes(sale);
    await edited(sale, 'resume', 4);
    expect(await row(sale)).toMatchObject({ state: 'canceled', locked: false, canceledAt: later(2) });
  });
});

it.each([
  ['remind', { remindedUntil: later(30), farewellUntil: null, wonBackAt: null }],
  ['farewell', { remindedUntil: null, farewellUntil: later(30), wonBackAt: null }],
  ['win_back', { remindedUntil: null, farewellUntil: null, wonBackAt: later(5) }],
] as const)('a message to the buyer (%s) is not repeated', async (what, marks) => {
  const sale = await subscribed();
  await sale.shop.in((tx) => subscriptions.told(tx, sale.order.id, what, later(5)));
  expect(await row(sale)).toMatchObject(marks);
  expect(await eventsOf(sale)).toEqual(['created']);
});

describe('a refund of a subscription', () => {
  const asks = async ({ shop }: Sale, orderId: string, at = now) =>
    (await shop.in((tx) => refunds.request(tx, orderId, { reason: null, by: 'test' }, at))).id;

  it('requests no second cancellation, and keeps the reason of the first', async () => {
    const [asked, locked] = [await subscribed(), await subscribed()];
    await cancels(asked, 'buyer');
    await cancels(locked, 'buyer');
    await edited(locked, 'cancel');
    for (const sale of [asked, locked]) await asks(sale, sale.order.id);
    expect(await row(asked)).toMatchObject({ state: 'ended', wish: 'cancel', canceledBy: 'buyer' });
    expect(await row(locked)).toMatchObject({ state: 'ended', wish: null, canceledBy: 'buyer' });
  });

  it('keeps the end of an ended subscription', async () => {
    const sale = await subscribed();
    await ends(sale);
    await asks(sale, sale.order.id, later(35));
    expect(await row(sale)).toMatchObject({ state: 'ended', endedAt: later(31), paidUntil: later(35) });
    expect(await eventsOf(sale)).toEqual(['created', 'ended', 'updated']);
  });

  it('for a renewal ends the subscription if the previous payment lasted exactly until now', async () => {
    const [over, running] = [await subscribed(), await subscribed()];
    for (const [sale, at] of [
      [over, later(30)],
      [running, new Date(later(30).getTime() - 1)],
    ] as const) {
      await pays(sale, recurring(29, false));
      const [renewal] = await sale.shop.in((tx) =>
        tx.query<{ id: string }>('select id from orders where subscription_id = $1 and id <> $1', [sale.order.id]),
      );
      await asks(sale, String(renewal?.id), at);
    }
    expect(await row(over)).toMatchObject({ state: 'ended', paidUntil: later(30), endedAt: later(30) });
    expect(await row(running)).toMatchObject({ state: 'active', paidUntil: later(30), endedAt: null });
  });

  it('that fails restores the subscription as canceled, with the time of the cancellation, and requests nothing', async () => {
    const sale = await subscribed();
    const id = await asks(sale, sale.order.id);
    await edited(sale, 'cancel');
    await sale.shop.in((tx) => refunds.begin(tx, id, now));
    await sale.shop.in((tx) => refunds.fail(tx, id, 'no', later(2)));
    expect(await row(sale)).toMatchObject({ state: 'canceled', wish: null, endedAt: null, canceledAt: later(1) });
  });
});

describe('stopping all subscriptions of a bot', () => {
  const stops = ({ shop }: Sale) => shop.in((tx) => subscriptions.stopSome(tx, shop.botId, 10, now));

  it('records the reason even for one that is past due', async () => {
    const sale = await subscribed();
    await reports(sale, 'failed', 30);
    expect(await stops(sale)).toBe(1);
    expect(await row(sale)).toMatchObject({ state: 'past_due', wish: 'cancel', canceledBy: 'removal' });
  });

  it('skips one without a name and one that Telegram has stopped', async () => {
    const [unnamed, stopped] = [await subscribed(recurring(30, false)), await subscribed()];
    await cancels(stopped);
    await edited(stopped, 'cancel');
    expect([await stops(unnamed), await stops(stopped)]).toEqual([0, 0]);
  });

  it('is retried after a refusal only on request, and only for its bot', async () => {
    const [sale, other] = [await subscribed(), await subscribed()];
    for (const { shop, order } of [sale, other]) {
      await shop.in((tx) => subscriptions.stopSome(tx, shop.botId, 10, now));
      await shop.in((tx) => subscriptions.editFailed(tx, order.id, 'cancel', 'no', now));
    }
    expect(await stops(sale)).toBe(0);
    await sale.shop.in((tx) => subscriptions.retryStops(tx, newUuid()));
    expect(await stops(sale)).toBe(0);
    await sale.shop.in((tx) => subscriptions.retryStops(tx, sale.shop.botId));
    expect([await stops(sale), await stops(other)]).toEqual([1, 0]);
  });
});

describe('a renewal', () => {
  it('is recorded when it is found late, and its subscription stays ended', async () => {
    const sale = await subscribed();
    await ends(sale);
    await pays(sale, recurring(30, false), later(70));
    expect(await row(sale)).toMatchObject({ state: 'ended', endedAt: later(31), renewals: 1, paidUntil: later(60) });
  });

  it('clears a cancellation that the buyer has undone', async () => {
    const sale = await subscribed();
    await reports(sale, 'canceled', 2);
    await pays(sale, recurring(30, false));
    expect(await row(sale)).toMatchObject({ state: 'active', canceledAt: null, canceledBy: null });
  });

  it('does not clear a later cancellation', async () => {
    const sale = await subscribed();
    await reports(sale, 'canceled', 31);
    await pays(sale, recurring(30, false), later(32));
    expect(await row(sale)).toMatchObject({ state: 'canceled', canceledAt: later(31), canceledBy: 'buyer' });
  });

  const query = { queryId: 'q', currency: 'XTR', amount: 500 };
  const isRenewal = async (sale: Sale, changes: Partial<PreCheckout> = {}, at = later(30)) => {
    const [order] = await sale.shop.in((tx) =>
      tx.query<OrderRow>(
        'select id, bot_id as "botId", state, subscription_id as "subscriptionId" from orders where id = $1',
        [sale.order.id],
      ),
    );
    const asked = { ...query, buyerId: sale.order.buyerId, ...changes };
    return sale.shop.in((tx) => recurringPayments.isRenewal(tx, order as OrderRow, asked, at));
  };

  it.each<[string, Partial<PreCheckout>, Date, boolean]>([
    ['a period later', {}, later(30), true],
    ['after half a period', {}, later(15), false],
    ['after more than that', {}, new Date(later(15).getTime() + 1), true],
    ['by another buyer', { buyerId: 1 }, later(30), false],
    ['of another amount', { amount: 499 }, later(30), false],
    ['in another currency', { currency: 'EUR' }, later(30), false],
  ])('is distinguished from other queries: %s', async (_what, changes, at, is) => {
    expect(await isRenewal(await subscribed(), changes, at)).toBe(is);
  });

  it('is recognised while the subscription is past due, but not once it is canceled', async () => {
    const sale = await subscribed();
    await reports(sale, 'failed', 30);
    expect(await isRenewal(sale)).toBe(true);
    await reports(sale, 'canceled', 31);
    expect(await isRenewal(sale)).toBe(false);
  });

  it('is too late if it was charged after the removal of its bot started', async () => {
    const sale = await subscribed();
    await sale.shop.in((tx) =>
      tx.query(`update bots set state = 'removing', removing_since = $2 where id = $1`, [sale.shop.botId, later(10)]),
    );
    const isLate = (occurredAt: Date) =>
      sale.shop.in((tx) => recurringPayments.cameTooLate(tx, { botId: sale.shop.botId, occurredAt }));
    expect([await isLate(later(10)), await isLate(new Date(later(10).getTime() + 1))]).toEqual([false, true]);
    expect(await isRenewal(sale)).toBe(false);
    await sale.shop.in((tx) => tx.query(`update bots set state = 'active', removing_since = null`));
  });
});
