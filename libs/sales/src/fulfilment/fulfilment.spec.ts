import { assertFulfilmentMove, assertTakesGoods, GoodsNotExpected } from './fulfilment.js';
import { AlreadyDelivered, NothingOwed } from './manual-delivery.js';
import { statusOf } from '../orders/order.js';

const paid = { state: 'paid', delivery: 'waiting', hasItsMoney: true } as const;

describe('goods that are sent later', () => {
  it.each(['requested', 'generating', 'failed'] as const)('are accepted while the fulfilment is %s', (state) => {
    expect(() => assertTakesGoods(paid, state)).not.toThrow();
  });

  it('are refused if there are others, unless those could not be delivered', () => {
    for (const delivery of ['waiting', 'unreachable', 'delivered'] as const)
      expect(() => assertTakesGoods({ ...paid, delivery }, 'ready')).toThrow(AlreadyDelivered);
    expect(() => assertTakesGoods({ ...paid, delivery: 'failed' }, 'ready')).not.toThrow();
  });

  it('are refused for an order that was delivered by hand', () => {
    expect(() => assertTakesGoods({ ...paid, delivery: 'delivered' }, 'requested')).toThrow(AlreadyDelivered);
  });

  it.each(['placed', 'approved', 'expired', 'cancelled', 'refunded'] as const)(
    'are refused for an order that is %s',
    (state) => expect(() => assertTakesGoods({ ...paid, state }, 'requested')).toThrow(NothingOwed),
  );

  it('are refused during a refund, and for products whose goods no server makes', () => {
    expect(() => assertTakesGoods({ ...paid, hasItsMoney: false }, 'requested')).toThrow(NothingOwed);
    expect(() => assertTakesGoods(paid, undefined)).toThrow(GoodsNotExpected);
  });
});

it('an order whose goods are being made is on its way', () => {
  expect(statusOf({ state: 'paid', delivery: 'generating', unlockedAt: null })).toBe('delivering');
  expect(statusOf({ state: 'paid', delivery: 'delivered', unlockedAt: new Date(0) })).toBe('delivered');
  expect(statusOf({ state: 'expired', delivery: 'none', unlockedAt: new Date(0) })).toBe('unlocked');
});

it('a ready fulfilment never fails or waits for its server again', () => {
  for (const state of ['generating', 'failed'] as const)
    expect(() => assertFulfilmentMove('ready', state)).toThrow('cannot become');
});
