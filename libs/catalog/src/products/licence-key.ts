import { DomainError, type FieldError, inSlices, normalText, textProblem } from '#libs/kernel';
import { KEY } from './product-goods.js';

export const LICENCE_KEY_STATES = ['free', 'sold', 'burned'] as const;
/** `burned`: the Stars of its order went back, and whoever has seen it may not be trusted to forget it. */
export type LicenceKeyState = (typeof LICENCE_KEY_STATES)[number];

/** Keys in one upload. */
export const MAX_KEYS = 10_000;
/** Lines in one upload, the empty ones among them. */
const MAX_LINES = 2 * MAX_KEYS;
/** Bytes of an uploaded list. */
export const MAX_KEY_LIST = 4_194_304;
const SHOWN_ERRORS = 50;

/** A key and the line, from 1, on which it stood. */
export interface ListedKey {
  readonly line: number;
  readonly key: string;
}

/** Keys that cannot be taken as they are: nothing of the list was kept. */
export class InvalidKeys extends DomainError {
  static readonly code = 'invalid_keys';
  static readonly refusal = 'invalid';
  readonly remedy =
    `Send 1 to ${MAX_KEYS} keys of 1 to ${KEY.max} characters, in a file one on each line. Correct the lines named in \`errors\`: nothing was kept.`;

  constructor(override readonly errors: readonly FieldError[]) {
    super('The keys cannot be taken like this.');
  }
}

export class KeyNotFree extends DomainError {
  static readonly code = 'licence_key_in_use';
  static readonly refusal = 'conflict';
  readonly remedy = 'Only a key that nobody has bought, or is buying at this moment, can be removed.';

  constructor() {
    super('The key belongs to an order.');
  }
}

/** UTF-16 units. A line with more holds no key: its quotes may be doubled, and its text gets shorter by a quarter at most. */
const LONGEST_LINE = 2 * 4 * KEY.max + 2;

/**
 * The keys of a file with one key on each line, as programs write CSV: a byte order mark and a heading `key` are passed over, quotes
 * around a line are taken off. Empty lines count as lines and hold no key.
 * @returns one more than {@link MAX_KEYS} at most: what comes after is not looked at
 * @throws InvalidKeys when there are more lines than twice as many
 */
export function listedKeys(csv: string): ListedKey[] {
  const listed: ListedKey[] = [];
  for (const [line, text] of linesOf(csv)) {
    const key = text.length > LONGEST_LINE ? text : unquoted(text.trim());
    if (key === '' || (line === 1 && HEADING.test(key))) continue;
    listed.push({ line, key });
    if (listed.length > MAX_KEYS) break;
  }
  return listed;
}

const HEADING = /^(licen[cs]e[_ ])?keys?$/i;

/** The lines with their numbers, from 1. @throws InvalidKeys when there are too many */
function* linesOf(csv: string): Generator<[line: number, text: string]> {
  const breaks = csv.matchAll(/\r\n|\n|\r/g);
  let [line, from] = [1, csv.startsWith('\uFEFF') ? 1 : 0];
  for (const { 0: end, index } of breaks) {
    yield [line, csv.slice(from, index)];
    from = index + end.length;
    line += 1;
    if (line > MAX_LINES) throw new InvalidKeys([{ path: 'file', message: `must have at most ${MAX_LINES} lines` }]);
  }
  yield [line, csv.slice(from)];
}

const unquoted = (text: string) => (/^"(?:[^"]|"")*"$/.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text);

/** The keys as they are kept. @throws InvalidKeys with every line that is wrong, the first fifty of them */
export async function checkedKeys(
  listed: readonly ListedKey[],
  path: (line: number) => string,
): Promise<readonly ListedKey[]> {
  if (listed.length < 1 || listed.length > MAX_KEYS) {
    const found = listed.length > MAX_KEYS ? 'more' : listed.length;
    throw new InvalidKeys([{ path: 'keys', message: `must be 1 to ${MAX_KEYS} keys, there are ${found}` }]);
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

/** The end of a key, by which its owner knows it: never more than a quarter of it, and at most four characters. */
export const hintOf = (key: string): string => {
  const characters = [...key];
  const shown = Math.min(4, Math.floor(characters.length / 4));
  return shown === 0 ? '' : characters.slice(-shown).join('');
};
