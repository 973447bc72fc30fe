import { DomainError, type FieldError, inSlices, normalText, textProblem } from '#libs/kernel';
import { KEY } from './product-goods.js';

export const LICENCE_KEY_STATES = ['free', 'sold', 'burned'] as const;
/** `burned`: its order was refunded, and its buyer may still know it. */
export type LicenceKeyState = (typeof LICENCE_KEY_STATES)[number];

/** Keys in one upload. */
export const MAX_KEYS = 10_000;
const SHOWN_ERRORS = 50;

/** A key and its line, from 1. */
export interface ListedKey {
  readonly line: number;
  readonly key: string;
}

/** Thrown for invalid keys: no part of the list was stored. */
export class InvalidKeys extends DomainError {
  static readonly code = 'invalid_keys';
  static readonly refusal = 'invalid';
  readonly remedy =
    `Send 1 to ${MAX_KEYS} keys of 1 to ${KEY.max} characters, in a file one per line. Correct the lines named in \`errors\`: nothing was stored.`;

  constructor(override readonly errors: readonly FieldError[]) {
    super('The list of keys is not valid.');
  }
}

export class KeyNotFree extends DomainError {
  static readonly code = 'licence_key_in_use';
  static readonly refusal = 'conflict';
  readonly remedy = 'Only a key that has not been sold and is not being bought right now can be removed.';

  constructor() {
    super('The key belongs to an order.');
  }
}

/**
 * UTF-16 units. A longer line cannot be a key: its quotes may be doubled, and normalisation can shorten it to no less
 * than a quarter.
 */
export const LONGEST_LINE = 2 * 4 * KEY.max + 2;

/**
 * Returns the keys in a file with one key per line, as programs write CSV: skips a byte order mark and a heading `key`,
 * and removes quotes around a line. Empty lines count as lines without a key.
 * @param csv within the limits of `keyListOf`
 * @returns at most one more than {@link MAX_KEYS}: the rest is ignored
 */
export function listedKeys(csv: string): ListedKey[] {
  const listed: ListedKey[] = [];
  for (const [line, text] of linesOf(csv)) {
    const key = unquoted(text.trim());
    if (key === '' || (line === 1 && HEADING.test(key))) continue;
    listed.push({ line, key });
    if (listed.length > MAX_KEYS) break;
  }
  return listed;
}

const HEADING = /^(licen[cs]e[_ ])?keys?$/i;

/** The lines with their numbers, from 1. */
function* linesOf(csv: string): Generator<[line: number, text: string]> {
  const breaks = csv.matchAll(/\r\n|\n|\r/g);
  let [line, from] = [1, csv.startsWith('\uFEFF') ? 1 : 0];
  for (const { 0: end, index } of breaks) {
    yield [line, csv.slice(from, index)];
    from = index + end.length;
    line += 1;
  }
  yield [line, csv.slice(from)];
}

const unquoted = (text: string) => (/^"(?:[^"]|"")*"$/.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text);

/** Validates and normalises keys for storage. @throws InvalidKeys with the invalid lines, at most fifty */
export async function checkedKeys(
  listed: readonly ListedKey[],
  path: (line: number) => string,
): Promise<readonly ListedKey[]> {
  if (listed.length < 1 || listed.length > MAX_KEYS) {
    const found = listed.length > MAX_KEYS ? 'more' : listed.length;
    throw new InvalidKeys([{ path: 'keys', message: `must be 1 to ${MAX_KEYS} keys, but there are ${found}` }]);
  }
  const keys: ListedKey[] = [];
  const errors: FieldError[] = [];
  await inSlices(listed, ({ line, key: raw }) => {
    const key = normalText(raw.trim(), KEY);
    const message = textProblem(key, KEY);
    if (message === undefined) keys.push({ line, key });
    else if (errors.length < SHOWN_ERRORS) errors.push({ path: path(line), message });
  });
  if (errors.length > 0) throw new InvalidKeys(errors);
  return keys;
}

/**
 * Returns the end of a key, by which its owner recognises it: at most a quarter of the key, and at most four
 * characters.
 */
export const hintOf = (key: string): string => {
  const characters = [...key];
  const shown = Math.min(4, Math.floor(characters.length / 4));
  return shown === 0 ? '' : characters.slice(-shown).join('');
};
