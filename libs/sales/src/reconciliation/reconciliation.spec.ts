import { fc } from '../../../../test/support/properties.js';
import {
  type BalanceFacts,
  explain,
  type ListedTally,
  missedPayment,
  nextReconciliation,
  RECONCILE_EVERY_MS,
  type StarSum,
  type Tally,
} from './reconciliation.js';
import { type Listed, TRANSACTION_KINDS } from './star-transaction.js';

const NANO = 1_000_000_000n;
const total = (sums: readonly StarSum[]) =>
  sums.reduce((sum, { stars, nanostars }) => sum + BigInt(stars) * NANO + BigInt(nanostars), 0n);

const none: Tally = { count: 0, stars: 0, nanostars: 0 };
const even: BalanceFacts = {
  telegram: { stars: 0, nanostars: 0 },
  ours: 0,
  others: [],
  paymentsNotRecorded: none,
  refundsNotRecorded: none,
  amountsDiffer: none,
  chargesNotListed: none,
  chargesNotListedYet: none,
  refundsNotListed: none,
  refundsNotListedYet: none,
};

const amount = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const nano = fc.integer({ min: -999_999_999, max: 999_999_999 });
const some = fc.record({ count: fc.integer({ min: 1, max: 9 }), stars: fc.nat(), nanostars: fc.nat(3_000_000_000) });
const tally: fc.Arbitrary<Tally> = fc.oneof(fc.constant(none), some);
const other: fc.Arbitrary<ListedTally> = fc
  .tuple(some, fc.constantFrom(...TRANSACTION_KINDS), fc.constantFrom('in' as const, 'out' as const))
  .map(([sums, kind, direction]) => ({
    ...sums,
    kind,
    direction,
    withdrawal: kind === 'withdrawal' ? ('pending' as const) : null,
  }));
const facts: fc.Arbitrary<BalanceFacts> = fc.record({
  telegram: fc.record({ stars: amount, nanostars: nano }),
  ours: amount,
  others: fc.array(other, { maxLength: 8 }),
  paymentsNotRecorded: tally,
  refundsNotRecorded: tally,
  amountsDiffer: tally,
  chargesNotListed: tally,
  chargesNotListedYet: tally,
  refundsNotListed: tally,
  refundsNotListedYet: tally,
});

describe('an explanation', () => {
  it('has lines that add up to the difference', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { telegram, ours, difference, lines, unexplained } = explain(given);
        expect(total(lines)).toBe(total([difference]));
        expect(total([difference])).toBe(total([given.telegram]) - BigInt(given.ours) * NANO);
        expect(total([telegram])).toBe(total([given.telegram]));
        expect(ours).toBe(given.ours);
        expect(lines.filter((line) => line.cause === 'unexplained').length).toBe(total([unexplained]) === 0n ? 0 : 1);
      }),
    );
  });

  it('has both parts of every amount on the same side of zero', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { difference, unexplained, lines } = explain(given);
        return [difference, unexplained, ...lines].every(
          ({ stars, nanostars }) => stars * nanostars >= 0 && Math.abs(nanostars) < 1_000_000_000,
        );
      }),
    );
  });

  it('leaves nothing unexplained if the list was read to its end', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const known = explain(given).lines.filter((line) => line.cause !== 'unexplained');
        const nanos = BigInt(given.ours) * NANO + total(known);
        const telegram = { stars: Number(nanos / NANO), nanostars: Number(nanos % NANO) };
        expect(explain({ ...given, telegram }).unexplained).toEqual({ stars: 0, nanostars: 0 });
      }),
    );
  });

  it('is empty when there is no difference', () => {
    expect(explain({ ...even, telegram: { stars: 70, nanostars: 0 }, ours: 70 })).toMatchObject({
      difference: { stars: 0, nanostars: 0 },
      lines: [],
    });
  });

  it('names pending, failed and returned withdrawals, and leaves other Stars unexplained', () => {
    const fragment = (direction: 'in' | 'out', withdrawal: ListedTally['withdrawal'], stars: number): ListedTally => ({
      kind: 'withdrawal',
      direction,
      withdrawal,
      count: 1,
      stars,
      nanostars: 0,
    });
    const others = [fragment('out', 'pending', 100), fragment('out', 'failed', 40), fragment('in', null, 40)];
    const { lines, unexplained } = explain({ ...even, telegram: { stars: 350, nanostars: 0 }, ours: 500, others });
    expect(lines).toEqual([
      { cause: 'withdrawal_pending', count: 1, stars: -100, nanostars: 0 },
      { cause: 'withdrawal_failed', count: 1, stars: -40, nanostars: 0 },
      { cause: 'withdrawal_returned', count: 1, stars: 40, nanostars: 0 },
      { cause: 'unexplained', count: 1, stars: -50, nanostars: 0 },
    ]);
    expect(unexplained.stars).toBe(-50);
  });

  it.each<[keyof BalanceFacts, string, number]>([
    ['paymentsNotRecorded', 'payments_not_recorded', 50],
    ['refundsNotRecorded', 'refunds_not_recorded', -50],
    ['chargesNotListed', 'charges_not_listed', -50],
    ['chargesNotListedYet', 'charges_not_listed_yet', -50],
    ['refundsNotListed', 'refunds_not_listed', 50],
    ['refundsNotListedYet', 'refunds_not_listed_yet', 50],
  ])('shows %s as %s with %i Stars', (name, cause, stars) => {
    const given = { ...even, telegram: { stars, nanostars: 0 }, [name]: { count: 1, stars: 50, nanostars: 0 } };
    expect(explain(given).lines).toEqual([{ cause, count: 1, stars, nanostars: 0 }]);
  });

  it('counts nanostars exactly', () => {
    const others: ListedTally[] = [
      { kind: 'affiliate_program', direction: 'in', withdrawal: null, count: 3, stars: 0, nanostars: 2_700_000_000 },
    ];
    const telegram = { stars: 2, nanostars: 700_000_001 };
    expect(explain({ ...even, telegram, others }).unexplained).toEqual({ stars: 0, nanostars: 1 });
  });
});

describe('the next reconciliation', () => {
  it('is due in a quarter of an hour, give or take a fifth', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        const share = nextReconciliation(random) / RECONCILE_EVERY_MS;
        return share >= 0.8 && share <= 1.2;
      }),
    );
  });
});

describe('a missed payment', () => {
  const row: Listed = {
    id: 'stx1',
    direction: 'in',
    kind: 'invoice_payment',
    amount: 50,
    nanostars: 0,
    buyerId: 7,
    payload: 'ord_1',
    withdrawal: null,
    occurredAt: new Date(0),
    raw: {},
    problem: null,
  };

  it('has the facts of its message', () => {
    expect(missedPayment('bot', row)).toMatchObject({
      botId: 'bot',
      buyerId: 7,
      stars: 50,
      payload: 'ord_1',
      telegramChargeId: 'stx1',
      source: 'reconciliation',
    });
  });

  it('is marked as unlocked if it is for paid media', () => {
    expect(missedPayment('bot', row)?.unlocked).toBeUndefined();
    expect(missedPayment('bot', { ...row, kind: 'paid_media_payment' })).toMatchObject({ unlocked: true, stars: 50 });
  });

  it.each([{ buyerId: null }, { amount: 0 }, { nanostars: 1 }])('with %j is not one of our charges', (changes) =>
    expect(missedPayment('bot', { ...row, ...changes })).toBeUndefined(),
  );
});
