import type { ReactNode } from 'react';
import { useTexts } from '../texts';
import { COMMON_TEXTS } from '../texts/common';
import { Button } from './button';

interface BesideProps {
  readonly list: ReactNode;
  readonly detail: ReactNode;
  /** True once a row was chosen. A phone then shows the detail instead of the list. */
  readonly isChosen: boolean;
  readonly onBack: () => void;
}

/** A list next to the detail of one of its rows. */
export function Beside({ list, detail, isChosen, onBack }: BesideProps) {
  const { back } = useTexts(COMMON_TEXTS);
  return (
    <div className={isChosen ? 'md turns turned' : 'md turns'}>
      {list}
      <div>
        <Button size="small" icon="left" className="only-s mb-3" onClick={onBack}>
          {back}
        </Button>
        {detail}
      </div>
    </div>
  );
}
