import { DAY, HOUR, MINUTE, SECOND } from '#libs/kernel';
import { healthAfter } from './endpoint.js';

const now = new Date('2026-06-10T12:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const well = { failingSince: null, failure: null, failureToldAt: null, slow: false };
const answer = (status: number, durationMs = 5) => ({ verdict: 'accepted' as const, status, error: null, durationMs });
const refusal = (durationMs = 5) => ({ ...answer(500, durationMs), verdict: 'refused' as const });
const REASON = 'the endpoint answered 500';

describe('an attempt at an endpoint', () => {
  it('resets the failures when it is accepted quickly', () => {
    const before = { failingSince: ago(9 * DAY), failure: REASON, failureToldAt: null, slow: true };
    expect(healthAfter(before, answer(200, 80), now)).toEqual(well);
  });

  it('marks it as slow when the response takes more than two seconds or never comes', () => {
    expect(healthAfter(well, answer(200, 2_100), now)).toEqual({ ...well, slow: true });
    expect(healthAfter(well, refusal(15 * SECOND), now)).toMatchObject({ failingSince: now, slow: true });
  });

  it('does not mark it as slow when it fails at once, which delays no other call', () => {
    expect(healthAfter(well, refusal(), now)).toMatchObject({ failingSince: now, slow: false });
  });

  it.each([
    [5 * DAY - HOUR, false],
    [5 * DAY, true],
    [6 * DAY, true],
  ])('disables it after %d ms of continuous failure: %j', (ms, disabled) => {
    const health = healthAfter({ ...well, failingSince: ago(ms), failureToldAt: ago(ms) }, refusal(), now);
    expect(health.failingSince).toEqual(ago(ms));
    expect(health.disabledBecause !== undefined).toBe(disabled);
    expect(health.news).toBe(disabled ? 'endpoint.disabled' : undefined);
  });

  it('disables it at once when it answers 410', () => {
    const health = healthAfter(well, { ...refusal(), status: 410, verdict: 'gone' }, now);
    expect(health).toMatchObject({ disabledBecause: expect.stringContaining('410'), news: 'endpoint.disabled' });
  });
});

describe('an outage', () => {
  it('is reported at its first failure, with the reason, and at its end', () => {
    const failing = healthAfter(well, refusal(), now);
    expect(failing).toMatchObject({ news: 'endpoint.failing', failure: REASON, failureToldAt: now });
    expect(healthAfter(failing, refusal(), now).news).toBeUndefined();
    expect(healthAfter(failing, answer(200), now)).toMatchObject({ news: 'endpoint.recovered', failure: null });
  });

  it('reports a connection failure as the reason', () => {
    const refused = { ...refusal(), status: null, error: 'the connection was refused' };
    expect(healthAfter(well, refused, now).failure).toBe('the connection was refused');
  });

  it('is reported an hour after the previous one at the earliest, if it lasts', () => {
    const before = { ...well, failureToldAt: ago(10 * MINUTE) };
    const failing = healthAfter(before, refusal(), now);
    expect(failing.news).toBeUndefined();
    expect(healthAfter(failing, answer(200), now).news).toBeUndefined();
    expect(healthAfter(failing, refusal(), new Date(now.getTime() + HOUR)).news).toBe('endpoint.failing');
  });

  it('that began before outages were reported is reported at the next failure', () => {
    expect(healthAfter({ ...well, failingSince: ago(DAY) }, refusal(), now).news).toBe('endpoint.failing');
  });
});
