import { brickOf, bricks, daysOf, growth, periodOf } from './periods';

const now = new Date('2026-03-01T10:00:00Z');
const day = (date: string, stars: number) => ({ day: date, stars, orders: 1 });

describe('the days of the chart', () => {
  it('include days without sales', () => {
    expect(daysOf([day('2026-02-28', 5)], now, 3)).toEqual([
      { day: '2026-02-27', stars: 0, orders: 0 },
      { day: '2026-02-28', stars: 5, orders: 1 },
      { day: '2026-03-01', stars: 0, orders: 0 },
    ]);
    expect(periodOf(now, 2)).toEqual({ from: '2026-02-28', to: '2026-03-02' });
  });

  it('are compared with the same number of preceding days, if those had sales', () => {
    const days = [day('a', 10), day('b', 10), day('c', 15), day('d', 15)];
    expect(growth(days, 2)).toBeCloseTo(0.5);
    expect(growth(days.slice(2), 2)).toBeUndefined();
  });
});

describe('a brick of the chart', () => {
  it('represents more Stars in a larger shop', () => {
    expect(brickOf([])).toBe(1);
    expect(brickOf([day('a', 17)])).toBe(1);
    expect(brickOf([day('a', 18)])).toBe(5);
    expect(brickOf([day('a', 800)])).toBe(50);
  });

  it('is shown for the smallest sale', () => {
    expect([bricks(0, 50), bricks(1, 50), bricks(120, 50)]).toEqual([0, 1, 2]);
  });
});
