export const LANGUAGES = ['en', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * @param code the IETF language tag of a buyer's app (Bot API, User.language_code). English for unsupported languages.
 */
export function languageOf(code: string | null | undefined): Language {
  const primary = code?.toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === primary) ?? 'en';
}
