import { useEffect, useEffectEvent } from 'react';
import { PLACES, type Place } from './navigation';

interface Actions {
  readonly search: () => void;
  readonly go: (to: Place['to']) => void;
}

/** Milliseconds between G and the letter of a place. */
const PATIENCE = 1_500;

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Ctrl or Cmd K searches everywhere; G and a letter go to a place, except while typing in a field. */
export function useShortcuts(actions: Actions): void {
  const search = useEffectEvent(actions.search);
  const go = useEffectEvent(actions.go);
  useEffect(() => {
    let leadingSince = 0;
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        search();
        return;
      }
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const place = PLACES.find(({ key }) => key === event.key.toLowerCase());
      if (place !== undefined && Date.now() - leadingSince < PATIENCE) go(place.to);
      leadingSince = event.key.toLowerCase() === 'g' ? Date.now() : 0;
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
