import { fc } from '../../../test/support/properties.js';
import { MAX_CREDITS } from '#libs/kernel';
import { lotAt, type StoredLot, takeInOrder, totalOf } from './credit.js';
import { creditAmount, InvalidCreditAmount } from './credit-refusals.js';

const amounts = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 });

describe('taking from packs', () => {
  it('takes exactly the requested amount, and opens a pack only when the earlier ones are used up', () => {
    fc.assert(
      fc.property(amounts, fc.nat(), (sizes, n) => {
        const portions = sizes.map((amount, i) => ({ lotId: `lot ${i}`, amount }));
        const wanted = 1 + (n % totalOf(portions));
        const taken = takeInOrder(portions, wanted);
        expect(totalOf(taken)).toBe(wanted);
        expect(taken.slice(0, -1)).toEqual(portions.slice(0, taken.length - 1));
        expect(taken.at(-1)?.amount).toBeLessThanOrEqual(portions[taken.length - 1]?.amount ?? 0);
      }),
    );
  });

  it('skips used-up packs', () => {
    const portions = [0, 2, 0, 3, 5].map((amount, i) => ({ lotId: `lot ${i}`, amount }));
    expect(takeInOrder(portions, 5)).toEqual([
      { lotId: 'lot 1', amount: 2 },
      { lotId: 'lot 3', amount: 3 },
    ]);
  });

  it('never invents missing credits', () => {
    expect(() => takeInOrder([{ lotId: 'a', amount: 2 }], 3)).toThrow(RangeError);
    expect(() => takeInOrder([], 1)).toThrow(RangeError);
  });
});

describe('a pack at a given time', () => {
  const now = new Date(10_000);
  const lot: StoredLot = {
    id: 'a',
    chargeId: null,
    amount: 10,
    remaining: 8,
    reserved: 5,
    lapsed: 2,
    expiresAt: null,
    takenBack: false,
    createdAt: new Date(0),
  };
  const at = (changes: Partial<StoredLot>) => {
    const { remaining, reserved } = lotAt({ ...lot, ...changes }, now);
    return [remaining, reserved];
  };

  it('no longer counts expired reservations', () => expect(at({})).toEqual([8, 3]));
  it('is unavailable from its expiry on, except for reserved credits', () => {
    expect(at({ expiresAt: new Date(10_001) })).toEqual([8, 3]);
    expect(at({ expiresAt: now })).toEqual([3, 3]);
  });
  it('is unavailable after it was taken back, except for reserved credits', () =>
    expect(at({ takenBack: true })).toEqual([3, 3]));
});

describe('an amount of credits', () => {
  it.each([1, 2, MAX_CREDITS])('can be %s', (n) => expect(creditAmount(n)).toBe(n));
  it.each([0, -1, 0.5, 1.1, MAX_CREDITS + 1, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])('cannot be %s', (n) => {
    expect(() => creditAmount(n)).toThrow(InvalidCreditAmount);
  });
});
