import { EventStore, JobStore } from '#libs/journal';
import { publicId } from '#libs/kernel';
import { BotDirectory } from '#libs/tenants';
import { RelayService } from '#libs/delivery';
import { lateRefunds, RefundRow, StarTransactionRow } from '#libs/sales';
import { paymentFor } from '../../../../test/support/shop.js';
import { type Sale, type StarShop, StarWorks } from '../../../../test/support/stars.js';
import { RefundExecuteHandler } from './refund-execute.handler.js';

let works: StarWorks;

beforeAll(async () => {
  works = await StarWorks.open();
});
afterAll(() => works.close());
beforeEach(() => works.quiet());

const refundRequest = { reason: null, by: 'test' };
const request = (shop: StarShop, { order }: Sale) =>
  shop.in((tx) => works.services.refunds.request(tx, order.id, refundRequest, new Date()));
const refundsOf = (shop: StarShop) =>
  shop.in((tx) => tx.manager.find(RefundRow, { where: { tenantId: shop.tenantId }, order: { id: 'ASC' } }));
const stateOf = async (shop: StarShop) => (await refundsOf(shop)).at(-1)?.state;
const calls = (shop: StarShop) => works.callsOf(shop, 'refundStarPayment');
const outgoing = (shop: StarShop) => shop.bot.ledger.all().filter((row) => row.receiver !== undefined).length;
const fault = (action: 'error429' | 'error500' | 'drop_answer', name: string, more: object = {}) =>
  works.telegram.setFaults({ rules: [{ at: 'call', action, name, times: 1, ...more }] });

/** Opens a shop with a paid order whose refund is requested. */
async function requested() {
  const shop = await works.openShop();
  const sale = await works.sell(shop);
  const refund = await request(shop, sale);
  return { shop, sale, refund };
}

/** Works on the refund until nothing is due. @returns its state after each attempt */
async function tries(shop: StarShop): Promise<unknown[]> {
  const states: unknown[] = [];
  for (let i = 0; i < 5 && (await works.work('refunds')) > 0; i += 1) {
    states.push(await stateOf(shop));
    await works.makeDue(shop);
  }
  return states;
}

/** Checks that the Stars were returned once, on both sides, and that everyone was notified once. */
async function expectRefundedOnce(shop: StarShop): Promise<void> {
  expect(outgoing(shop)).toBe(1);
  expect(await works.balance(shop)).toBe(0);
  expect(shop.bot.ledger.balance()).toBe(0);
  expect(await works.count(shop, `refunds where state = 'refunded'`)).toBe(1);
  expect(await works.count(shop, `ledger_entries where cause = 'refund' and account = 'telegram'`)).toBe(1);
  expect(await works.count(shop, `events where type = 'refund.succeeded'`)).toBe(1);
  expect(await works.count(shop, `events where type = 'order.refunded'`)).toBe(1);
  expect(await works.count(shop, `entitlements where state = 'active'`)).toBe(0);
}

