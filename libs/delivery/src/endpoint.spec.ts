import { DAY, HOUR, SECOND } from '#libs/kernel';
import { healthAfter } from './endpoint.js';

const now = new Date('2026-06-10T12:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const well = { failingSince: null, slow: false };

describe('what an attempt says about an endpoint', () => {
  it('is nothing bad when it was accepted soon, whatever happened before', () => {
    expect(
      healthAfter({ failingSince: ago(9 * DAY), slow: true }, { verdict: 'accepted', durationMs: 80 }, now),
    ).toEqual(well);
  });

  it('is that it is slow when the answer took longer than two seconds, or never came', () => {
    expect(healthAfter(well, { verdict: 'accepted', durationMs: 2_100 }, now)).toEqual({
      failingSince: null,
      slow: true,
    });
    expect(healthAfter(well, { verdict: 'refused', durationMs: 15 * SECOND }, now)).toEqual({
      failingSince: now,
      slow: true,
    });
  });

  it('is not that it is slow when it fails at once: that holds up nobody', () => {
    expect(healthAfter(well, { verdict: 'refused', durationMs: 5 }, now)).toEqual({ failingSince: now, slow: false });
  });

  it.each([
    [5 * DAY - HOUR, false],
    [5 * DAY, true],
    [6 * DAY, true],
  ])('after %d ms of nothing but failures is that it is to be disabled: %p', (ms, disabled) => {
    const health = healthAfter({ failingSince: ago(ms), slow: false }, { verdict: 'refused', durationMs: 5 }, now);
    expect(health.failingSince).toEqual(ago(ms));
    expect(health.disabledBecause !== undefined).toBe(disabled);
  });

  it('is that it is to be disabled at once when it is gone', () => {
    expect(healthAfter(well, { verdict: 'gone', durationMs: 5 }, now).disabledBecause).toContain('410');
  });
});
