import { useState } from 'react';
import { Button, IconButton } from '../../parts/button';
import { SUPPORT_TEXTS } from '../../texts/support';
import { useTexts } from '../../texts';

const KEY = 'starwall.canned';
const MOST = 8;

function read(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

interface CannedProps {
  readonly typed: string;
  readonly onChoose: (text: string) => void;
}

/** Frequent answers, stored in this browser. */
export function Canned({ typed, onChoose }: CannedProps) {
  const texts = useTexts(SUPPORT_TEXTS);
  const [kept, setKept] = useState(read);
  const keep = (next: readonly string[]) => {
    localStorage.setItem(KEY, JSON.stringify(next.slice(-MOST)));
    setKept(next.slice(-MOST));
  };
  const text = typed.trim();
  return (
    <div className="row canned">
      {kept.map((answer) => (
        <span key={answer} className="row gap-0">
          <Button size="small" title={answer} onClick={() => onChoose(answer)}>
            <span className="cut max-w-56">{answer}</span>
          </Button>
          {text === answer && (
            <IconButton
              kind="quiet"
              icon="x"
              label={texts.dropAnswer}
              onClick={() => keep(kept.filter((one) => one !== answer))}
            />
          )}
        </span>
      ))}
      {text !== '' && !kept.includes(text) && (
        <Button size="small" kind="quiet" icon="plus" onClick={() => keep([...kept, text])}>
          {texts.keepAnswer}
        </Button>
      )}
    </div>
  );
}