describe('a refund', () => {
  it('takes one call when nothing fails, without reading the list', async () => {
    const { shop } = await requested();
    expect(await tries(shop)).toEqual(['refunded']);
    await expectRefundedOnce(shop);
    expect(await calls(shop)).toBe(1);
    expect(await works.callsOf(shop, 'getStarTransactions')).toBe(0);
  });

  it('is unknown when its answer is lost, found in the list, and not repeated', async () => {
    const { shop } = await requested();
    await fault('drop_answer', 'refundStarPayment');
    expect(await tries(shop)).toEqual(['unknown', 'refunded']);
    await expectRefundedOnce(shop);
    expect(await calls(shop)).toBe(1);
  });

  it('is repeated after the list shows that Telegram did not make it', async () => {
    const { shop } = await requested();
    await fault('error500', 'refundStarPayment');
    expect(await tries(shop)).toEqual(['unknown', 'refunded']);
    await expectRefundedOnce(shop);
    expect(await calls(shop)).toBe(2);
    expect(await works.callsOf(shop, 'getStarTransactions')).toBe(1);
  });

  it('stays unknown, and is not repeated, while the list cannot be read', async () => {
    const { shop } = await requested();
    await works.telegram.setFaults({
      rules: [
        { at: 'call', action: 'error500', name: 'refundStarPayment', times: 1 },
        { at: 'call', action: 'error500', name: 'getStarTransactions', times: 2 },
      ],
    });
    expect(await tries(shop)).toEqual(['unknown', 'unknown', 'unknown', 'refunded']);
    await expectRefundedOnce(shop);
    expect(await calls(shop)).toBe(2);
  });

  it.each([
    ['before the call', false, 1],
    ['after the call', true, 0],
  ])('is looked up first when its worker was killed %s', async (_when, made, callsAfter) => {
    const { shop, sale, refund } = await requested();
    const { refunds } = works.services;
    expect(await shop.in((tx) => refunds.begin(tx, refund.id, new Date()))).toBe(true);
    if (made) works.refundElsewhere(shop, sale.payment.telegramChargeId);
    expect(await tries(shop)).toEqual(['refunded']);
    await expectRefundedOnce(shop);
    expect(await calls(shop)).toBe(callsAfter);
    expect(await works.callsOf(shop, 'getStarTransactions')).toBe(1);
  });

  it('succeeds if it was already made elsewhere', async () => {
    const { shop, sale } = await requested();
    works.refundElsewhere(shop, sale.payment.telegramChargeId);
    expect(await tries(shop)).toEqual(['refunded']);
    await expectRefundedOnce(shop);
  });

  it('is found far down a long list', async () => {
    const { shop, sale, refund } = await requested();
    for (let i = 0; i < 350; i += 1) works.list(shop, `other${i}`, new Date(), 'x', { amount: 1 });
    works.refundElsewhere(shop, sale.payment.telegramChargeId);
    await shop.in((tx) => works.services.refunds.begin(tx, refund.id, new Date()));
    expect(await tries(shop)).toEqual(['refunded']);
    expect(await calls(shop)).toBe(0);
    expect(await shop.in((tx) => tx.manager.countBy(StarTransactionRow, { tenantId: shop.tenantId }))).toBe(352);
  });

  it('waits as long as Telegram asks, and is not made meanwhile', async () => {
    const { shop } = await requested();
    await fault('error429', 'refundStarPayment', { seconds: 30 });
    await works.work('refunds');
    expect(await stateOf(shop)).toBe('requested');
    expect(await works.work('refunds')).toBe(0);
    await works.makeDue(shop);
    expect(await tries(shop)).toEqual(['refunded']);
    await expectRefundedOnce(shop);
  });

  it('is not sped up by another request while Telegram imposes a wait', async () => {
    const { shop, sale, refund } = await requested();
    await fault('error429', 'refundStarPayment', { seconds: 30 });
    await works.work('refunds');
    const due = () => works.owner.query('select due_at from jobs where subject = $1 order by kind', [refund.id]);
    const before = await due();
    expect((await request(shop, sale)).id).toBe(refund.id);
    expect(await due()).toEqual(before);
    expect(await works.work('refunds')).toBe(0);
    await works.makeDue(shop);
    expect(await tries(shop)).toEqual(['refunded']);
    await expectRefundedOnce(shop);
  });

  it("fails with Telegram's error when the bot lacks the Stars, keeps the entitlement, and can be requested again", async () => {
    const { shop, sale } = await requested();
    await works.telegram.withdraw(shop.bot.id, 50);
    expect(await tries(shop)).toEqual(['failed']);
    expect(await refundsOf(shop)).toMatchObject([{ failure: expect.stringContaining('BALANCE_TOO_LOW') }]);
    expect(await works.count(shop, `events where type = 'refund.failed'`)).toBe(1);
    expect(await works.count(shop, `entitlements where state = 'active'`)).toBe(1);
    expect(await works.balance(shop)).toBe(50);

    works.list(shop, 'more', new Date(), 'x');
    await request(shop, sale);
    expect(await tries(shop)).toEqual(['refunded']);
    expect(await works.count(shop, 'refunds')).toBe(2);
    expect(await works.count(shop, `refunds where state = 'refunded'`)).toBe(1);
  });

  it('waits for a new token when the old one is revoked', async () => {
    const { shop } = await requested();
    await works.telegram.revokeToken(shop.bot.id);
    await works.work('refunds');
    expect(await stateOf(shop)).toBe('requested');
    expect(await works.count(shop, `bots where state = 'token_invalid'`)).toBe(1);
    works.app.get(BotDirectory).forget(shop.botId);
    await works.makeDue(shop);
    await works.work('refunds');
    expect(await calls(shop)).toBe(0);
  });

  it('is made once by concurrent workers, even when two lose their answers', async () => {
    const { shop, refund } = await requested();
    const handler = works.app.get(RefundExecuteHandler);
    const job = {
      tenantId: shop.tenantId,
      kind: 'refund.execute',
      subject: refund.id,
      attempts: 1,
      queue: 'refunds',
      lease: refund.id,
    } as const;
    await works.telegram.setFaults({
      rules: [{ at: 'call', action: 'drop_answer', name: 'refundStarPayment', times: 2 }],
    });
    await Promise.all([handler.run(job), handler.run(job), handler.run(job)]);
    await tries(shop);
    await expectRefundedOnce(shop);
  });

  it('is retried on request after running out of attempts', async () => {
    const { shop, sale, refund } = await requested();
    await works.owner.query(`update jobs set state = 'parked' where subject = $1`, [refund.id]);
    expect((await request(shop, sale)).id).toBe(refund.id);
    expect(await tries(shop)).toEqual(['refunded']);
  });
});

