import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { DAY, HOUR, newUuid } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';
import type { OrderRow } from '../index.js';

let db: Database;
let source: DataSource;
const { checkout, payments, refunds, orders, credits, creditReader } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

// An hour ahead of the database's clock, so that no job becomes due.
const NOW = new Date(Date.now() + HOUR);
const later = (ms: number) => new Date(NOW.getTime() + ms);

const openCreditShop = (creditDays: number | null = null) =>
  openShop(db, { kind: 'credits', content: null, creditUnit: 'scan', creditAmount: 10, creditDays });
let updateId = 0;
const place = async (shop: Shop) => {
  updateId += 1;
  const placing = { ...shop, updateId };
  return (await shop.in((tx) => checkout.place(tx, placing, NOW))).order;
};
const pay = (shop: Shop, order: OrderRow, changes = {}, now = NOW) =>
  shop.in((tx) => payments.record(tx, paymentFor(order, changes), now));
const sold = async (creditDays: number | null = null) => {
  const shop = await openCreditShop(creditDays);
  const order = await place(shop);
  await pay(shop, order);
  return { shop, order };
};
const debit = (shop: Shop, amount: number, now = NOW) =>
  shop.in((tx) => credits.debit(tx, { buyerId: shop.buyerId, unit: 'scan', amount, reason: null }, newUuid(), now));
const refund = (shop: Shop, order: OrderRow, now = NOW) =>
  shop.in((tx) => refunds.request(tx, order.id, { reason: null, by: 'test' }, now));
const fails = async (shop: Shop, refundId: string, now = NOW) => {
  await shop.in((tx) => refunds.begin(tx, refundId, now));
  await shop.in((tx) => refunds.fail(tx, refundId, 'BALANCE_TOO_LOW', now));
};
const balance = async (shop: Shop, now = NOW) => {
  const [held] = await shop.in((tx) => creditReader.balances(tx, shop.buyerId, now));
  return held?.balance;
};
const history = async (shop: Shop) => {
  const { entries } = await shop.in((tx) =>
    creditReader.history(tx, { buyerId: shop.buyerId, unit: 'scan', limit: 100 }),
  );
  return entries.map(({ cause, amount }) => `${cause} ${amount}`).toReversed();
};
const events = async (shop: Shop) =>
  (
    await shop.in((tx) =>
      tx.query<{ type: string; sequence: number | null; data: Record<string, unknown> }>(
        `select type, sequence, data from events where type like 'credits.%' order by id`,
      ),
    )
  ).map(({ type, sequence, data }) => ({ type, sequence, amount: data['amount'], cause: data['cause'] }));
const eight = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 8 }, work));

describe('a paid pack', () => {
  it('is added once, however often and concurrently Telegram reports the payment', async () => {
    const shop = await openCreditShop(30);
    const order = await place(shop);
    const reported = { telegramChargeId: 'stx-credits' };
    await eight(() => pay(shop, order, reported));
    await pay(shop, order, reported);
    expect(await history(shop)).toEqual(['purchase 10']);
    expect(await events(shop)).toEqual([
      { type: 'credits.granted', sequence: expect.any(Number), amount: 10, cause: 'purchase' },
    ]);
  });

  it('is added for each of several orders paid concurrently, to a new account', async () => {
    const shop = await openCreditShop();
    const placed = await Promise.all([place(shop), place(shop), place(shop)]);
    await Promise.all(placed.map((order) => pay(shop, order)));
    expect(await balance(shop)).toBe(30);
  });

  it('is not added for a second charge of the same order, or for an unmatched payment', async () => {
    const { shop, order } = await sold();
    expect(await pay(shop, order)).toMatchObject({ outcome: 'duplicate' });
    expect(await pay(shop, await place(shop), { buyerId: 4 })).toMatchObject({ outcome: 'mismatch' });
    expect(await history(shop)).toEqual(['purchase 10']);
  });

  it('is valid from the time it was added, however late the payment was found', async () => {
    const shop = await openCreditShop(30);
    const order = await place(shop);
    await pay(shop, order, { occurredAt: NOW }, later(3 * DAY));
    const [held] = await shop.in((tx) => creditReader.balances(tx, shop.buyerId, NOW));
    expect(held?.lots[0]?.expiresAt).toEqual(later(33 * DAY));
  });

  it('is shown to the buyer with the current balance, even when it is sent again', async () => {
    const { shop, order } = await sold(30);
    await debit(shop, 4);
    const facts = await shop.in((tx) => orders.deliveryFacts(tx, order.id, NOW));
    expect(facts?.credits).toEqual({ unit: 'scan', amount: 10, expiresAt: later(30 * DAY), available: 6 });
    await shop.in((tx) => orders.recordHandover(tx, order.id, { kind: 'delivered' }, NOW));
    await shop.in((tx) => orders.handOverAgain(tx, shop.botId, shop.buyerId, order.id, NOW));
    expect(await balance(shop)).toBe(6);
  });
});

