import type { Language } from './language.js';
import type { TextEntry } from './template.js';

/** The forms of a word that numbers ask for (CLDR; English needs one and other, Russian one, few and many). */
export const UNIT_FORMS = ['one', 'few', 'many', 'other'] as const;

/** The key under which a creator says what a unit of credits is called, for example `unit.scan.few`. */
export const UNIT_KEY = /^unit\.[a-z0-9_-]{1,32}\.(one|few|many|other)$/;
export type UnitKey = `unit.${string}.${(typeof UNIT_FORMS)[number]}`;

export const unitKey = (unit: string, form: (typeof UNIT_FORMS)[number]): UnitKey => `unit.${unit}.${form}`;

export const isUnitKey = (key: string): key is UnitKey => UNIT_KEY.test(key);

/** The word goes wherever an amount goes. */
export const UNIT_TEXT: TextEntry = {
  about: 'What a unit of credits is called, in the form that goes with a number.',
  place: 'unit',
  fields: {},
};

/**
 * A unit that its creator has given no words: its name with blanks, which English puts into the plural. Names may already be plural.
 */
export function usualForms(language: Language, unit: string): { readonly one: string; readonly other: string } {
  const name = unit.replaceAll(/[_-]+/g, ' ').trim() || unit;
  if (language !== 'en' || !/[a-z]$/.test(name)) return { one: name, other: name };
  if (/[^isu]s$/.test(name)) return { one: name.replace(/s$/, ''), other: name };
  if (/(?:s|x|z|ch|sh)$/.test(name)) return { one: name, other: `${name}es` };
  if (/[^aeiou]y$/.test(name)) return { one: name, other: name.replace(/y$/, 'ies') };
  return { one: name, other: `${name}s` };
}
