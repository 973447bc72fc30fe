import { Dialog } from '@base-ui/react/dialog';
import { type KeyboardEvent, useState } from 'react';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';
import { Icon, type IconName } from './icon';

export interface Hit {
  readonly key: string;
  readonly icon: IconName;
  readonly label: string;
  readonly end: string;
  readonly open: () => void;
}

interface PaletteBoxProps {
  readonly label: string;
  readonly hint: string;
  readonly typed: string;
  readonly hits: readonly Hit[];
  readonly onType: (text: string) => void;
  readonly onClose: () => void;
}

/** A search over everything: arrows choose a hit, Enter opens it. */
export const PaletteBox = ({ label, hint, typed, hits, onType, onClose }: PaletteBoxProps) => {
  const texts = useTexts(SHELL_TEXTS);
  const [chosen, setChosen] = useState(0);
  const at = Math.min(chosen, hits.length - 1);
  const open = (hit: Hit | undefined) => {
    if (hit === undefined) return;
    onClose();
    hit.open();
  };

  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((at + step + hits.length) % Math.max(hits.length, 1));
    }
    if (event.key === 'Enter') open(hits[at]);
  };

  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-(--scrim)" />
        <Dialog.Viewport className="over bg-transparent">
          <Dialog.Popup className="pal" aria-label={texts.search}>
            <div className="pal-q">
              <Icon name="search" />
              <input
                role="combobox"
                aria-label={label}
                aria-expanded
                aria-controls="hits"
                aria-activedescendant={hits[at] === undefined ? undefined : `hit-${at}`}
                placeholder={hint}
                value={typed}
                onKeyDown={press}
                onChange={(event) => {
                  onType(event.target.value);
                  setChosen(0);
                }}
              />
              <kbd>Esc</kbd>
            </div>
            <div id="hits" role="listbox" aria-label={texts.found} className="py-2">
              {hits.map((hit, n) => (
                <div
                  key={hit.key}
                  id={`hit-${n}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={n === at}
                  className="hit"
                  onClick={() => open(hit)}
                  onKeyDown={press}
                  onPointerMove={() => setChosen(n)}
                >
                  <Icon name={hit.icon} />
                  <span className="cut">{hit.label}</span>
                  <span className="end">{hit.end}</span>
                </div>
              ))}
            </div>
            {hits.length === 0 && <p className="dim px-5 pb-4">{texts.nothingFound}</p>}
            <div className="pal-f">
              <span>
                <kbd>↑</kbd>
                <kbd>↓</kbd> {texts.choose}
              </span>
              <span>
                <kbd>↵</kbd> {texts.open}
              </span>
            </div>
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
};
