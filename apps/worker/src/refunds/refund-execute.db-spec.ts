import { BotDirectory } from '#libs/tenants';
import { RefundRow, StarTransactionRow } from '#libs/sales';
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

/** A shop with an order that was paid and is to be refunded. */
async function asked() {
  const shop = await works.openShop();
  const sale = await works.sell(shop);
  const refund = await request(shop, sale);
  return { shop, sale, refund };
}

/** The state after each try, until nothing is left to do. */
async function tries(shop: StarShop): Promise<unknown[]> {
  const states: unknown[] = [];
  for (let i = 0; i < 5 && (await works.work('refunds')) > 0; i += 1) {
    states.push(await stateOf(shop));
    await works.makeDue(shop);
  }
  return states;
}

/** What must be true at the end of every refund: the Stars went back once, on both sides, and everybody is told once. */
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
  it('is one call when nothing goes wrong, without a look at the list', async () => {
    const { shop } = await asked();
    expect(await tries(shop)).toEqual(['refunded']);
    await expectRefundedOnce(shop);
    expect(await calls(shop)).toBe(1);
    expect(await works.callsOf(shop, 'getStarTransactions')).toBe(0);
  });

  it('whose answer was lost is unknown, found on the list, and not made again', async () => {
    const { shop } = await asked();
    await fault('drop_answer', 'refundStarPayment');
    expect(await tries(shop)).toEqual(['unknown', 'refunded']);
    await expectRefundedOnce(shop);
    expect(await calls(shop)).toBe(1);
  });

  it('that Telegram did not make, only nobody knew, is made again after the list was read', async () => {
    const { shop } = await asked();
    await fault('error500', 'refundStarPayment');
    expect(await tries(shop)).toEqual(['unknown', 'refunded']);
    await expectRefundedOnce(shop);
    expect(await calls(shop)).toBe(2);
    expect(await works.callsOf(shop, 'getStarTransactions')).toBe(1);
  });

  it('stays unknown and is not made again while the list cannot be read', async () => {
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

  it('that somebody else made already is a success', async () => {
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

  it('waits as long as Telegram says, and has not been made meanwhile', async () => {
    const { shop } = await asked();
    await fault('error429', 'refundStarPayment', { seconds: 30 });
    await works.work('refunds');
    expect(await stateOf(shop)).toBe('requested');
    expect(await works.work('refunds')).toBe(0);
    await works.makeDue(shop);
    expect(await tries(shop)).toEqual(['refunded']);
    await expectRefundedOnce(shop);
  });

  it("fails with Telegram's words when the bot lacks the Stars, leaves the buyer the goods, and may be asked for again", async () => {
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

  it('is made once by two workers at the same time, also when both lose their answers', async () => {
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

  it('that ran out of tries is tried again because somebody asks for it again', async () => {
    const { shop, sale, refund } = await asked();
    await works.owner.query(`update jobs set state = 'parked' where subject = $1`, [refund.id]);
    expect((await request(shop, sale)).id).toBe(refund.id);
    expect(await tries(shop)).toEqual(['refunded']);
  });
});