describe('a refund promised to the buyer', () => {
  /** Pays an order twice, in a bot that has spent its Stars: the second payment has to be returned. */
  async function promised() {
    const shop = await works.openShop();
    const { order } = await works.sell(shop);
    const second = paymentFor(order);
    works.list(shop, second.telegramChargeId, second.occurredAt, publicId('order', order.id));
    await works.telegram.withdraw(shop.bot.id, 100);
    await shop.in((tx) => works.services.payments.record(tx, second, new Date()));
    await works.work('refunds');
    await relay();
    return { shop, order };
  }

  /** Counts the refunds to buyers, without the Stars that the bot spent. */
  const returnedCount = (shop: StarShop) => shop.bot.ledger.all().filter((row) => row.receiver?.type === 'user').length;
  const delays = (shop: StarShop) => works.count(shop, `events where type = 'refund.delayed'`);
  const dueWithin = (shop: StarShop, interval: string) =>
    works.count(
      shop,
      `jobs where kind = 'refund.execute' and state = 'waiting' and due_at <= now() + interval '${interval}'`,
    );
  /** Moves all last attempts into the past. */
  const later = (shop: StarShop) =>
    works.owner.query(`update refunds set updated_at = now() - interval '2 minutes' where tenant_id = $1`, [
      shop.tenantId,
    ]);
  const relay = async () => {
    const relays = new RelayService(works.db, new EventStore(), new JobStore());
    while ((await relays.relayOnce(lateRefunds)) > 0);
  };

  it('stays open when Telegram refuses it, and is reported as delayed once', async () => {
    const { shop } = await promised();
    const why = expect.stringContaining('BALANCE_TOO_LOW');
    expect(await refundsOf(shop)).toMatchObject([{ state: 'requested', failure: why, delayedSince: expect.any(Date) }]);
    for (let i = 0; i < 15; i += 1) {
      await works.makeDue(shop);
      expect(await works.work('refunds')).toBe(1);
    }
    expect(await delays(shop)).toBe(1);
    expect(await works.count(shop, `events where type = 'refund.failed'`)).toBe(0);
    expect(await works.count(shop, `jobs where kind = 'refund.execute' and state = 'waiting'`)).toBe(1);
  });

  it('is retried after a minute at first, and after six hours when it is old', async () => {
    const { shop } = await promised();
    expect(await dueWithin(shop, '61 seconds')).toBe(1);
    await works.owner.query(`update refunds set created_at = now() - interval '3 days' where tenant_id = $1`, [
      shop.tenantId,
    ]);
    await works.makeDue(shop);
    await works.work('refunds');
    expect(await dueWithin(shop, '5 hours 59 minutes')).toBe(0);
    expect(await dueWithin(shop, '6 hours 1 minute')).toBe(1);
  });

  it('is due when Stars come in, at least a minute after the last attempt, and is made once', async () => {
    const { shop } = await promised();
    await works.owner.query(
      `update jobs set due_at = now() + interval '5 hours' where tenant_id = $1 and kind = 'refund.execute'`,
      [shop.tenantId],
    );
    await works.sell(shop);
    await relay();
    expect(await dueWithin(shop, '0 seconds')).toBe(0);
    expect(await dueWithin(shop, '1 minute')).toBe(1);

    await later(shop);
    await works.sell(shop);
    await relay();
    expect(await works.work('refunds')).toBe(1);
    expect(await stateOf(shop)).toBe('refunded');
    expect(returnedCount(shop)).toBe(1);
    expect(await works.count(shop, `ledger_entries where cause = 'refund' and account = 'telegram'`)).toBe(1);
  });

  it("is not sped up by the Stars of another workspace's bot", async () => {
    const { shop } = await promised();
    await later(shop);
    await works.owner.query(`update jobs set due_at = now() + interval '5 hours' where tenant_id = $1`, [
      shop.tenantId,
    ]);
    await works.sell(await works.openShop());
    await relay();
    expect(await dueWithin(shop, '4 hours')).toBe(0);
  });

  it('is made once when Stars come in, staff retry it and the creator requests it at the same time', async () => {
    const { shop } = await promised();
    const [{ chargeId }] = (await refundsOf(shop)) as [RefundRow];
    await works.sell(shop);
    await later(shop);
    await Promise.all([
      relay(),
      shop.in((tx) => works.services.refunds.requestByCharge(tx, chargeId, refundRequest, new Date())),
      works.makeDue(shop),
    ]);
    await Promise.all([works.work('refunds'), works.work('refunds')]);
    await tries(shop);
    expect(await stateOf(shop)).toBe('refunded');
    expect(await works.count(shop, 'refunds')).toBe(1);
    expect(returnedCount(shop)).toBe(1);
  });

  it('is tried at once when the creator requests it, even while it is waiting', async () => {
    const { shop } = await promised();
    const [{ id, chargeId }] = (await refundsOf(shop)) as [RefundRow];
    works.list(shop, 'more', new Date(), 'x');
    const again = await shop.in((tx) =>
      works.services.refunds.requestByCharge(tx, chargeId, refundRequest, new Date()),
    );
    expect(again.id).toBe(id);
    expect(await works.work('refunds')).toBe(1);
    expect(await stateOf(shop)).toBe('refunded');
  });

  it('is reported to the buyer while it is delayed and when it has arrived', async () => {
    const { shop } = await promised();
    const [{ id }] = (await refundsOf(shop)) as [RefundRow];
    const notice = () => shop.in((tx) => works.services.refunds.notice(tx, id));
    expect(await notice()).toMatchObject({ delayed: true, stars: 50 });
    works.list(shop, 'more', new Date(), 'x');
    await works.makeDue(shop);
    await works.work('refunds');
    expect(await notice()).toMatchObject({ delayed: false, stars: 50 });
  });
});

