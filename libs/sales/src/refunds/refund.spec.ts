import { HOUR, MINUTE, SECOND } from '#libs/kernel';
import { ChargeNotListed } from '../orders/order.js';
import {
  AlreadyRefunded,
  assertRefundMove,
  BuyerErased,
  isLate,
  isOpen,
  isPromised,
  NothingToRefund,
  PaidWithCredits,
  promiseDelay,
  REFUND_MOVES,
  REFUND_STATES,
  type RefundFacts,
  refuseRefund,
} from './refund.js';

const paid = { state: 'paid', billing: 'purchase', unlockedAt: null } as const;
const facts: RefundFacts = { order: paid, isCharged: true, live: undefined, isPersonKnown: true };

describe('a refund', () => {
  it.each<[string, Partial<RefundFacts>]>([
    ['of a paid order', {}],
    ['of a charge that paid no order', { order: undefined }],
    ['of an order that was unlocked and then paid', { order: { ...paid, unlockedAt: new Date(0) } }],
    ['that is already pending', { live: 'requested' }],
    ['whose answer was lost', { live: 'unknown' }],
    ['that started before its buyer was erased and forgotten', { live: 'sent', isPersonKnown: false }],
  ])('%s is accepted', (_what, changes) => {
    expect(refuseRefund({ ...facts, ...changes })).toBeUndefined();
  });

  it.each<[string, Partial<RefundFacts>, new () => Error]>([
    ['of an order that was refunded', { order: { ...paid, state: 'refunded' } }, AlreadyRefunded],
    ['of a charge that was refunded', { order: undefined, live: 'refunded' }, AlreadyRefunded],
    ['of a purchase with credits', { order: { ...paid, billing: 'credits' }, isCharged: false }, PaidWithCredits],
    [
      'of unlocked media that are not on the list yet',
      { order: { ...paid, state: 'placed', unlockedAt: new Date(0) }, isCharged: false },
      ChargeNotListed,
    ],
    ['of an unpaid order', { order: { ...paid, state: 'placed' }, isCharged: false }, NothingToRefund],
    ['to a person whose identity was deleted', { isPersonKnown: false }, BuyerErased],
  ])('%s is refused', (_what, changes, refusal) => {
    expect(refuseRefund({ ...facts, ...changes })).toBe(refusal);
  });
});

describe('the state of a refund', () => {
  it.each(REFUND_STATES)('changes from %s only as the table allows', (from) => {
    const refused = REFUND_STATES.filter((to) => !REFUND_MOVES[from].includes(to));
    for (const to of refused)
      expect(() => assertRefundMove(from, to)).toThrow(`a refund that is ${from} cannot become ${to}`);
    for (const to of REFUND_MOVES[from]) expect(() => assertRefundMove(from, to)).not.toThrow();
  });

  it('is open until Telegram has made the refund or permanently refused it', () => {
    expect(REFUND_STATES.filter(isOpen)).toEqual(['requested', 'sent', 'unknown']);
  });

  it('is a promise only if Starwall started the refund', () => {
    expect(['system', 'telegram', 'acc_1'].map((requestedBy) => isPromised({ requestedBy }))).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('a slow refund', () => {
  const refund = { createdAt: new Date('2026-12-01T00:00:00Z') };
  const after = (ms: number) => new Date(refund.createdAt.getTime() + ms);

  it('is late after exactly a quarter of an hour', () => {
    expect([15 * MINUTE - 1, 15 * MINUTE, HOUR].map((age) => isLate(refund, after(age)))).toEqual([false, true, true]);
  });

  it.each([
    [0, MINUTE],
    [59 * SECOND, MINUTE],
    [10 * MINUTE, 10 * MINUTE],
    [6 * HOUR, 6 * HOUR],
    [48 * HOUR, 6 * HOUR],
  ])('that is %d ms old is retried after %d ms', (age, delay) => {
    expect(promiseDelay(refund, after(age))).toBe(delay);
  });
});
