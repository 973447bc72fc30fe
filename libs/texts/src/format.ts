import type { FieldKind, FieldValues } from './fields.js';
import type { Forms, Habits } from './habits.js';
import { type Language, LANGUAGES, SPEECH } from './language.js';

const SECONDS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

type Writers = {
  readonly [Kind in FieldKind]: (value: FieldValues[Kind]) => string;
};

function writersOf({ locale, stars, units }: Habits) {
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const minute = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
  const counted = (n: number, forms: Forms) => `${number.format(n)} ${forms[plural.select(n)] ?? forms.other}`;
  const kinds: Writers = {
    text: (text) => text,
    stars: (n) => counted(n, stars),
    price: (n) => `${number.format(n)} ⭐`,
    number: (n) => number.format(n),
    credits: ({ amount, unit }) => `${number.format(amount)} ${unit}`,
    date: (day) => date.format(day),
    time: (moment) => `${date.format(moment)}, ${minute.format(moment)} UTC`,
    duration: (seconds) => {
      const [unit, size] = SECONDS.find(([, length]) => seconds % length === 0) ?? SECONDS[3];
      return counted(seconds / size, units[unit]);
    },
  };
  return { counted, kinds };
}

const WRITERS = Object.fromEntries(
  LANGUAGES.map((language) => [language, writersOf(SPEECH[language].habits)]),
) as Record<Language, ReturnType<typeof writersOf>>;

/** `5 scans`: a number with the matching form of the word. */
export function counted(language: Language, n: number, forms: Forms): string {
  return WRITERS[language].counted(n, forms);
}

/** A value in the format of a language. */
export function written<Kind extends FieldKind>(language: Language, kind: Kind, value: FieldValues[Kind]): string {
  return WRITERS[language].kinds[kind](value);
}

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
