import { useEffect, useState } from 'react';
import { useLanguage } from '..';
import type { Language } from '../language';
import { type ProblemTexts, QUOTED } from './problem-texts';

/** Loaded with the first error: they would be a tenth of the first page. */
const CATALOGUES: Readonly<Record<Language, () => Promise<ProblemTexts>>> = {
  en: async () => (await import('./english')).ENGLISH_PROBLEMS,
  ru: async () => (await import('./russian')).RUSSIAN_PROBLEMS,
};

const loaded: Partial<Record<Language, ProblemTexts>> = {};

interface Said {
  readonly detail: string;
  readonly remedy: string;
  /** The API's own words, if they say more than the text. */
  readonly quote?: string | undefined;
}

/** Returns a function that says an error of the API in the viewer's language; what has no text stays as it is. */
export function useProblem(): (code: string | null | undefined, said: Pick<Said, 'detail' | 'remedy'>) => Said {
  const { language } = useLanguage();
  const [texts, setTexts] = useState(() => loaded[language]);
  useEffect(() => {
    let isCurrent = true;
    const keep = (found: ProblemTexts) => {
      loaded[language] = found;
      if (isCurrent) setTexts(found);
    };
    // Offline, the API's own words remain.
    CATALOGUES[language]().then(keep, () => undefined);
    return () => {
      isCurrent = false;
    };
  }, [language]);
  return (code, said) => {
    const known = code === null || code === undefined ? undefined : texts?.[code];
    if (code === null || code === undefined || known === undefined) return said;
    const [detail, remedy] = known;
    return { detail, remedy, quote: QUOTED.has(code) ? said.detail : undefined };
  };
}
