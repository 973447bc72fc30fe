import { monthBounds, monthOf, percentOf, usageState } from './quota.js';

describe('a limit', () => {
  it.each([
    [0, 10, 'ok'],
    [7, 10, 'ok'],
    [8, 10, 'warning'],
    [9, 10, 'warning'],
    [10, 10, 'exhausted'],
    [11, 10, 'exhausted'],
    [0, 0, 'exhausted'],
    [4, 5, 'warning'],
    [1_000_000, null, 'ok'],
  ] as const)('with %s of %s used is %s', (used, allowed, state) => expect(usageState(used, allowed)).toBe(state));

  it.each([
    [1, 3, 33],
    [3, 3, 100],
    [4, 3, 133],
    [0, 0, 100],
    [5, null, null],
  ] as const)('shows %s of %s as %s percent', (used, allowed, percent) =>
    expect(percentOf(used, allowed)).toBe(percent),
  );
});

describe('the month of an order', () => {
  it('is in UTC', () => {
    expect(monthOf(new Date('2026-11-30T23:59:59.999Z'))).toBe('2026-11-01');
    expect(monthOf(new Date('2026-12-01T00:30:00+02:00'))).toBe('2026-11-01');
  });

  it('ends where the next one starts, even at the end of a year', () => {
    const { from, to } = monthBounds(new Date('2026-12-31T12:00:00Z'));
    expect([from.toISOString(), to.toISOString()]).toEqual(['2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z']);
  });
});
