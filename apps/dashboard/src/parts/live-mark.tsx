import { useSyncExternalStore } from 'react';
import { live } from '../api/live';
import { useFormat, useTexts } from '../texts';
import { COMMON_TEXTS } from '../texts/common';

/** Tells if what happens appears by itself. */
export function LiveMark() {
  const texts = useTexts(COMMON_TEXTS);
  const { clock } = useFormat();
  const line = useSyncExternalStore(live.subscribe, live.current);
  if (line.state === 'lost')
    return (
      <span className="live off" role="status">
        {texts.lineLost(clock(line.since))}
      </span>
    );
  return <span className={line.state === 'live' ? 'live hide-s' : 'live off hide-s'}>{texts[line.state]}</span>;
}
