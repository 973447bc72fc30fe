import { fc } from '../../../../test/support/properties.js';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { newUuid, NotFound } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';
import { AlreadyRefunded, ChargeRow, type OrderRow, type Payment, RefundReportService, RefundRow } from '../index.js';

let db: Database;
let source: DataSource;
const { checkout, payments, refunds, ledger } = salesServices();
const reports = new RefundReportService(payments, refunds);

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const refundRequest = { reason: null, by: 'test' };
let updateId = 0;

interface Case {
  readonly shop: Shop;
  readonly order: OrderRow;
  readonly payment: Payment;
}

async function placed(changes: Partial<Payment> = {}): Promise<Case> {
  const shop = await openShop(db);
  updateId += 1;
  const placing = { ...shop, updateId };
  const { order } = await shop.in((tx) => checkout.place(tx, placing, new Date()));
  return { shop, order, payment: paymentFor(order, changes) };
}

const pay = ({ shop, payment }: Case) => shop.in((tx) => payments.record(tx, payment, new Date()));

async function paid(changes: Partial<Payment> = {}): Promise<Case> {
  const sale = await placed(changes);
  await pay(sale);
  return sale;
}

const chargeOf = ({ shop, payment }: Case) =>
  shop.in((tx) =>
    tx.manager.findOneByOrFail(ChargeRow, { tenantId: shop.tenantId, telegramChargeId: payment.telegramChargeId }),
  );

/** Refunds an order in different ways. None of them throws when it comes second. */
const WAYS = {
  'by order': ({ shop, order }: Case) => shop.in((tx) => refunds.request(tx, order.id, refundRequest, new Date())),
  'by charge': async (sale: Case) => {
    const { id } = await chargeOf(sale);
    return sale.shop.in((tx) => refunds.requestByCharge(tx, id, refundRequest, new Date()));
  },
  'at Telegram': ({ shop, payment }: Case) =>
    shop.in((tx) => refunds.recordFromTelegram(tx, shop.botId, payment.telegramChargeId, new Date())),
  'as a message': ({ shop, payment }: Case) => shop.in((tx) => reports.record(tx, payment, new Date())),
} as const;

type Way = keyof typeof WAYS;
const ways = Object.keys(WAYS) as Way[];
const ask = (way: Way, sale: Case): Promise<unknown> =>
  WAYS[way](sale).catch((error: unknown) => {
    if (!(error instanceof AlreadyRefunded)) throw error;
    return error.code;
  });

/** Makes the pending calls like the worker. */
async function carryOut({ shop }: Case): Promise<void> {
  for (const { id } of await shop.in((tx) => tx.manager.findBy(RefundRow, { tenantId: shop.tenantId }))) {
    await shop.in((tx) => refunds.begin(tx, id, new Date()));
    await shop.in((tx) => refunds.succeed(tx, id, new Date()));
  }
}

const count = async ({ shop }: Case, sql: string) =>
  (await shop.in((tx) => tx.query<{ n: number }>(`select count(*)::int as n from ${sql}`)))[0]?.n;
const books = ({ shop }: Case) =>
  shop.in(async (tx) => [
    await ledger.balance(tx, shop.botId, 'telegram'),
    await ledger.balance(tx, shop.botId, 'earned'),
    await ledger.balance(tx, shop.botId, 'held'),
  ]);

async function expectRefundedOnce(sale: Case): Promise<void> {
  expect(await books(sale)).toEqual([0, 0, 0]);
  expect(await count(sale, `refunds`)).toBe(1);
  expect(await count(sale, `refunds where state = 'refunded'`)).toBe(1);
  expect(await count(sale, `events where type = 'refund.succeeded'`)).toBe(1);
  expect(await count(sale, `events where type = 'order.refunded'`)).toBe(1);
  expect(await count(sale, `charges where state = 'refunded'`)).toBe(1);
  expect(await count(sale, `orders where state = 'refunded'`)).toBe(1);
  expect(await count(sale, `entitlements where state = 'active'`)).toBe(0);
}

describe('attack 7: Stars are refunded once', () => {
  const pairs = ways.flatMap((one, i) => ways.slice(i).map((two) => [one, two] as const));

  it.each(pairs)('%s and %s, four of each at the same time', async (one, two) => {
    const sale = await paid();
    await Promise.all(Array.from({ length: 8 }, (_, i) => ask(i % 2 === 0 ? one : two, sale)));
    await carryOut(sale);
    await expectRefundedOnce(sale);
  });

  it('in all ways at once, while the call is concluded', async () => {
    const sale = await paid();
    await Promise.all([...ways, ...ways, ...ways].flatMap((way) => [ask(way, sale), carryOut(sale)]));
    await carryOut(sale);
    await expectRefundedOnce(sale);
  });

  it.each(ways)('%s after an earlier refund', async (way) => {
    const sale = await paid();
    await ask('by order', sale);
    await carryOut(sale);
    await ask(way, sale);
    await expectRefundedOnce(sale);
  });
});

