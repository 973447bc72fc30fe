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

const wish = { reason: null, by: 'test' };
const request = (shop: StarShop, { order }: Sale) =>
  shop.in((tx) => works.services.refunds.request(tx, order.id, wish, new Date()));
const refundsOf = (shop: StarShop) =>
  shop.in((tx) => tx.manager.find(RefundRow, { where: { tenantId: shop.tenantId }, order: { id: 'ASC' } }));
const stateOf = async (shop: StarShop) => (await refundsOf(shop)).at(-1)?.state;
const calls = (shop: StarShop) => works.callsOf(shop, 'refundStarPayment');
const outgoing = (shop: StarShop) => shop.bot.ledger.all().filter((row) => row.receiver !== undefined).length;
const fault = (action: 'error429' | 'error500' | 'drop_answer', name: string, more: object = {}) =>
  works.telegram.setFaults({ rules: [{ at: 'call', action, name, times: 1, ...more }] });

/** A shop with a paid order whose refund is requested. */
async function asked() {
  const shop = await works.openShop();
  const sale = await works.sell(shop);
  const refund = await request(shop, sale);
  return { shop, sale, refund };
}

/** The state after each attempt, until nothing is left to do. */
async function tries(shop: StarShop): Promise<unknown[]> {
  const states: unknown[] = [];
  for (let i = 0; i < 5 && (await works.work('refunds')) > 0; i += 1) {
    states.push(await stateOf(shop));
    await works.makeDue(shop);
  }
  return states;
}

