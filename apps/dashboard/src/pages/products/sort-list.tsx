import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { IconButton } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { SORT_TEXTS } from '../../texts/sort';
import { useFormat, useTexts } from '../../texts';
import { moved } from './moves';

interface SortListProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly nameOf: (row: Row) => string;
  readonly row: (row: Row) => ReactNode;
  readonly onMove: (from: number, to: number) => void;
  /** Called when a row's number is clicked, to ask for a new position. */
  readonly onAsk: (row: Row) => void;
}

interface Drag {
  readonly from: number;
  readonly to: number;
}

/**
 * A list whose rows can be dragged by their handles with mouse or finger, moved with the arrow keys on a handle, moved
 * one step by buttons, or moved to a position by number.
 */
export function SortList<Row>({ label, rows, keyOf, nameOf, row: show, onMove, onAsk }: SortListProps<Row>) {
  const texts = useTexts(SORT_TEXTS);
  const { number } = useFormat();
  const list = useRef<HTMLUListElement>(null);
  const [drag, setDrag] = useState<Drag>();
  const [said, setSaid] = useState('');
  const order = drag === undefined ? rows : moved(rows, drag.from, drag.to);

  const move = (from: number, to: number) => {
    const row = rows[from];
    if (row === undefined || to < 0 || to >= rows.length || to === from) return;
    onMove(from, to);
    setSaid(texts.now(nameOf(row), number(to + 1)));
  };
  const follow = (event: PointerEvent) => {
    if (drag === undefined) return;
    const middles = [...(list.current?.children ?? [])].map((child) => {
      const { top, height } = child.getBoundingClientRect();
      return top + height / 2;
    });
    const to = middles.filter((middle, n) => n !== drag.to && middle < event.clientY).length;
    if (to !== drag.to) setDrag({ ...drag, to });
  };
  const drop = () => {
    if (drag !== undefined) move(drag.from, drag.to);
    setDrag(undefined);
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
        {order.map((one, n) => (
          <li key={keyOf(one)} className={drag?.to === n ? 'li min-h-12 bg-hover' : 'li min-h-12'}>
            <button
              type="button"
              className="btn ic gh grip"
              aria-label={texts.move(nameOf(one))}
              title={texts.moveHint}
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                setDrag({ from: n, to: n });
              }}
              onPointerMove={follow}
              onPointerUp={drop}
              onPointerCancel={() => setDrag(undefined)}
              onKeyDown={(event) => press(event, n)}
            >
              <Icon name="menu" />
            </button>
            <button
              type="button"
              className="btn gh place"
              aria-label={texts.toPlace(nameOf(one), number(n + 1))}
              onClick={() => onAsk(one)}
            >
              {number(n + 1)}
            </button>
            {show(one)}
            <span className="row hide-s gap-0">
              <IconButton
                kind="quiet"
                icon="higher"
                label={texts.higher(nameOf(one))}
                disabled={n === 0}
                onClick={() => move(n, n - 1)}
              />
              <IconButton
                kind="quiet"
                icon="down"
                label={texts.lower(nameOf(one))}
                disabled={n === order.length - 1}
                onClick={() => move(n, n + 1)}
              />
            </span>
          </li>
        ))}
      </ul>
      <p className="vh" role="status">
        {said}
      </p>
    </>
  );
}
