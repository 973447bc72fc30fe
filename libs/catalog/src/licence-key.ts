import { DomainError, type FieldError, normalText, textProblem } from '#libs/kernel';
import { KEY } from './product-goods.js';

export const LICENCE_KEY_STATES = ['free', 'sold', 'burned'] as const;
/** `burned`: the Stars of its order went back, and whoever has seen it may not be trusted to forget it. */
export type LicenceKeyState = (typeof LICENCE_KEY_STATES)[number];

/** Keys in one upload. */
export const MAX_KEYS = 10_000;
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
  readonly code = 'invalid_keys';
  readonly refusal = 'invalid';
  readonly remedy =
    `Send 1 to ${MAX_KEYS} keys of 1 to ${KEY.max} characters, in a file one on each line. Correct the lines named in \`errors\`: nothing was kept.`;

  constructor(override readonly errors: readonly FieldError[]) {
    super('The keys cannot be taken like this.');
  }
}

export class KeyNotFree extends DomainError {
  readonly code = 'licence_key_in_use';
  readonly refusal = 'conflict';
  readonly remedy = 'Only a key that nobody has bought, or is buying at this moment, can be removed.';

  constructor() {
    super('The key belongs to an order.');
  }
}

/**
 * The keys of a file with one key on each line, as programs write CSV: a byte order mark and a heading `key` are passed over, quotes
 * around a line are taken off. Empty lines count as lines and hold no key.
 */
export function listedKeys(csv: string): ListedKey[] {
  const lines = csv.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  return lines
    .map((text, i) => ({ line: i + 1, key: unquoted(text.trim()) }))
    .filter(({ line, key }) => key !== '' && !(line === 1 && /^(licen[cs]e[_ ])?keys?$/i.test(key)));
}

const unquoted = (text: string) => (/^"(?:[^"]|"")*"$/.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text);

/** The keys as they are kept. @throws InvalidKeys with every line that is wrong, the first fifty of them */
export function checkedKeys(listed: readonly ListedKey[], path: (line: number) => string): ListedKey[] {
  if (listed.length < 1 || listed.length > MAX_KEYS)
    throw new InvalidKeys([{ path: 'keys', message: `must be 1 to ${MAX_KEYS} keys, there are ${listed.length}` }]);
  const keys = listed.map(({ line, key }) => ({ line, key: normalText(key).trim() }));
  const errors = keys.flatMap(({ line, key }) => {
    const message = textProblem(key, KEY);
    return message === undefined ? [] : [{ path: path(line), message }];
  });
  if (errors.length > 0) throw new InvalidKeys(errors.slice(0, SHOWN_ERRORS));
  return keys;
}

/** The end of a key, by which its owner knows it: never more than a quarter of it, and at most four characters. */
export const hintOf = (key: string): string => {
  const characters = [...key];
  const shown = Math.min(4, Math.floor(characters.length / 4));
  return shown === 0 ? '' : characters.slice(-shown).join('');
};
