/** Formats a time in UTC for a language. @param at ISO 8601 */
export const moment = (at: string, locale: 'en-GB' | 'ru-RU'): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(new Date(at));
