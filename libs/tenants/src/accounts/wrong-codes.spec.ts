import { HOUR, SECOND } from '#libs/kernel';
import { afterWrongCode, CodesLocked, requireUnlocked, type WrongCodes } from './wrong-codes.js';

const NOW = new Date('2031-02-03T04:05:06Z');
const after = (wrongCodes: number) => afterWrongCode({ wrongCodes: wrongCodes - 1, lockedUntil: null }, NOW);

describe('wrong codes in a row', () => {
  it.each([1, 9, 11, 25])('lock nothing at a count of %d', (count) => {
    expect(after(count)).toEqual({ wrongCodes: count, lockedUntil: null });
  });

  it.each([
    [10, 1],
    [20, 2],
    [30, 4],
    [50, 16],
    [60, 24],
    [100_000, 24],
  ])('lock codes at %d, for %d hours', (count, hours) => {
    expect(after(count)).toEqual({ wrongCodes: count, lockedUntil: new Date(NOW.getTime() + hours * HOUR) });
  });
});

describe('locked codes', () => {
  const locked: WrongCodes = { wrongCodes: 10, lockedUntil: new Date(NOW.getTime() + 90 * SECOND) };

  it('are refused with the time to wait', () => {
    expect(() => requireUnlocked(locked, NOW)).toThrow(CodesLocked);
    expect(() => requireUnlocked(locked, NOW)).toThrow(expect.objectContaining({ retryAfterSeconds: 90 }));
  });

  it('are checked again afterwards', () => {
    expect(() => requireUnlocked(locked, new Date(NOW.getTime() + 90 * SECOND))).not.toThrow();
    expect(() => requireUnlocked({ wrongCodes: 9, lockedUntil: null }, NOW)).not.toThrow();
  });
});