describe('a late refund', () => {
  it('is marked as delayed when Telegram does not answer, without telling the buyer if it was not promised', async () => {
    const { shop, refund } = await requested();
    await works.telegram.setFaults({
      rules: ['refundStarPayment', 'getStarTransactions'].map((name) => ({
        at: 'call',
        action: 'error500',
        name,
        times: 9,
      })),
    });
    await works.work('refunds');
    expect(await refundsOf(shop)).toMatchObject([{ state: 'unknown', delayedSince: null }]);
    await works.telegram.setFaults({
      rules: [{ at: 'call', action: 'error500', name: 'refundStarPayment', times: 9 }],
    });
    await works.owner.query(`update refunds set created_at = now() - interval '16 minutes' where id = $1`, [refund.id]);
    await works.makeDue(shop);
    await works.work('refunds');
    expect(await refundsOf(shop)).toMatchObject([{ state: 'unknown', delayedSince: expect.any(Date) }]);
    expect(await works.count(shop, `events where type = 'refund.delayed'`)).toBe(1);
    expect(await shop.in((tx) => works.services.refunds.notice(tx, refund.id))).toBeUndefined();
  });

  it('is marked as delayed when the bot has no working token', async () => {
    const { shop, refund } = await requested();
    await works.owner.query(`update bots set state = 'token_invalid' where id = $1`, [shop.botId]);
    works.app.get(BotDirectory).forget(shop.botId);
    await works.owner.query(`update refunds set created_at = now() - interval '16 minutes' where id = $1`, [refund.id]);
    await works.work('refunds');
    expect(await refundsOf(shop)).toMatchObject([{ state: 'requested', delayedSince: expect.any(Date) }]);
    expect(await works.count(shop, `events where type = 'refund.delayed'`)).toBe(1);
  });
});
