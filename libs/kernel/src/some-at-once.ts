/**
 * Runs `work` for every item, in order, up to `atOnce` at the same time. No further item starts once `stop` is aborted.
 * @throws the first error of `work`; then no further item starts, and those in progress have ended
 */
export async function someAtOnce<T>(
  many: readonly T[],
  atOnce: number,
  stop: AbortSignal | undefined,
  work: (one: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const failed: unknown[] = [];
  const lane = async () => {
    while (next < many.length && stop?.aborted !== true && failed.length === 0) {
      const one = many[next] as T;
      next += 1;
      await work(one).catch((error: unknown) => failed.push(error));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  if (failed.length > 0) throw failed[0];
}
