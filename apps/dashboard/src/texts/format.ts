import type { Language } from './language';
import { enCount, ruCount } from './plural';

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', ru: 'ru-RU' };

const SECOND = ['second', 1] as const;
const UNITS = [['day', 86_400], ['hour', 3_600], ['minute', 60], SECOND] as const;
const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
const THOUSAND = 1_000;

function sizeOf(language: Language, bytes: number): string {
  const step = Math.min(SIZES.length - 1, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(THOUSAND)));
  const options = {
    style: 'unit',
    unit: SIZES[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  } as const;
  return new Intl.NumberFormat(language, options).format(bytes / THOUSAND ** step);
}

/** Formats of numbers and times in a language, in the viewer's zone. */
export function formatsOf(language: Language) {
  const locale = LOCALES[language];
  const receiptTime = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
  });
  const numbers = new Intl.NumberFormat(language);
  const percents = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const time = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, options);
    return (at: string) => format.format(new Date(at));
  };
  return {
    bytes: (value: number) => sizeOf(language, value),
    /** A duration in its largest whole unit. */
    duration: (seconds: number) => {
      const [unit, length] = UNITS.find(([, one]) => seconds % one === 0 && seconds >= one) ?? SECOND;
      return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / length);
    },
    number: (value: number) => numbers.format(value),
    /** Formats Stars as in the bot's texts. */
    stars: (value: number) =>
      language === 'ru' ? ruCount(value, { one: 'звезда', few: 'звезды', many: 'звёзд' }) : enCount(value, 'Star'),
    inUtc: (at: string) => `${receiptTime.format(new Date(at))} UTC`,
    percent: (share: number) => percents.format(share),
    clock: time({ hour: '2-digit', minute: '2-digit' }),
    seconds: time({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    day: time({ day: 'numeric', month: 'long', year: 'numeric' }),
    shortDay: time({ day: 'numeric', month: 'short' }),
    weekday: time({ weekday: 'long', day: 'numeric', month: 'long' }),
    /** The month of a UTC day. */
    month: time({ month: 'long', year: 'numeric', timeZone: 'UTC' }),
    full: time({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
    utc: (at: string) => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`,
    zone: new Intl.DateTimeFormat(locale).resolvedOptions().timeZone,
  };
}
