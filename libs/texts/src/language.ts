import { ENGLISH } from './english.js';
import type { Speech } from './habits.js';
import { RUSSIAN } from './russian.js';

/** Every language in which bots write to buyers. */
export const SPEECH = { en: ENGLISH, ru: RUSSIAN } as const satisfies Readonly<Record<string, Speech>>;

export type Language = keyof typeof SPEECH;
export const LANGUAGES = Object.keys(SPEECH) as [Language, ...Language[]];

/**
 * @param code the IETF language tag of a buyer's app (Bot API, User.language_code). English for unsupported languages.
 */
export function languageOf(code: string | null | undefined): Language {
  const primary = code?.toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === primary) ?? 'en';
}
