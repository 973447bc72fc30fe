import { Dialog } from '@base-ui/react/dialog';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useDeferredValue, useState } from 'react';
import { answered, type Schema } from '#libs/client';
import { api } from '../api/client';
import { useCan } from '../api/rights';
import { Icon, type IconName } from '../parts/icon';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';
import { usePlaces } from './places';

interface Hit {
  readonly key: string;
  readonly icon: IconName;
  readonly label: string;
  readonly end: string;
  readonly open: () => void;
}

const SHORTEST = 2;

const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: async () => (await answered(api.GET('/v1/search', { params: { query: { q } } }))).data,
    placeholderData: keepPreviousData,
    // What is half an id is refused: then there is nothing yet.
    retry: false,
  });

function useHits(typed: string, onClose: () => void): readonly Hit[] {
  const texts = useTexts(SHELL_TEXTS);
  const navigate = useNavigate();
  const asked = useDeferredValue(typed.trim());
  const can = useCan();
  const { data: found = [] } = useQuery({
    ...searchQuery(asked),
    enabled: asked.length >= SHORTEST && can('support:read'),
  });
  const pages = usePlaces()
    .filter(({ name }) => texts[name].toLowerCase().includes(typed.trim().toLowerCase()))
    .map(
      ({ name, to, icon, key }): Hit => ({
        key: name,
        icon,
        label: texts[name],
        end: `G ${key.toUpperCase()}`,
        open: () => void navigate({ to }),
      }),
    );
  const orderOf = (result: Schema<'SearchResult'>) =>
    result.kind === 'order' ? result.id : result.kind === 'charge' ? result.order_id : null;
  const results = (asked.length < SHORTEST ? [] : found).flatMap((result): Hit[] => {
    const id = orderOf(result);
    if (result.kind === 'buyer') {
      const buyer = result.telegram_id;
      const label = [result.first_name, result.last_name].filter(Boolean).join(' ') || `@${result.username ?? buyer}`;
      const open = () => void navigate({ to: '/buyers/$id', params: { id: String(buyer) } });
      return [{ key: `buyer ${buyer} ${result.bot_id}`, icon: 'buyers', label, end: texts.buyer, open }];
    }
    if (id === null) return [];
    const open = () => void navigate({ to: '/orders/$id', params: { id } });
    const isOrder = result.kind === 'order';
    return [{ key: result.id, icon: 'orders', label: result.id, end: isOrder ? texts.order : texts.charge, open }];
  });
  return [...results, ...pages].map((hit) => ({
    ...hit,
    open: () => {
      onClose();
      hit.open();
    },
  }));
}

/** Two keystrokes to any page, and an id to what it names. */
export const Palette = ({ onClose }: { readonly onClose: () => void }) => {
  const texts = useTexts(SHELL_TEXTS);
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const hits = useHits(typed, onClose);
  const at = Math.min(chosen, hits.length - 1);

  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((at + step + hits.length) % Math.max(hits.length, 1));
    }
    if (event.key === 'Enter') hits[at]?.open();
  };

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-(--scrim)" />
        <Dialog.Viewport className="over bg-transparent">
          <Dialog.Popup className="pal" aria-label={texts.search}>
            <div className="pal-q">
              <Icon name="search" />
              <input
                role="combobox"
                aria-label={texts.paletteLabel}
                aria-expanded
                aria-controls="hits"
                aria-activedescendant={hits[at] === undefined ? undefined : `hit-${at}`}
                placeholder={texts.paletteHint}
                value={typed}
                onKeyDown={press}
                onChange={(event) => {
                  setTyped(event.target.value);
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
                  onClick={hit.open}
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
