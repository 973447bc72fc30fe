export const LANGUAGES = ['en', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];
export const HOME_LANGUAGE: Language = 'en';

/** The languages' own names. */
export const NAMES: Readonly<Record<Language, string>> = { en: 'English', ru: 'Русский' };

const KEY = 'starwall.language';

/** The language that this browser was set to, or else its own. */
export function firstLanguage(): Language {
  const kept = localStorage.getItem(KEY);
  const wanted = kept ?? navigator.language.slice(0, 2);
  return LANGUAGES.find((one) => one === wanted) ?? HOME_LANGUAGE;
}

export const keepLanguage = (language: Language) => localStorage.setItem(KEY, language);
