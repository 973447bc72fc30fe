import { type KeyboardEvent, type PointerEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
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
  /** @param rows the order before the move */
  readonly onMove: (rows: readonly Row[], from: number, to: number) => void;
  /** Called when a row's number is clicked, to ask for a new position. */
  readonly onAsk: (row: Row) => void;
}

/** Returns the new index of a row. */
type Target = (from: number, last: number) => number;

const STEPS: Readonly<Record<string, Target>> = {
  ArrowUp: (from) => from - 1,
  ArrowDown: (from) => from + 1,
  Home: () => 0,
  End: (_from, last) => last,
};

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

  // A second key may be pressed before the first move is shown.
  const latest = useRef(rows);
  useLayoutEffect(() => {
    latest.current = rows;
  }, [rows]);
  const move = (row: Row, target: Target) => {
    const now = latest.current;
    const from = now.findIndex((one) => keyOf(one) === keyOf(row));
    const to = target(from, now.length - 1);
    if (from < 0 || to < 0 || to >= now.length || to === from) return;
    latest.current = moved(now, from, to);
    onMove(now, from, to);
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
    if (drag === undefined) return;
    const row = rows[drag.from];
    if (row !== undefined) move(row, () => drag.to);
    setDrag(undefined);
  };
  const press = (event: KeyboardEvent, row: Row) => {
    const target = STEPS[event.key];
    if (target === undefined) return;
    event.preventDefault();
    move(row, target);
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
              onKeyDown={(event) => press(event, one)}
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
                onClick={() => move(one, (from) => from - 1)}
              />
              <IconButton
                kind="quiet"
                icon="down"
                label={texts.lower(nameOf(one))}
                disabled={n === order.length - 1}
                onClick={() => move(one, (from) => from + 1)}
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
