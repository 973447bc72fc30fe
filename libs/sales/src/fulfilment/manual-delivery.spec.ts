import { AlreadyDelivered, assertOwed, NothingOwed } from './manual-delivery.js';

const paid = { state: 'paid', delivery: 'failed', hasItsMoney: true } as const;

describe('goods delivered by hand', () => {
  it.each(['placed', 'approved', 'expired', 'cancelled', 'refunded'] as const)(
    'are refused for an order that is %s',
    (state) => {
      expect(() => assertOwed({ ...paid, state }, 'send_again')).toThrow(NothingOwed);
      expect(() => assertOwed({ ...paid, state }, 'mark_delivered')).toThrow(NothingOwed);
    },
  );

  it('are refused during a refund', () => {
    expect(() => assertOwed({ ...paid, hasItsMoney: false }, 'send_again')).toThrow(NothingOwed);
  });

  it('can be sent again after any outcome, and marked unless they have arrived', () => {
    for (const delivery of ['waiting', 'failed', 'unreachable'] as const) {
      expect(() => assertOwed({ ...paid, delivery }, 'mark_delivered')).not.toThrow();
    }
    expect(() => assertOwed({ ...paid, delivery: 'delivered' }, 'send_again')).not.toThrow();
    expect(() => assertOwed({ ...paid, delivery: 'delivered' }, 'mark_delivered')).toThrow(AlreadyDelivered);
  });
});
