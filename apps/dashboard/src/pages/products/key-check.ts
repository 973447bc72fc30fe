/** Maximum number of keys per request. */
export const MOST_KEYS = 10_000;
const LONGEST = 256;

interface CheckedKeys {
  /** Valid keys, without duplicates. */
  readonly good: readonly string[];
  /** Numbers of duplicate lines, from 1. */
  readonly again: readonly number[];
  readonly tooLong: readonly number[];
}

/** Checks a pasted list, one key per line. Empty lines are ignored. */
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
