import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { Icon } from '../../parts/icon';
import { SORT_TEXTS } from '../../texts/sort';
import { useTexts } from '../../texts';
import { moved } from './shop-order';

interface SortListProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly nameOf: (row: Row) => string;
  readonly row: (row: Row) => ReactNode;
  readonly onSort: (rows: readonly Row[]) => void;
}

/** A list whose rows are dragged by their handles, by mouse or finger, or moved by arrow keys on a handle. */
export function SortList<Row>({ label, rows, keyOf, nameOf, row: show, onSort }: SortListProps<Row>) {
  const texts = useTexts(SORT_TEXTS);
  const list = useRef<HTMLUListElement>(null);
  const [held, setHeld] = useState<string>();
  const [said, setSaid] = useState('');

  const move = (from: number, to: number) => {
    const row = rows[from];
    if (row === undefined || to < 0 || to >= rows.length || to === from) return;
    onSort(moved(rows, from, to));
    setSaid(texts.now(nameOf(row), to + 1, rows.length));
  };
  const follow = (event: PointerEvent) => {
    if (held === undefined) return;
    const from = rows.findIndex((one) => keyOf(one) === held);
    const middles = [...(list.current?.children ?? [])].map((child) => {
      const { top, height } = child.getBoundingClientRect();
      return top + height / 2;
    });
    move(from, middles.filter((middle, n) => n !== from && middle < event.clientY).length);
  };
  const press = (event: KeyboardEvent, from: number) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowUp: from - 1,
      ArrowDown: from + 1,
      Home: 0,
      End: rows.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    move(from, to);
  };

  return (
    <>
      <ul className="list" ref={list} aria-label={label}>
        {rows.map((one, n) => (
          <li key={keyOf(one)} className={held === keyOf(one) ? 'li min-h-12 bg-hover' : 'li min-h-12'}>
            <button
              type="button"
              className="btn ic gh grip"
              aria-label={texts.move(nameOf(one))}
              title={texts.moveHint}
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                setHeld(keyOf(one));
              }}
              onPointerMove={follow}
              onPointerUp={() => setHeld(undefined)}
              onPointerCancel={() => setHeld(undefined)}
              onKeyDown={(event) => press(event, n)}
            >
              <Icon name="menu" />
            </button>
            {show(one)}
          </li>
        ))}
      </ul>
      <p className="vh" role="status">
        {said}
      </p>
    </>
  );
}
