import { useEffect } from 'react';
import { Icon } from '../parts/icon';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';

/** Marks the whole page, including dialogs, as real or simulated. */
export function useMode(isReal: boolean): void {
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (isReal) delete dataset['mode'];
    else dataset['mode'] = 'sandbox';
  }, [isReal]);
}

/** The bar above every page while Telegram is simulated. */
export function Sandbox() {
  const texts = useTexts(SHELL_TEXTS);
  return (
    <div className="sandbox" role="status">
      <Icon name="box" />
      <span className="grow">
        <b>{texts.sandbox}</b> {texts.sandboxText}
      </span>
    </div>
  );
}
