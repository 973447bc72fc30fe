import { useState } from 'react';
import { Button } from '../../parts/button';
import { useTexts } from '../../texts';
import { COMMON_TEXTS } from '../../texts/common';
import { STAFF_ENTRY_TEXTS } from '../texts/entry';

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onKept: () => unknown;
}

/** Shown once: they open the account without the authenticator. */
export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const texts = useTexts(STAFF_ENTRY_TEXTS);
  const { copy, copied, keptIt } = useTexts(COMMON_TEXTS);
  const [done, setDone] = useState(false);
  const press = () => void navigator.clipboard.writeText(codes.join('\n')).then(() => setDone(true));
  return (
    <section className="grid gap-4" aria-label={texts.codesTitle}>
      <div>
        <h2>{texts.codesTitle}</h2>
        <p className="mut">{texts.codesText}</p>
      </div>
      <ul className="codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Button icon={done ? 'check' : 'copy'} onClick={press}>
        {done ? copied : copy}
      </Button>
      <Button kind="primary" size="large" className="full" onClick={() => onKept()}>
        {keptIt}
      </Button>
    </section>
  );
}
