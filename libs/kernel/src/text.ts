import type { TextUnit } from './clip.js';

/**
 * Rule for a text that people type and other people read. Texts are stored as NFC, so that texts that look alike are
 * stored alike. Invisible characters that change the display are refused rather than dropped, so that people see
 * exactly what they saved; Telegram drops most of them anyway. Other invisible characters are allowed, because emoji
 * and several scripts need them.
 */
export interface TextRule {
  /** The longest text; the shortest has 1 character. */
  readonly max: number;
  /**
   * `code points` is how PostgreSQL counts; `UTF-16 units` is the strictest reading of a limit whose unit is not
   * documented.
   */
  readonly unit: TextUnit;
  /** Allows line breaks and tabs. */
  readonly lines: boolean;
  /**
   * Allows the invisible marks of right-to-left writing (U+061C, U+200E, U+200F), which affect their neighbours only.
   */
  readonly marks: boolean;
}

const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const CONTROL_BUT_LINES = /(?![\n\t])[\p{Cc}\u2028\u2029]/u;
const DIRECTION = /\p{Bidi_Control}/u;
const DIRECTION_BUT_MARKS = /[\u202a-\u202e\u2066-\u2069]/u;
/** Characters without ink; U+2800 is the blank Braille pattern. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Z}\p{C}\u2800]/gu;

/** NFC composes at most four code points, or UTF-16 units, into one: a text shrinks to no less than a quarter. */
const SHRINKS_BY = 4;
const UNITS = { 'code points': 2, 'UTF-16 units': 1 } as const;
/**
 * More combining marks in a row than any script uses (Unicode calls a text with at most 30 stream-safe, UAX #15).
 * Sorting a run of them takes time quadratic in its length.
 */
const MARKS_IN_A_ROW = /\p{M}{31}/u;

/**
 * Normalises a text for storage: NFC, line breaks as `\n`. Idempotent. Limits apply to this text, not to the input. A
 * text that is certainly too long for the rule, or has too many combining marks in a row, is returned unchanged without
 * costly work; {@link textProblem} refuses it. Trim before, not after.
 */
export function normalText(raw: string, { max, unit }: Pick<TextRule, 'max' | 'unit'>): string {
  if (raw.length > SHRINKS_BY * UNITS[unit] * max || MARKS_IN_A_ROW.test(raw)) return raw;
  return raw.normalize('NFC').replaceAll('\r\n', '\n');
}

/**
 * Returns the problem of a normalised text, as the end of a sentence; undefined if there is none. A text beyond the
 * rule's limit costs no more than the longest allowed one.
 */
export function textProblem(text: string, rule: TextRule): string | undefined {
  const allowed = `must have 1 to ${rule.max} characters (${rule.unit})`;
  if (text.length > UNITS[rule.unit] * rule.max) return `${allowed}, it has more`;
  const length = rule.unit === 'code points' ? [...text].length : text.length;
  if (length < 1 || length > rule.max) return `${allowed}, it has ${length}`;
  if (!text.isWellFormed()) return 'must be well-formed Unicode: it contains half of a surrogate pair';
  if (MARKS_IN_A_ROW.test(text)) return 'must not contain more than 30 combining marks in a row';
  if ((rule.lines ? CONTROL_BUT_LINES : CONTROL).test(text)) {
    return `must not contain control characters${rule.lines ? ' other than line breaks and tabs' : ' or line breaks'}`;
  }
  if ((rule.marks ? DIRECTION_BUT_MARKS : DIRECTION).test(text)) {
    return 'must not contain invisible characters that change the writing direction';
  }
  if (text.replace(INVISIBLE, '') === '') return 'must contain at least one visible character';
  return undefined;
}
