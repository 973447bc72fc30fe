import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { bots } from './bots';
import { common } from './common';
import { entry } from './entry';
import { formatsOf } from './format';
import { home } from './home';
import { firstLanguage, keepLanguage, type Language } from './language';
import { orders } from './orders';
import { products } from './products';
import { shell } from './shell';

/** Everything that the dashboard says, by thing. */
const TEXTS = { common, shell, entry, home, bots, products, orders };
type Topic = keyof typeof TEXTS;

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
  if (speech === undefined) throw new Error('There is no <Speaking> around this part.');
  return speech;
}

/** The words about a thing, in the viewer's language. */
export const useTexts = <T extends Topic>(topic: T): (typeof TEXTS)[T]['en'] => TEXTS[topic][useLanguage().language];

export const useFormat = () => useLanguage().format;
