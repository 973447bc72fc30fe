import { eventually, noting } from './eventually.js';

describe('a test that polls', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('gets the awaited value', async () => {
    let looks = 0;
    const waiting = eventually('the third look', async () => (looks += 1) === 3 && 'here');
    await vi.advanceTimersByTimeAsync(100);
    expect(await waiting).toBe('here');
  });

  it('reports the last value at its timeout', async () => {
    const waiting = eventually('the money', async () => {
      noting()({ state: 'placed' });
      return false;
    });
    const told = waiting.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(16_000);
    expect(await told).toMatchObject({
      message: "timed out waiting for the money; last seen: { state: 'placed' }",
    });
  });
});
