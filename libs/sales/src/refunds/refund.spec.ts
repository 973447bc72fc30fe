import { ChargeNotListed } from '../orders/order.js';
import {
  AlreadyRefunded,
  BuyerErased,
  NothingToRefund,
  PaidWithCredits,
  type RefundFacts,
  refuseRefund,
} from './refund.js';

const paid = { state: 'paid', billing: 'purchase', unlockedAt: null } as const;
const facts: RefundFacts = { order: paid, isCharged: true, live: undefined, isPersonKnown: true };

describe('a refund', () => {
  it.each<[string, Partial<RefundFacts>]>([
    ['of a paid order', {}],
    ['of money that paid no order', { order: undefined }],
    ['of an order that was unlocked and then paid', { order: { ...paid, unlockedAt: new Date(0) } }],
    ['that is already pending', { live: 'requested' }],
    ['whose answer was lost', { live: 'unknown' }],
    ['that began before its buyer was erased and forgotten', { live: 'sent', isPersonKnown: false }],
  ])('%s is made', (_what, changes) => {
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
