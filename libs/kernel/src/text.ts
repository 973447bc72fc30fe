import type { TextUnit } from './clip.js';

/**
 * What people type and other people read. Stored as NFC, because one visible text must be one stored text. Characters that
 * nobody can see but that change what is shown are refused, not dropped: what was saved is what is shown, and Telegram drops
 * most of them anyway. The rest of the invisible ones stay, emoji and several scripts are built with them.
 */
export interface TextRule {
  /** At least 1 character, at most this many. */
  readonly max: number;
  /** `code points` is how PostgreSQL counts; `UTF-16 units` is the strictest reading of a limit that does not say. */
  readonly unit: TextUnit;
  /** Line breaks and tabs are welcome. */
  readonly lines: boolean;
  /** The invisible marks of right-to-left writing (U+061C, U+200E, U+200F) are welcome. They act on their neighbours only. */
  readonly marks: boolean;
}

const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const CONTROL_BUT_LINES = /(?![\n\t])[\p{Cc}\u2028\u2029]/u;
const DIRECTION = /\p{Bidi_Control}/u;
const DIRECTION_BUT_MARKS = /[\u202a-\u202e\u2066-\u2069]/u;
/** Characters without ink; U+2800 is the blank among the Braille patterns. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Z}\p{C}\u2800]/gu;

/** NFC makes one code point of at most four, and one UTF-16 unit of at most four: no text becomes shorter than a quarter. */
const SHRINKS_BY = 4;
const UNITS = { 'code points': 2, 'UTF-16 units': 1 } as const;
/**
 * More combining marks in a row than any writing has (Unicode calls a text with at most 30 stream-safe, UAX #15). To put a run of them
 * in order takes time that grows with the square of its length.
 */
const MARKS_IN_A_ROW = /\p{M}{31}/u;

/**
 * The text as it is stored: NFC, line breaks as `\n`. Idempotent. Lengths are measured on this text, not on what was sent. What is too
 * long for the rule in any case, or has too many combining marks in a row, is given back as it came: {@link textProblem} refuses it, and
 * nothing costly has looked at it. Trim before, not after.
 */
export function normalText(raw: string, { max, unit }: Pick<TextRule, 'max' | 'unit'>): string {
  if (raw.length > SHRINKS_BY * UNITS[unit] * max || MARKS_IN_A_ROW.test(raw)) return raw;
  return raw.normalize('NFC').replaceAll('\r\n', '\n');
}

/**
 * What is wrong with a normalised text, as the end of a sentence; undefined when nothing is. Takes no longer for a text of any length than
 * for the longest that the rule allows.
 */
export function textProblem(text: string, rule: TextRule): string | undefined {
  const allowed = `must have 1 to ${rule.max} characters (${rule.unit})`;
  if (text.length > UNITS[rule.unit] * rule.max) return `${allowed}, it has more`;
  const length = rule.unit === 'code points' ? [...text].length : text.length;
  if (length < 1 || length > rule.max) return `${allowed}, it has ${length}`;
  if (!text.isWellFormed()) return 'must be well-formed Unicode: it holds half of a surrogate pair';
  if (MARKS_IN_A_ROW.test(text)) return 'must not hold more than 30 combining marks in a row';
  if ((rule.lines ? CONTROL_BUT_LINES : CONTROL).test(text)) {
    return `must not hold control characters${rule.lines ? ' other than line breaks and tabs' : ' or line breaks'}`;
  }
  if ((rule.marks ? DIRECTION_BUT_MARKS : DIRECTION).test(text)) {
    return 'must not hold invisible characters that change the direction of writing';
  }
  if (text.replace(INVISIBLE, '') === '') return 'must hold at least one character that can be seen';
  return undefined;
}
