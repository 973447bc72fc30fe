import { Logger } from '@nestjs/common';
import { MINUTE, SECOND } from '#libs/kernel';
import { Rounds } from './rounds.service.js';
import { Stopping } from './stopping.service.js';

const forever = () => new Promise<void>(() => undefined);

let stopping: Stopping;
let rounds: Rounds;

beforeEach(() => {
  vi.useFakeTimers();
  Logger.overrideLogger(false);
  stopping = new Stopping();
  rounds = new Rounds(stopping);
});
afterEach(() => vi.useRealTimers());

/** @returns the duration of the stop in milliseconds */
async function stop(...more: Promise<unknown>[]): Promise<number> {
  const began = Date.now();
  let took = -1;
  void Promise.all([rounds.beforeApplicationShutdown(), stopping.waitFor(more)]).then(
    () => (took = Date.now() - began),
  );
  await vi.advanceTimersByTimeAsync(MINUTE);
  return took;
}

describe('a round', () => {
  it('starts periodically, but not while the previous one is running', async () => {
    let begun = 0;
    rounds.every(SECOND, 'quick', async () => (begun += 1));
    rounds.every(SECOND, 'endless', () => {
      begun += 100;
      return forever();
    });
    await vi.advanceTimersByTimeAsync(3 * SECOND);
    expect(begun).toBe(103);
  });

  it('does not end the rounds when it throws', async () => {
    let begun = 0;
    rounds.every(SECOND, 'bad', () => Promise.reject(new Error(`round ${(begun += 1)}`)), 'now');
    await vi.advanceTimersByTimeAsync(2 * SECOND);
    expect(begun).toBe(3);
  });
});

describe('a stop', () => {
  it('waits for the current item, and starts no other', async () => {
    const items: number[] = [];
    rounds.every(SECOND, 'items', async (signal) => {
      for (let item = 1; item <= 100 && !signal.aborted; item += 1) {
        await new Promise((resolve) => setTimeout(resolve, 3 * SECOND));
        items.push(item);
      }
    });
    await vi.advanceTimersByTimeAsync(5 * SECOND);
    expect(await stop()).toBe(2 * SECOND);
    expect(items).toEqual([1, 2]);
  });

  it('abandons hanging work after 20 seconds in total, however many loops hang', async () => {
    for (const name of ['one', 'two']) rounds.every(SECOND, name, forever);
    await vi.advanceTimersByTimeAsync(SECOND);
    expect(await stop(forever())).toBe(20 * SECOND);
    const late = stopping.waitFor([forever()]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await late).toBe(false);
  });

  it('starts no further round', async () => {
    let begun = 0;
    rounds.every(SECOND, 'quick', async () => (begun += 1));
    stopping.begin();
    await vi.advanceTimersByTimeAsync(3 * SECOND);
    expect([begun, await stop()]).toEqual([0, 0]);
  });
});
