import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useLayoutEffect, useState, useSyncExternalStore } from 'react';

/** Lists up to this long are in the page as a whole, so that the browser's own search finds everything. */
const WHOLE = 200;
/** Lines above and below the screen, for fast scrolling and for the Tab key. */
const OVERSCAN = 20;

interface Window {
  /** Indexes of the lines that are in the page. */
  readonly from: number;
  readonly to: number;
  /** Pixels in place of the lines before and after them. */
  readonly before: number;
  readonly after: number;
  /** Set as the `ref` of each line, which also has its index in `data-index`. Undefined: all lines are in the page. */
  readonly measure: ((line: Element | null) => void) | undefined;
}

/**
 * Chooses the lines of a long list that are near the screen.
 * @param place contains the lines
 * @param height of a line in pixels, until it is measured
 */
export function useWindowed(place: RefObject<HTMLElement | null>, count: number, height: number): Window {
  const isLong = count > WHOLE;
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    if (isLong && place.current !== null) setTop(place.current.getBoundingClientRect().top + window.scrollY);
  }, [isLong, place]);
  const lines = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan: OVERSCAN,
    scrollMargin: top,
    enabled: isLong,
  });
  const shown = lines.getVirtualItems();
  const [first, last] = [shown[0], shown.at(-1)];
  if (!isLong || first === undefined || last === undefined)
    return { from: 0, to: isLong ? 0 : count, before: 0, after: 0, measure: undefined };
  const after = lines.getTotalSize() - (last.end - top);
  return { from: first.index, to: last.index + 1, before: first.start - top, after, measure: lines.measureElement };
}

const PHONE = window.matchMedia('(max-width: 767px)');

function subscribe(listener: () => void) {
  PHONE.addEventListener('change', listener);
  return () => PHONE.removeEventListener('change', listener);
}

/** True on screens that are too narrow for tables (see `styles/table.css`). */
export const useIsPhone = () => useSyncExternalStore(subscribe, () => PHONE.matches);
