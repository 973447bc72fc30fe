import { useSyncExternalStore } from 'react';
import { live } from '../api/live';
import { useFormat, useTexts } from '../texts';
import { COMMON_TEXTS } from '../texts/common';

/** Shows whether the page updates live. @param small only a dot, where there is no room for text */
export function LiveMark({ small = false }: { readonly small?: boolean }) {
  const texts = useTexts(COMMON_TEXTS);
  const { clock } = useFormat();
  const line = useSyncExternalStore(live.subscribe, live.current);
  if (line.state === 'lost')
    return (
      <span className="live off min-w-0" role="status" title={texts.lineLost(clock(line.since))}>
        <span className="cut">{small ? texts.lost : texts.lineLost(clock(line.since))}</span>
      </span>
    );
  const words = texts[line.state];
  if (small)
    return (
      <span
        className={line.state === 'live' ? 'live hide-s' : 'live off hide-s'}
        role="img"
        aria-label={words}
        title={words}
      />
    );
  return <span className={line.state === 'live' ? 'live hide-s' : 'live off hide-s'}>{words}</span>;
}
