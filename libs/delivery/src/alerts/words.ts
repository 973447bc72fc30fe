import type { Language } from '#libs/texts';
import type { AlertWords } from './alert-words.js';
import { ENGLISH_ALERTS } from './words-english.js';
import { RUSSIAN_ALERTS } from './words-russian.js';

/** The texts of alerts in every language. */
export const ALERT_WORDS: Readonly<Record<Language, AlertWords>> = { en: ENGLISH_ALERTS, ru: RUSSIAN_ALERTS };
