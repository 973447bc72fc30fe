import { useSyncExternalStore } from 'react';

const SHOWN_MS = 6_000;

let shown = '';
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function show(sentence: string): void {
  shown = sentence;
  for (const listener of listeners) listener();
}

/** Shows one message for six seconds. A later message replaces it, and opening a dialog removes it. */
export function toast(sentence: string): void {
  clearTimeout(timer);
  show(sentence);
  timer = setTimeout(() => show(''), SHOWN_MS);
}

export const endToast = () => show('');

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export function Toasts() {
  const sentence = useSyncExternalStore(subscribe, () => shown);
  return (
    <div className="toasts" role="status">
      {sentence !== '' && <div className="toast pr-4">{sentence}</div>}
    </div>
  );
}