/** Invariants after every refund: the Stars were returned once, on both sides, and everyone is told once. */
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
  it('is one call when nothing fails, without reading the list', async () => {
    const { shop } = await asked();
    expect(await tries(shop)).toEqual(['refunded']);
    await expectRefundedOnce(shop);
    expect(await calls(shop)).toBe(1);
    expect(await works.callsOf(shop, 'getStarTransactions')).toBe(0);
  });

  it('whose answer was lost is unknown, found in the list, and not repeated', async () => {
    const { shop } = await asked();
    await fault('drop_answer', 'refundStarPayment');
    expect(await tries(shop)).toEqual(['unknown', 'refunded']);
    await expectRefundedOnce(shop);
    expect(await calls(shop)).toBe(1);
  });

  it('that Telegram did not make, unknown to us, is repeated after the list was read', async () => {
    const { shop } = await asked();
    await fault('error500', 'refundStarPayment');
    expect(await tries(shop)).toEqual(['unknown', 'refunded']);
    await expectRefundedOnce(shop);
    expect(await calls(shop)).toBe(2);
    expect(await works.callsOf(shop, 'getStarTransactions')).toBe(1);
  });

  it('stays unknown and is not repeated while the list cannot be read', async () => {
    const { shop } = await asked();
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
  ])('whose worker was killed %s is looked up first', async (_when, made, callsAfter) => {
    const { shop, sale, refund } = await asked();
    const { refunds } = works.services;
    expect(await shop.in((tx) => refunds.begin(tx, refund.id, new Date()))).toBe(true);
    if (made) works.refundElsewhere(shop, sale.payment.telegramChargeId);
    expect(await tries(shop)).toEqual(['refunded']);
    await expectRefundedOnce(shop);
    expect(await calls(shop)).toBe(callsAfter);
    expect(await works.callsOf(shop, 'getStarTransactions')).toBe(1);
  });

  it('that was already made elsewhere is a success', async () => {
    const { shop, sale } = await asked();
    works.refundElsewhere(shop, sale.payment.telegramChargeId);
    expect(await tries(shop)).toEqual(['refunded']);
    await expectRefundedOnce(shop);
  });

  it('is found far down a long list', async () => {
    const { shop, sale, refund } = await asked();
    for (let i = 0; i < 350; i += 1) works.list(shop, `other${i}`, new Date(), 'x', { amount: 1 });
    works.refundElsewhere(shop, sale.payment.telegramChargeId);
    await shop.in((tx) => works.services.refunds.begin(tx, refund.id, new Date()));
    expect(await tries(shop)).toEqual(['refunded']);
    expect(await calls(shop)).toBe(0);
    expect(await shop.in((tx) => tx.manager.countBy(StarTransactionRow, { tenantId: shop.tenantId }))).toBe(352);
  });

  it('waits as long as Telegram says, and is not made meanwhile', async () => {
    const { shop } = await asked();
    await fault('error429', 'refundStarPayment', { seconds: 30 });
    await works.work('refunds');
    expect(await stateOf(shop)).toBe('requested');
    expect(await works.work('refunds')).toBe(0);
    await works.makeDue(shop);
    expect(await tries(shop)).toEqual(['refunded']);
    await expectRefundedOnce(shop);
  });

  it('is not hastened by another request while Telegram makes us wait', async () => {
    const { shop, sale, refund } = await asked();
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

  it("fails with Telegram's error when the bot lacks the Stars, leaves the buyer the goods, and may be requested again", async () => {
    const { shop, sale } = await asked();
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
    const { shop } = await asked();
    await works.telegram.revokeToken(shop.bot.id);
    await works.work('refunds');
    expect(await stateOf(shop)).toBe('requested');
    expect(await works.count(shop, `bots where state = 'token_invalid'`)).toBe(1);
    works.app.get(BotDirectory).forget(shop.botId);
    await works.makeDue(shop);
    await works.work('refunds');
    expect(await calls(shop)).toBe(0);
  });

  it('is made once by two concurrent workers, even when both lose their answers', async () => {
    const { shop, refund } = await asked();
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

  it('that ran out of attempts is retried on request', async () => {
    const { shop, sale, refund } = await asked();
    await works.owner.query(`update jobs set state = 'parked' where subject = $1`, [refund.id]);
    expect((await request(shop, sale)).id).toBe(refund.id);
    expect(await tries(shop)).toEqual(['refunded']);
  });
});

describe('a refund that was promised to the buyer', () => {
  /** An order that was paid twice, in a bot that has spent its Stars: the second payment has to be returned. */
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

  /** Except what the bot has spent. */
  const backAtBuyer = (shop: StarShop) => shop.bot.ledger.all().filter((row) => row.receiver?.type === 'user').length;
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

  it('stays open when Telegram refuses it, is reported as delayed, once', async () => {
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

  it('is retried a minute later at first, and six hours later when it is old', async () => {
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
    expect(backAtBuyer(shop)).toBe(1);
    expect(await works.count(shop, `ledger_entries where cause = 'refund' and account = 'telegram'`)).toBe(1);
  });

  it("is not hastened by another bot's Stars, nor by those of another workspace", async () => {
    const { shop } = await promised();
    await later(shop);
    await works.owner.query(`update jobs set due_at = now() + interval '5 hours' where tenant_id = $1`, [
      shop.tenantId,
    ]);
    await works.sell(await works.openShop());
    await relay();
    expect(await dueWithin(shop, '4 hours')).toBe(0);
  });

  it('is made once when Stars come in, staff retry it and the creator requests it, all at the same time', async () => {
    const { shop } = await promised();
    const [{ chargeId }] = (await refundsOf(shop)) as [RefundRow];
    await works.sell(shop);
    await later(shop);
    await Promise.all([
      relay(),
      shop.in((tx) => works.services.refunds.requestByCharge(tx, chargeId, wish, new Date())),
      works.makeDue(shop),
    ]);
    await Promise.all([works.work('refunds'), works.work('refunds')]);
    await tries(shop);
    expect(await stateOf(shop)).toBe('refunded');
    expect(await works.count(shop, 'refunds')).toBe(1);
    expect(backAtBuyer(shop)).toBe(1);
  });

  it('is tried at once when the creator requests it, even if it has to wait', async () => {
    const { shop } = await promised();
    const [{ id, chargeId }] = (await refundsOf(shop)) as [RefundRow];
    works.list(shop, 'more', new Date(), 'x');
    const again = await shop.in((tx) => works.services.refunds.requestByCharge(tx, chargeId, wish, new Date()));
    expect(again.id).toBe(id);
    expect(await works.work('refunds')).toBe(1);
    expect(await stateOf(shop)).toBe('refunded');
  });

  it('is reported to the buyer while it is delayed, and when it has arrived', async () => {
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

describe('a refund that Telegram does not answer', () => {
  it('is delayed once it is late, even if it was not promised, and the buyer is not told', async () => {
    const { shop, refund } = await asked();
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

  it('is delayed once it is late when the bot has no working token', async () => {
    const { shop, refund } = await asked();
    await works.owner.query(`update bots set state = 'token_invalid' where id = $1`, [shop.botId]);
    works.app.get(BotDirectory).forget(shop.botId);
    await works.owner.query(`update refunds set created_at = now() - interval '16 minutes' where id = $1`, [refund.id]);
    await works.work('refunds');
    expect(await refundsOf(shop)).toMatchObject([{ state: 'requested', delayedSince: expect.any(Date) }]);
    expect(await works.count(shop, `events where type = 'refund.delayed'`)).toBe(1);
  });
});
