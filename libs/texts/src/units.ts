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
