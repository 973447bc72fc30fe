import { useSyncExternalStore } from 'react';
import { type OrderFilters, readOrderFilters } from './filters';

interface SavedView {
  readonly name: string;
  readonly filters: OrderFilters;
}

const KEY = 'starwall.order-views';
const MOST = 12;
const listeners = new Set<() => void>();

/** Reads the views stored in this browser, validated like those in an address. */
function read(): readonly SavedView[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept.flatMap((one: { name?: unknown; filters?: Record<string, unknown> } | null) =>
      typeof one?.name === 'string' ? [{ name: one.name, filters: readOrderFilters(one.filters ?? {}) }] : [],
    );
  } catch {
    return [];
  }
}

let views = read();

function write(next: readonly SavedView[]): void {
  views = next.slice(-MOST);
  localStorage.setItem(KEY, JSON.stringify(views));
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Views that were saved in this browser, the latest last. */
export const useSavedViews = () => useSyncExternalStore(subscribe, () => views);

export const saveView = (view: SavedView) => write([...views.filter(({ name }) => name !== view.name), view]);
export const dropView = (gone: string) => write(views.filter(({ name }) => name !== gone));
