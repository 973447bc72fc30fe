/**
 * Repeats until a batch is not full. If another process works on the same rows, a batch is not full, and that process
 * continues.
 * @returns the number of rows of all batches
 */
export async function untilShort(
  full: number,
  stop: AbortSignal | undefined,
  batch: () => Promise<number>,
): Promise<number> {
  let total = 0;
  for (;;) {
    const done = await batch();
    total += done;
    if (done < full || stop?.aborted) return total;
  }
}
