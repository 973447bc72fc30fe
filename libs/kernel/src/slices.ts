/** Milliseconds of work before other tasks get a turn. */
const SLICE = 10;

/**
 * Runs `work` for each item, in order and one at a time. After every 10 ms of work it yields to the event loop, so
 * that other tasks need not wait for all items.
 * @throws whatever `work` throws; the remaining items are skipped
 */
export async function inSlices<T>(many: Iterable<T>, work: (one: T) => void | Promise<void>): Promise<void> {
  let began = performance.now();
  for (const one of many) {
    if (performance.now() - began > SLICE) {
      await new Promise((resolve) => setImmediate(resolve));
      began = performance.now();
    }
    await work(one);
  }
}