describe('a refund of a pack', () => {
  it('takes back the rest when it is requested, reports the spent part, and counts once', async () => {
    const { shop, order } = await sold();
    await debit(shop, 4);
    const asked = await eight(() => refund(shop, order));
    const taken = { unit: 'scan', granted: 10, clawedBack: 6, alreadySpent: 4, expired: 0, reserved: 0 };
    expect(asked.map((each) => each.credits)).toEqual(asked.map(() => taken));
    await shop.in((tx) => refunds.begin(tx, String(asked[0]?.id), NOW));
    await eight(() => shop.in((tx) => refunds.succeed(tx, String(asked[0]?.id), NOW)));
    expect(await history(shop)).toEqual(['purchase 10', 'debit -4', 'refund -6']);
    expect((await events(shop)).at(-1)).toMatchObject({ type: 'credits.clawed_back', amount: 6, cause: 'refund' });
  });

  it('touches no other pack, and makes no balance negative', async () => {
    const { shop, order } = await sold(30);
    const second = await place(shop);
    await pay(shop, second, {}, later(1));
    await debit(shop, 10);
    expect((await refund(shop, order)).credits).toMatchObject({ clawedBack: 0, alreadySpent: 10 });
    expect(await balance(shop)).toBe(10);
    expect((await events(shop)).at(-1)).toMatchObject({ type: 'credits.clawed_back', amount: 0 });
  });

  it('attack 8: adds up with fifty concurrent debits: each credit is either spent or taken back', async () => {
    const { shop, order } = await sold();
    const debits = Array.from({ length: 50 }, () => debit(shop, 1));
    const [asked, ...spent] = await Promise.allSettled([refund(shop, order), ...debits]);
    const won = spent.filter(({ status }) => status === 'fulfilled').length;
    const { refunds: listed } = await shop.in((tx) => orders.details(tx, order.id));
    expect(asked.status).toBe('fulfilled');
    expect(listed[0]?.credits).toMatchObject({ alreadySpent: won, clawedBack: 10 - won });
    expect(await balance(shop)).toBe(0);
  });

  it('returns the credits once when it fails, and can be requested again', async () => {
    const { shop, order } = await sold(30);
    await debit(shop, 4);
    const { id } = await refund(shop, order);
    await fails(shop, id);
    await shop.in((tx) => refunds.fail(tx, id, 'again', NOW));
    expect(await balance(shop)).toBe(6);
    const { refunds: listed } = await shop.in((tx) => orders.details(tx, order.id));
    expect(listed[0]).toMatchObject({ state: 'failed', credits: null });
    expect((await refund(shop, order)).credits).toMatchObject({ clawedBack: 6 });
    expect(await history(shop)).toEqual(['purchase 10', 'debit -4', 'refund -6', 'refund_failed 6', 'refund -6']);
  });

  it('returns credits that expire at once when it fails after the pack has expired', async () => {
    const { shop, order } = await sold(1);
    const { id } = await refund(shop, order);
    await fails(shop, id, later(2 * DAY));
    expect(await balance(shop, later(2 * DAY))).toBe(0);
    expect(await history(shop)).toEqual(['purchase 10', 'refund -10', 'refund_failed 10', 'expiry_after_refund -10']);
  });

  it(
    'returns credits that expire at once when it fails after another process has recorded the expiry of ' +
      'a partly held pack',
    async () => {
      const { shop, order } = await sold(1);
      const hold = { buyerId: shop.buyerId, unit: 'scan', amount: 4, reason: null };
      await shop.in((tx) => credits.reserve(tx, hold, newUuid(), NOW));
      const { id } = await refund(shop, order);
      const [account] = await shop.in((tx) => tx.query<{ id: string }>('select id from credit_accounts'));
      await shop.in((tx) => credits.lapse(tx, String(account?.id), later(DAY)));
      // The clock of this process is slightly behind.
      const now = later(DAY - 5);
      await fails(shop, id, now);
      expect(await balance(shop, now)).toBe(0);
      const end = ['refund_failed 10', 'expiry_after_refund -10'];
      expect(await history(shop)).toEqual(['purchase 10', 'refund -6', 'refund_after_release -4', ...end]);
    },
  );

  it('leaves reserved credits alone, and takes them back when they are released', async () => {
    const { shop, order } = await sold();
    const hold = { buyerId: shop.buyerId, unit: 'scan', amount: 7, reason: null };
    const held = await shop.in((tx) => credits.reserve(tx, hold, newUuid(), NOW));
    const { id, credits: taken } = await refund(shop, order);
    expect(taken).toMatchObject({ clawedBack: 3, reserved: 7, alreadySpent: 0 });
    const [reservation] = await shop.in((tx) => tx.query<{ id: string }>('select id from credit_reservations'));
    expect(held.state).toBe('open');
    await shop.in((tx) => credits.commit(tx, String(reservation?.id), 5, newUuid(), NOW));
    expect(await history(shop)).toEqual(['purchase 10', 'refund -3', 'reservation -5', 'refund_after_release -2']);
    await shop.in((tx) => refunds.begin(tx, id, NOW));
    await shop.in((tx) => refunds.succeed(tx, id, NOW));
    const { refunds: listed } = await shop.in((tx) => orders.details(tx, order.id));
    expect(listed[0]?.credits).toMatchObject({ clawedBack: 5, alreadySpent: 5, reserved: 0 });
  });

  it('takes back the credits even if it was made outside of Starwall', async () => {
    const { shop, order } = await sold();
    const { charges } = await shop.in((tx) => orders.details(tx, order.id));
    const chargeId = String(charges[0]?.telegramChargeId);
    await eight(() => shop.in((tx) => refunds.recordFromTelegram(tx, shop.botId, chargeId, NOW)));
    expect(await history(shop)).toEqual(['purchase 10', 'refund -10']);
  });
});
