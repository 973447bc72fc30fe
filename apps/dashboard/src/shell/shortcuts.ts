import { useEffect, useEffectEvent } from 'react';

interface KeyedPlace<To> {
  readonly to: To;
  /** The second key after G. */
  readonly key: string;
}

interface Shortcuts<To> {
  readonly places: readonly KeyedPlace<To>[];
  readonly search: () => void;
  readonly go: (to: To) => void;
}

/** Milliseconds between G and the letter of a place. */
const PATIENCE = 1_500;

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/**
 * Registers the shortcuts: Ctrl+K or Cmd+K opens the search; G and a letter open a page, except while typing in a
 * field.
 */
export function useShortcuts<To>({ places, ...actions }: Shortcuts<To>): void {
  const search = useEffectEvent(actions.search);
  const go = useEffectEvent((letter: string) => {
    const place = places.find(({ key }) => key === letter);
    if (place !== undefined) actions.go(place.to);
  });
  useEffect(() => {
    let leadingSince = 0;
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        search();
        return;
      }
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (Date.now() - leadingSince < PATIENCE) go(event.key.toLowerCase());
      leadingSince = event.key.toLowerCase() === 'g' ? Date.now() : 0;
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
