import { RateLimits } from './rate-limits.js';

const limitsOf = (rateLimit: number) => new RateLimits({ rateLimit });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('the requests of a credential', () => {
  it('are counted down, and refused beyond the limit', async () => {
    const limits = limitsOf(2);
    const taken = [await limits.take('a'), await limits.take('a'), await limits.take('a')];
    expect(taken).toEqual([
      { limit: 2, remaining: 1, resetSeconds: 60, exceeded: false },
      { limit: 2, remaining: 0, resetSeconds: 60, exceeded: false },
      { limit: 2, remaining: 0, resetSeconds: 60, exceeded: true },
    ]);
  });

  it('are counted per credential', async () => {
    const limits = limitsOf(1);
    await limits.take('a');
    expect(await limits.take('b')).toMatchObject({ exceeded: false });
  });

  it('are allowed again after a minute, even if repeated in the meantime', async () => {
    const limits = limitsOf(1);
    await limits.take('a');
    vi.advanceTimersByTime(59_400);
    expect(await limits.take('a')).toMatchObject({ exceeded: true, resetSeconds: 1 });
    vi.advanceTimersByTime(600);
    expect(await limits.take('a')).toMatchObject({ exceeded: false, remaining: 0 });
  });

  it('are accepted up to the limit when concurrent', async () => {
    const limits = limitsOf(300);
    const taken = await Promise.all(Array.from({ length: 400 }, () => limits.take('a')));
    expect(taken.filter(({ exceeded }) => exceeded)).toHaveLength(100);
  });
});
