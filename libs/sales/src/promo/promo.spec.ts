import { fc } from '../../../../test/support/properties.js';
import { stars } from '#libs/kernel';
import { discounted, noPromoFor, type Promo, promoCodeOf, promoProblem } from './promo.js';

const promo: Promo = {
  productId: null,
  percentOff: 20,
  starsOff: null,
  maxUses: null,
  maxUsesPerBuyer: null,
  startsAt: null,
  endsAt: null,
  state: 'active',
  uses: 0,
};
const off = (list: number, change: Partial<Promo>) => discounted(stars(list), { ...promo, ...change });

describe('a promo code', () => {
  it('applies only to single payments in Stars', () => {
    expect(noPromoFor('text', stars(50))).toBeUndefined();
    expect(noPromoFor('subscription', stars(50))).toMatch(/subscription/);
    expect(noPromoFor('paid_command', stars(0))).toMatch(/a price in Stars/);
  });
});

describe('a price with a promo code', () => {
  it('is lower by a percentage, rounded in favour of the buyer, or by a number of Stars', () => {
    expect([off(50, {}), off(99, {}), off(3, { percentOff: 50 }), off(50, { percentOff: 1 })]).toEqual([40, 79, 1, 49]);
    expect([off(50, { percentOff: null, starsOff: 20 })]).toEqual([30]);
  });

  it('is whole, at least one Star, and never above the list price', () => {
    expect([off(50, { percentOff: 100 }), off(50, { percentOff: null, starsOff: 500 }), off(1, {})]).toEqual([1, 1, 1]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 100 }), (list, percentOff) => {
        const price = off(list, { percentOff });
        expect(Number.isInteger(price) && price >= 1 && price <= list).toBe(true);
        expect(price).toBe(Math.max(1, Number((BigInt(list) * BigInt(100 - percentOff)) / 100n)));
      }),
    );
  });
});

describe('a promo code', () => {
  it('is stored in upper case, however it is typed', () => {
    expect([promoCodeOf(' spring-26 '), promoCodeOf('AB'), promoCodeOf('два'), promoCodeOf('a b c')]).toEqual([
      'SPRING-26',
      undefined,
      undefined,
      undefined,
    ]);
  });

  const now = new Date(10_000);
  it.each([
    [{}, 0, undefined],
    [{ state: 'archived' as const }, 0, 'ended'],
    [{ endsAt: now }, 0, 'ended'],
    [{ endsAt: new Date(10_001), startsAt: now }, 0, undefined],
    [{ startsAt: new Date(10_001) }, 0, 'not_yet'],
    [{ maxUses: 3, uses: 3 }, 0, 'used_up'],
    [{ maxUses: 3, uses: 2 }, 2, undefined],
    [{ maxUsesPerBuyer: 2, uses: 9 }, 2, 'used_by_buyer'],
    [{ maxUsesPerBuyer: 2, uses: 9 }, 1, undefined],
  ])('(%j, used %i times by the buyer) is %s', (change, uses, problem) => {
    expect(promoProblem({ ...promo, ...change }, uses, now)).toBe(problem);
  });
});
