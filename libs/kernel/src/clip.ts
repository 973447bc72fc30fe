/** How a destination measures a text: Telegram in UTF-16 units, PostgreSQL in code points. */
export type TextUnit = 'code points' | 'UTF-16 units';

interface Clipping {
  readonly unit?: TextUnit;
  /** What stands for the part that was left out; it counts towards the limit. */
  readonly mark?: string;
}

const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** UTF-16 units. The longest emoji have about 40; what is longer is a letter under a heap of marks, and may be cut. */
const LONGEST_CHARACTER = 64;

/**
 * The text itself, or its beginning and an ellipsis: at most `max` units together. What a reader sees as one character (a flag, a family,
 * a letter with its marks) stays whole. Costs no more for a long text than for a short one.
 */
export function clip(text: string, max: number, { unit = 'UTF-16 units', mark = '…' }: Clipping = {}): string {
  if (fits(text, max, unit)) return text;
  const room = Math.max(0, max - lengthOf(mark, unit));
  return `${text.slice(0, characterEnd(text, unit === 'UTF-16 units' ? room : unitsOf(text, room)))}${mark}`;
}

/**
 * Cuts a text into parts of at most `max` UTF-16 units. Prefers the end of a line, then a space, then the end of a character. Parts
 * without anything to see do not occur.
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

/** The end of the last character that is whole in the first `at` UTF-16 units; 0 only for 0. */
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

/** How many UTF-16 units the first code points have. */
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