describe('a refund that Telegram reports before its payment', () => {
  it('is recorded with its payment, and a later report of the payment changes nothing', async () => {
    const sale = await placed();
    expect(await ask('as a message', sale)).toBe('recorded');
    expect(await pay(sale)).toEqual({ outcome: 'already_recorded' });
    await expectRefundedOnce(sale);
  });

  it('ends the same when both arrive concurrently, each several times', async () => {
    for (let round = 0; round < 5; round += 1) {
      const sale = await placed();
      const reported = Array.from({ length: 4 }, () => [pay(sale), ask('as a message', sale)]);
      await Promise.all(reported.flat());
      await expectRefundedOnce(sale);
    }
  });

  it('has no charge when only its id is known', async () => {
    const sale = await placed();
    expect(await ask('at Telegram', sale)).toBe('no_such_charge');
    expect(await count(sale, 'refunds')).toBe(0);
  });

  it('for a foreign payload is booked together with its payment', async () => {
    const sale = await placed({ payload: 'not ours' });
    await ask('as a message', sale);
    expect(await books(sale)).toEqual([0, 0, 0]);
    expect(await count(sale, `charges where match = 'unmatched' and state = 'refunded'`)).toBe(1);
  });
});

describe('a refund by charge', () => {
  it.each([
    ['unmatched', { payload: 'somebody-elses' }],
    ['mismatch', { buyerId: 4 }],
  ])('returns a payment recorded as %s', async (match, changes) => {
    const sale = await paid(changes);
    expect((await chargeOf(sale)).match).toBe(match);
    await ask('by charge', sale);
    await carryOut(sale);
    expect(await books(sale)).toEqual([0, 0, 0]);
    expect(await count(sale, `orders where state = 'placed'`)).toBe(1);
  });

  it('of a second charge leaves the order paid', async () => {
    const sale = await paid();
    const second = { ...sale, payment: paymentFor(sale.order) };
    await pay(second);
    await ask('by charge', second);
    await carryOut(second);
    expect(await count(sale, `orders where state = 'paid'`)).toBe(1);
    expect(await count(sale, `entitlements where state = 'active'`)).toBe(1);
    expect(await books(sale)).toEqual([50, -50, 0]);
  });

  it("is refused for an unknown charge, another tenant's charge and a refunded one", async () => {
    const [sale, other] = [await paid(), await paid()];
    const { id } = await chargeOf(sale);
    const byCharge = (shop: Shop, chargeId: string) =>
      shop.in((tx) => refunds.requestByCharge(tx, chargeId, refundRequest, new Date()));
    await expect(byCharge(other.shop, id)).rejects.toThrow(NotFound);
    await expect(byCharge(sale.shop, newUuid())).rejects.toThrow(NotFound);
    await byCharge(sale.shop, id);
    await carryOut(sale);
    await expect(byCharge(sale.shop, id)).rejects.toThrow(AlreadyRefunded);
    expect(await count(other, 'refunds')).toBe(0);
  });
});

/** The steps of all actors. The model: the Stars were refunded exactly if Telegram said so at least once. */
const STEPS = {
  request: (sale: Case) => ask('by order', sale),
  byCharge: (sale: Case) => ask('by charge', sale),
  atTelegram: (sale: Case) => ask('at Telegram', sale),
  message: (sale: Case) => ask('as a message', sale),
  pay,
  pick: (sale: Case) => each(sale, (tx, id) => refunds.pick(tx, id, new Date())),
  begin: (sale: Case) => each(sale, (tx, id) => refunds.begin(tx, id, new Date())),
  lost: (sale: Case) => each(sale, (tx, id) => refunds.postpone(tx, id, 'unknown', 'lost', new Date())),
  later: (sale: Case) => each(sale, (tx, id) => refunds.postpone(tx, id, 'requested', 'later', new Date())),
  refused: (sale: Case) => each(sale, (tx, id) => refunds.fail(tx, id, 'BALANCE_TOO_LOW', new Date())),
} as const;

async function each(
  { shop }: Case,
  step: (tx: Parameters<Parameters<Shop['in']>[0]>[0], id: string) => Promise<unknown>,
) {
  const rows = await shop.in((tx) => tx.manager.findBy(RefundRow, { tenantId: shop.tenantId }));
  for (const { id } of rows) await shop.in((tx) => step(tx, id));
}

describe('any steps in any order', () => {
  const steps = fc.array(fc.constantFrom(...(Object.keys(STEPS) as Array<keyof typeof STEPS>)), { maxLength: 12 });

  it.each([
    ['one after the other', false],
    ['at the same time', true],
  ])('keep the books in agreement with Telegram: %s', async (_how, together) => {
    await fc.assert(
      fc.asyncProperty(steps, async (names) => {
        const sale = await paid();
        const run = (name: keyof typeof STEPS) => STEPS[name](sale);
        if (together) await Promise.all(names.map(run));
        else for (const name of names) await run(name);
        const wentBack = names.some((name) => name === 'atTelegram' || name === 'message');
        expect(await books(sale)).toEqual(wentBack ? [0, 0, 0] : [50, -50, 0]);
        expect(await count(sale, `refunds where state = 'refunded'`)).toBe(wentBack ? 1 : 0);
        expect(await count(sale, `refunds where state <> 'failed'`)).toBeLessThanOrEqual(1);
        expect(
          await count(
            sale,
            `charges c join entitlements e on e.charge_id = c.id
          where (c.state = 'paid') <> (e.state = 'active')`,
          ),
        ).toBe(0);
        expect(
          await count(
            sale,
            `charges c where (c.state = 'refund_pending') <> exists (
          select from refunds r where r.charge_id = c.id and r.state in ('requested', 'sent', 'unknown'))`,
          ),
        ).toBe(0);
      }),
      { numRuns: 25 },
    );
  });
});
