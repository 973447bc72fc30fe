import { someAtOnce } from './index.js';

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

describe('someAtOnce', () => {
  it('does everything in order, and never more than the limit at a time', async () => {
    const [begun, now, most] = [[] as number[], { at: 0 }, { at: 0 }];
    await someAtOnce([1, 2, 3, 4, 5, 6, 7], 3, undefined, async (one) => {
      begun.push(one);
      now.at += 1;
      most.at = Math.max(most.at, now.at);
      await tick();
      now.at -= 1;
    });
    expect([begun, most.at]).toEqual([[1, 2, 3, 4, 5, 6, 7], 3]);
  });

  const four = (each: () => void, stop?: AbortSignal) => {
    const begun: number[] = [];
    const work = async (one: number) => {
      begun.push(one);
      await tick();
      each();
    };
    return { begun, run: someAtOnce([1, 2, 3, 4], 2, stop, work) };
  };

  it('starts nothing more after a stop', async () => {
    const stop = new AbortController();
    const { begun, run } = four(() => stop.abort(), stop.signal);
    await run;
    expect(begun).toEqual([1, 2]);
  });

  it('starts nothing more after a failure', async () => {
    const { begun, run } = four(() => {
      throw new Error('no luck');
    });
    await expect(run).rejects.toThrow('no luck');
    expect(begun).toEqual([1, 2]);
  });
});
