import { useEffect, useState } from 'react';
import { useTexts } from '../texts';
import { COMMON_TEXTS } from '../texts/common';
import { Icon } from './icon';

const HEAD = 8;
const TAIL = 6;
const SHOWN_MS = 1_500;

/**
 * An id, shortened to its head and tail; ids created at about the same time begin alike. A click copies the whole id.
 */
export function IdChip({ id, chip = false }: { readonly id: string; readonly chip?: boolean }) {
  const { copied, copy } = useTexts(COMMON_TEXTS);
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [done]);
  const press = () => void navigator.clipboard.writeText(id).then(() => setDone(true));
  return (
    <button type="button" className={chip ? 'id chip' : 'id'} title={`${copy} ${id}`} onClick={press}>
      {done ? (
        <span role="status">{copied}</span>
      ) : (
        <>
          {id.slice(0, HEAD)}…<b>{id.slice(-TAIL)}</b>
        </>
      )}
      <Icon name="copy" small />
    </button>
  );
}
