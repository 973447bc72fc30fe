import type { Language } from './language.js';
import type { TextEntry } from './template.js';

/** The plural forms of a word (CLDR; English needs one and other, Russian one, few and many). */
export const UNIT_FORMS = ['one', 'few', 'many', 'other'] as const;

/** The key of a creator's word for a unit of credits, for example `unit.scan.few`. */
export const UNIT_KEY = /^unit\.[a-z0-9_-]{1,32}\.(one|few|many|other)$/;
export type UnitKey = `unit.${string}.${(typeof UNIT_FORMS)[number]}`;

export const unitKey = (unit: string, form: (typeof UNIT_FORMS)[number]): UnitKey => `unit.${unit}.${form}`;

export const isUnitKey = (key: string): key is UnitKey => UNIT_KEY.test(key);

/** The word appears wherever amounts do. */
export const UNIT_TEXT: TextEntry = {
  about: 'The name of a unit of credits, in the form that agrees with a number.',
  place: 'unit',
  fields: {},
};

/**
 * The forms of a unit without the creator's words: its name with spaces, in English with a plural. Names may already be
 * plural.
 */
export function usualForms(language: Language, unit: string): { readonly one: string; readonly other: string } {
  const name = unit.replaceAll(/[_-]+/g, ' ').trim() || unit;
  if (language !== 'en' || !/[a-z]$/.test(name)) return { one: name, other: name };
  if (/[^isu]s$/.test(name)) return { one: name.replace(/s$/, ''), other: name };
  if (/(?:s|x|z|ch|sh)$/.test(name)) return { one: name, other: `${name}es` };
  if (/[^aeiou]y$/.test(name)) return { one: name, other: name.replace(/y$/, 'ies') };
  return { one: name, other: `${name}s` };
}
