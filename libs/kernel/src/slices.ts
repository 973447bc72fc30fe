/** Milliseconds of work after which everybody else has a turn. */
const SLICE = 10;

/**
 * Does the same for each of many, in order. Whenever it has worked for 10 ms the event loop goes round once, so that nobody else waits for
 * the whole. Nothing is done at the same time as anything else here.
 * @throws what `work` throws; the rest is not done then
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
