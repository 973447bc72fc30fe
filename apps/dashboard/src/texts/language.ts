export const LANGUAGES = ['en', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];
export const HOME_LANGUAGE: Language = 'en';

/** The languages' own names. */
export const NAMES: Readonly<Record<Language, string>> = { en: 'English', ru: 'Русский' };

const KEY = 'starwall.language';

/** Returns the language chosen in this browser before, or else the browser's own. */
export function firstLanguage(): Language {
  const kept = localStorage.getItem(KEY);
  const wanted = kept ?? navigator.language.slice(0, 2);
  return LANGUAGES.find((one) => one === wanted) ?? HOME_LANGUAGE;
}

/** Calls back when the language is changed in another tab. @returns a function that unsubscribes */
export function whenSetElsewhere(listener: (language: Language) => void): () => void {
  const hear = ({ key }: StorageEvent) => key === KEY && listener(firstLanguage());
  addEventListener('storage', hear);
  return () => removeEventListener('storage', hear);
}

export const keepLanguage = (language: Language) => localStorage.setItem(KEY, language);
