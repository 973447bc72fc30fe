/** What the API takes at once. */
export const MOST_KEYS = 10_000;
const LONGEST = 256;

interface CheckedKeys {
  /** Those that can be sent, each once. */
  readonly good: readonly string[];
  /** Lines, from 1, that say what stood above already. */
  readonly again: readonly number[];
  readonly tooLong: readonly number[];
}

/** Looks through a pasted list, one key on each line. Empty lines are nothing. */
export function checkKeys(text: string): CheckedKeys {
  const seen = new Set<string>();
  const again: number[] = [];
  const tooLong: number[] = [];
  text.split(/\r?\n/).forEach((line, n) => {
    const key = line.trim();
    if (key === '') return;
    if (key.length > LONGEST) tooLong.push(n + 1);
    else if (seen.has(key)) again.push(n + 1);
    else seen.add(key);
  });
  return { good: [...seen], again, tooLong };
}
