import type { Language } from './language';

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', ru: 'ru-RU' };

/** How numbers and times are written in a language, in the viewer's zone. */
export function formatsOf(language: Language) {
  const locale = LOCALES[language];
  const numbers = new Intl.NumberFormat(language);
  const percents = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const time = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, options);
    return (at: string) => format.format(new Date(at));
  };
  return {
    number: (value: number) => numbers.format(value),
    percent: (share: number) => percents.format(share),
    clock: time({ hour: '2-digit', minute: '2-digit' }),
    seconds: time({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    day: time({ day: 'numeric', month: 'long', year: 'numeric' }),
    shortDay: time({ day: 'numeric', month: 'short' }),
    weekday: time({ weekday: 'long', day: 'numeric', month: 'long' }),
    full: time({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
    utc: (at: string) => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`,
    zone: new Intl.DateTimeFormat(locale).resolvedOptions().timeZone,
  };
}
