import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { formatsOf } from './format';
import { firstLanguage, keepLanguage, type Language, whenSetElsewhere } from './language';

interface Speech {
  readonly language: Language;
  readonly speak: (language: Language) => void;
  readonly format: ReturnType<typeof formatsOf>;
}

const SpeechContext = createContext<Speech | undefined>(undefined);

export function Speaking({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => whenSetElsewhere(setLanguage), []);
  const speech = useMemo(() => {
    const speak = (next: Language) => {
      keepLanguage(next);
      setLanguage(next);
    };
    return { language, speak, format: formatsOf(language) };
  }, [language]);
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

export function useLanguage(): Speech {
  const speech = use(SpeechContext);
  if (speech === undefined) throw new Error('This part is not inside <Speaking>.');
  return speech;
}

/** Returns the texts of a page in the viewer's language. A page's texts are loaded together with the page. */
export const useTexts = <Words,>(texts: { readonly en: Words; readonly ru: NoInfer<Words> }): Words =>
  texts[useLanguage().language];

export const useFormat = () => useLanguage().format;
