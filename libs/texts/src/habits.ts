import type { TextKey } from './texts.js';

/** One form per plural category that the language has for integers (CLDR). */
export type Forms = { readonly [Form in Exclude<Intl.LDMLPluralRule, 'other'>]?: string | undefined } & {
  readonly other: string;
};

/** The way in which a language writes numbers, dates and counted words. */
export interface Habits {
  /** The format of numbers and dates. */
  readonly locale: string;
  readonly stars: Forms;
  readonly units: Readonly<Record<'day' | 'hour' | 'minute' | 'second', Forms>>;
}

/** One language: its habits, and its wording of every text. */
export interface Speech {
  readonly habits: Habits;
  /** The default wording. */
  readonly words: Readonly<Record<TextKey, string>>;
}
