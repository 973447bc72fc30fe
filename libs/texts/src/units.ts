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
