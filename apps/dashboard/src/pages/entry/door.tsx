import { type ReactNode, useEffect } from 'react';
import { Logo } from '../../shell/logo';
import { LANGUAGES, NAMES } from '../../texts/language';
import { useLanguage, useTexts } from '../../texts';
import { SHELL_TEXTS } from '../../texts/shell';

interface DoorProps {
  readonly title: string;
  readonly sentence: string;
  readonly children: ReactNode;
}

/** The frame of the pages before signing in. */
export function Door({ title, sentence, children }: DoorProps) {
  const { language, speak } = useLanguage();
  const texts = useTexts(SHELL_TEXTS);
  useEffect(() => {
    document.title = `${title} · Starwall`;
  }, [title]);
  return (
    <div className="door">
      <header>
        <span className="row gap-2.5">
          <Logo />
          <span className="b text-[16px]">Starwall</span>
        </span>
        <div className="seg" role="group" aria-label={texts.language}>
          {LANGUAGES.map((one) => (
            <button key={one} type="button" aria-pressed={one === language} lang={one} onClick={() => speak(one)}>
              {NAMES[one]}
            </button>
          ))}
        </div>
      </header>
      <main className="grid p-0!">
        <div className="door-in">
          <div>
            <h1>{title}</h1>
            <p className="mut mt-1">{sentence}</p>
          </div>
          {children}
        </div>
      </main>
      <div className="bricks" aria-hidden="true" />
    </div>
  );
}
