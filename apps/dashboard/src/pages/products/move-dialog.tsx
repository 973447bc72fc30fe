import { useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { ProblemNote } from '../../parts/problem';
import { COMMON_TEXTS } from '../../texts/common';
import { SORT_TEXTS } from '../../texts/sort';
import { useTexts } from '../../texts';
import { shopQuery } from './shop-order';

interface MoveDialogProps {
  readonly id: string;
  readonly botId: string;
  readonly onClose: () => void;
  readonly onMove: (rows: readonly Schema<'Product'>[], from: number, to: number) => void;
}

/** Asks for a new position by number, and loads the pages of the list up to it. */
export function MoveDialog({ id, botId, onClose, onMove }: MoveDialogProps) {
  const texts = useTexts(SORT_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const field = useId();
  const { data, error, fetchNextPage } = useInfiniteQuery(shopQuery(botId));
  const rows = data?.pages.flatMap((page) => page.data) ?? [];
  const from = rows.findIndex((row) => row.id === id);
  const [text, setText] = useState(String(from + 1));
  const [isLooking, setLooking] = useState(false);
  const wanted = Number(text);
  const isPlace = /^\d{1,7}$/.test(text) && wanted > 0;
  const move = async (event: FormEvent) => {
    event.preventDefault();
    setLooking(true);
    let [known, hasMore] = [rows, data?.pages.at(-1)?.has_more === true];
    while (hasMore && known.length < wanted) {
      const more = await fetchNextPage();
      if (more.isError || more.data === undefined) return setLooking(false);
      known = more.data.pages.flatMap((page) => page.data);
      hasMore = more.hasNextPage;
    }
    const now = known.findIndex((row) => row.id === id);
    onMove(known, now, Math.min(wanted, known.length) - 1);
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={texts.move(rows[from]?.title ?? '')} sentence={texts.toPlaceText}>
      <form className="grid gap-4" onSubmit={(event) => void move(event)}>
        <div className="f">
          <label htmlFor={field}>{texts.place}</label>
          <div className="field">
            <input
              id={field}
              inputMode="numeric"
              autoComplete="off"
              value={text}
              onChange={({ target }) => setText(target.value.trim())}
            />
          </div>
        </div>
        {error !== null && <ProblemNote error={error} />}
        <div className="acts">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" kind="primary" busy={isLooking} disabled={!isPlace}>
            {texts.moveThere}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
