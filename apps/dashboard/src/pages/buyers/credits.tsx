import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { More } from '../../parts/more';
import { ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { Time } from '../../parts/time';
import { BUYERS_TEXTS } from '../../texts/buyers';
import { COMMON_TEXTS } from '../../texts/common';
import { useFormat, useTexts } from '../../texts';
import { GrantCredits } from './grant-credits';
import { creditEntriesQuery } from './queries';

/** A buyer's credits per unit, each with its history. */
export function Credits({ state }: { readonly state: Schema<'BuyerState'> }) {
  const texts = useTexts(BUYERS_TEXTS);
  const { number } = useFormat();
  const can = useCan();
  const [unit, setUnit] = useState<string>();
  return (
    <section className="sec">
      <div className="sh">
        <h2>{texts.credits}</h2>
      </div>
      {state.credits.length === 0 && !can('credits:write') && <p className="mut">{texts.noCredits}</p>}
      <dl className="kv">
        {state.credits.map((one) => (
          <div key={one.unit} className="contents">
            <dt>{one.unit}</dt>
            <dd className="row">
              <span className="m grow">{number(one.available)}</span>
              {can('credits:read') && (
                <Button size="small" onClick={() => setUnit(one.unit)}>
                  {texts.history}
                </Button>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {can('credits:write') && <GrantCredits telegramId={state.telegram_id} />}
      {unit !== undefined && <History telegramId={state.telegram_id} unit={unit} onClose={() => setUnit(undefined)} />}
    </section>
  );
}

interface HistoryProps {
  readonly telegramId: number;
  readonly unit: string;
  readonly onClose: () => void;
}

function History({ telegramId, unit, onClose }: HistoryProps) {
  const texts = useTexts(BUYERS_TEXTS);
  const { close } = useTexts(COMMON_TEXTS);
  const { number } = useFormat();
  const query = useInfiniteQuery(creditEntriesQuery(telegramId, unit));
  const entries = query.data?.pages.flatMap(({ data }) => data);
  return (
    <Dialog open onClose={onClose} title={texts.historyOf(unit)}>
      {query.isError && entries === undefined && <ProblemPage error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Skeleton lines={3} />}
      <ul className="list max-h-80 overflow-auto" tabIndex={0} aria-label={texts.historyOf(unit)}>
        {entries?.map((one) => (
          <li key={one.id} className="li min-h-12">
            <span className="grow min-w-0">
              <span className="m block">{texts.changes[one.change]}</span>
              <span className="sm dim">
                <Time at={one.created_at} />
                {one.reason !== null && `, ${one.reason}`}
              </span>
            </span>
            <span className="nw text-right">
              <span className={one.amount < 0 ? 'm block' : 'good m block'}>
                {one.amount > 0 && '+'}
                {number(one.amount)}
              </span>
              <span className="sm dim">{number(one.balance)}</span>
            </span>
          </li>
        ))}
      </ul>
      <More query={query} />
      <div className="acts">
        <Button onClick={onClose}>{close}</Button>
      </div>
    </Dialog>
  );
}
