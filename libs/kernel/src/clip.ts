/** The unit of a destination's limit: Telegram counts UTF-16 units, PostgreSQL code points. */
export type TextUnit = 'code points' | 'UTF-16 units';

interface Clipping {
  readonly unit?: TextUnit;
  /** Replaces the part that was cut off; it counts towards the limit. */
  readonly mark?: string;
}

const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });
/**
 * UTF-16 units. The longest emoji have about 40; a longer character is a letter with very many marks, and may be cut.
 */
const LONGEST_CHARACTER = 64;

/**
 * Returns the text, or its beginning with an ellipsis, at most `max` units in total. Visible characters (a flag, a
 * family, a letter with its marks) stay whole. A long text costs no more than a short one.
 */
export function clip(text: string, max: number, { unit = 'UTF-16 units', mark = '…' }: Clipping = {}): string {
  if (fits(text, max, unit)) return text;
  const room = Math.max(0, max - lengthOf(mark, unit));
  return `${text.slice(0, characterEnd(text, unit === 'UTF-16 units' ? room : unitsOf(text, room)))}${mark}`;
}

/**
 * Splits a text into parts of at most `max` UTF-16 units, preferably at the end of a line, else at a space, else
 * after a whole character. No part is blank.
 */
export function splitText(text: string, max: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > max) {
    const cut = goodCut(rest, max);
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return [...parts, rest].filter((part) => part.trim() !== '');
}

function goodCut(text: string, max: number): number {
  const head = text.slice(0, max);
  const wish = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' ')) + 1;
  return wish > max / 2 ? wish : characterEnd(text, max);
}

/** The end of the last whole character within the first `at` UTF-16 units; 0 only if `at` is 0. */
function characterEnd(text: string, at: number): number {
  if (at >= text.length) return text.length;
  const begin = CHARACTERS.segment(text.slice(0, at + LONGEST_CHARACTER)).containing(at)?.index ?? at;
  if (begin > 0 && at - begin < LONGEST_CHARACTER) return begin;
  return isLowSurrogate(text.charCodeAt(at)) && at > 1 ? at - 1 : at;
}

const isLowSurrogate = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

const lengthOf = (text: string, unit: TextUnit) => (unit === 'UTF-16 units' ? text.length : [...text].length);

/** A code point has one or two UTF-16 units. */
function fits(text: string, max: number, unit: TextUnit): boolean {
  if (text.length <= max) return true;
  return unit === 'code points' && text.length <= 2 * max && [...text].length <= max;
}

/** Number of UTF-16 units in the first `codePoints` code points. */
function unitsOf(text: string, codePoints: number): number {
  let units = 0;
  let left = codePoints;
  for (const point of text) {
    if (left === 0) break;
    units += point.length;
    left -= 1;
  }
  return units;
}
