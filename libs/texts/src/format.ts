import type { Stars } from '#libs/kernel';
import type { Language } from './language.js';

/** The value that each kind of placeholder needs. */
export interface FieldValues {
  readonly text: string;
  /** `50 Stars`, in words. */
  readonly stars: Stars;
  /** `50 ⭐`, where space is limited. */
  readonly price: Stars;
  readonly number: number;
  /** `1,500 scan`, with the unit's own name; {@link counted} uses the creator's words for it. */
  readonly credits: { readonly amount: number; readonly unit: string };
  /** A day, in UTC. */
  readonly date: Date;
  /** A day and a minute, in UTC. */
  readonly time: Date;
  /** Seconds, shown in the largest unit without a remainder. */
  readonly duration: number;
}

export type FieldKind = keyof FieldValues;

/** One form per plural category that the language has for integers (CLDR). */
type Forms = { readonly [Form in Exclude<Intl.LDMLPluralRule, 'other'>]?: string | undefined } & {
  readonly other: string;
};

interface Habits {
  /** The format of numbers and dates. */
  readonly locale: string;
  readonly stars: Forms;
  readonly units: Readonly<Record<'day' | 'hour' | 'minute' | 'second', Forms>>;
}

const HABITS: Readonly<Record<Language, Habits>> = {
  // Day before month and 24 hours: unambiguous everywhere when the month is a word.
  en: {
    locale: 'en-GB',
    stars: { one: 'Star', other: 'Stars' },
    units: {
      day: { one: 'day', other: 'days' },
      hour: { one: 'hour', other: 'hours' },
      minute: { one: 'minute', other: 'minutes' },
      second: { one: 'second', other: 'seconds' },
    },
  },
  // A duration stands in the accusative: за 1 минуту, за 2 минуты, за 5 минут.
  ru: {
    locale: 'ru-RU',
    stars: { one: 'звезда', few: 'звезды', other: 'звёзд' },
    units: {
      day: { one: 'день', few: 'дня', other: 'дней' },
      hour: { one: 'час', few: 'часа', other: 'часов' },
      minute: { one: 'минуту', few: 'минуты', other: 'минут' },
      second: { one: 'секунду', few: 'секунды', other: 'секунд' },
    },
  },
};

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

const WRITERS = { en: writersOf(HABITS.en), ru: writersOf(HABITS.ru) };

/** `5 scans`: a number with the matching form of the word. */
export function counted(language: Language, n: number, forms: Forms): string {
  return WRITERS[language].counted(n, forms);
}

/** A value in the format of a language. */
export function written<Kind extends FieldKind>(language: Language, kind: Kind, value: FieldValues[Kind]): string {
  return WRITERS[language].kinds[kind](value);
}
