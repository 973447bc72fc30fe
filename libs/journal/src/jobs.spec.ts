import { HOUR, SECOND } from '#libs/kernel';
import { JOB_KINDS, JOBS, retryDelay } from './index.js';

describe('the schedule of a job', () => {
  it('has ten attempts over 75 hours and 35 minutes for a webhook, as Standard Webhooks proposes', () => {
    const { retries } = JOBS['webhook.attempt'];
    expect(retries).toHaveLength(9);
    expect(retries.reduce((sum, wait) => sum + wait, 0)).toBe(75 * HOUR + 35 * 60 * SECOND + 5 * SECOND);
  });

  it.each(JOB_KINDS)('of %s has increasing delays with at most a fifth of jitter, and an end', (kind) => {
    const { retries } = JOBS[kind];
    expect(retries.toSorted((a, b) => a - b)).toEqual(retries);
    const delays = (random: number) => retries.map((_, i) => retryDelay(kind, i + 1, random));
    expect(delays(0.5)).toEqual(retries);
    expect(delays(0)).toEqual(retries.map((wait) => wait * 0.8));
    expect(delays(1)).toEqual(retries.map((wait) => wait * 1.2));
    expect(retryDelay(kind, retries.length + 1, 0.5)).toBeUndefined();
  });
});
