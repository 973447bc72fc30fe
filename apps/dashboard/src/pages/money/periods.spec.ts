import { monthsUntil, periodOf, yearsUntil } from './periods';

describe('the periods of a statement', () => {
  it('end with the current month in UTC', () => {
    const months = monthsUntil(new Date('2026-02-01T00:00:00Z'));
    expect(months).toHaveLength(12);
    expect([months[0], months[1], months[2], months[11]]).toEqual(['2026-02', '2026-01', '2025-12', '2025-03']);
    expect(monthsUntil(new Date('2026-01-31T23:59:59Z'))[0]).toBe('2026-01');
    expect(yearsUntil(new Date('2026-01-01T00:00:00Z'))).toEqual(['2026', '2025']);
  });

  it.each([
    ['2026-11', '2026-11-01', '2026-12-01'],
    ['2026-12', '2026-12-01', '2027-01-01'],
    ['2024', '2024-01-01', '2025-01-01'],
  ])('%s starts on %s and ends before %s', (name, from, to) => {
    expect(periodOf(name)).toEqual({ from, to });
  });
});
