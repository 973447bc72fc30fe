import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { EVENT_TYPES, type EventType } from '#libs/client';
import { useCan } from '../../api/rights';
import { Beside } from '../../parts/beside';
import { Button } from '../../parts/button';
import { Coin } from '../../parts/coin';
import { Dialog } from '../../parts/dialog';
import { IdChip } from '../../parts/id-chip';
import { More } from '../../parts/more';
import { Pick } from '../../parts/pick';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Empty, Skeleton } from '../../parts/states';
import { Time } from '../../parts/time';
import { toast } from '../../parts/toast';
import { COMMON_TEXTS } from '../../texts/common';
import { DEVELOPERS_TEXTS } from '../../texts/developers';
import { useTexts } from '../../texts';
import { developersChanged, eventQuery, eventsQuery, resendEvent, triggerEvent } from './queries';

/** Lists all events as programs receive them, and sends samples. */
export function Events() {
  const texts = useTexts(DEVELOPERS_TEXTS);
  const can = useCan();
  const [type, setType] = useState<EventType>();
  const [sampling, setSampling] = useState(false);
  const query = useInfiniteQuery(eventsQuery(type));
  const [chosen, setChosen] = useState<string>();
  const rows = query.data?.pages.flatMap(({ data }) => data);
  const shown = rows?.find(({ id }) => id === chosen) ?? rows?.[0];
  return (
    <>
      <div className="filters">
        <Pick<EventType | 'all'>
          label={texts.eventTypes}
          value={type ?? 'all'}
          choices={[
            { value: 'all', label: texts.everything },
            ...EVENT_TYPES.map((one) => ({ value: one, label: one })),
          ]}
          onPick={(one) => setType(one === 'all' ? undefined : one)}
        />
        {can('endpoints:write') && <Button onClick={() => setSampling(true)}>{texts.sendSample}</Button>}
      </div>
      {sampling && <Sample onClose={() => setSampling(false)} />}
      {query.isError && rows === undefined && <ProblemPage error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Skeleton />}
      {rows?.length === 0 && <Empty title={texts.noEventsTitle} text={texts.noEventsText} />}
      {rows !== undefined && shown !== undefined && (
        <Beside
          isChosen={chosen !== undefined}
          onBack={() => setChosen(undefined)}
          list={
            <ul aria-label={texts.tabs.events}>
              {rows.map((one) => (
                <li key={one.id}>
                  <button
                    type="button"
                    className="ev w-full text-left"
                    aria-current={one.id === shown.id ? 'true' : undefined}
                    onClick={() => setChosen(one.id)}
                  >
                    <Coin name="msg" />
                    <code className="cut">{one.type}</code>
                    <span className="xs dim leading-5">
                      <Time at={one.timestamp} />
                    </span>
                  </button>
                </li>
              ))}
              <li>
                <More query={query} />
              </li>
            </ul>
          }
          detail={<EventView key={shown.id} id={shown.id} type={shown.type} />}
        />
      )}
    </>
  );
}

function EventView({ id, type }: { readonly id: string; readonly type: string }) {
  const texts = useTexts(DEVELOPERS_TEXTS);
  const can = useCan();
  const { data: event, error } = useQuery(eventQuery(id));
  const resending = useMutation({
    mutationFn: () => resendEvent(id),
    onSuccess: async () => {
      toast(texts.resent(1));
      await developersChanged();
    },
  });
  return (
    <section aria-label={texts.oneEvent}>
      <div className="row flex-wrap">
        <h2 className="mono">{type}</h2>
        <IdChip id={id} chip />
        <span className="sp" />
        {can('endpoints:write') && (event?.deliveries.length ?? 0) > 0 && (
          <Button size="small" icon="redo" busy={resending.isPending} onClick={() => resending.mutate()}>
            {texts.resendThis}
          </Button>
        )}
      </div>
      {resending.isError && <ProblemNote error={resending.error} />}
      {error !== null && <ProblemNote error={error} />}
      {event !== undefined && (
        <>
          <p className="mut mt-2 mb-3">{texts.sentTo(event.deliveries.length)}</p>
          <pre className="codeb" tabIndex={0} aria-label={texts.payload}>
            {JSON.stringify({ ...event, deliveries: undefined }, null, 2)}
          </pre>
        </>
      )}
    </section>
  );
}

/** Sends a sample of any type to the endpoints that receive it. */
function Sample({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(DEVELOPERS_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const [type, setType] = useState<EventType>('order.paid');
  const sending = useMutation({
    mutationFn: () => triggerEvent(type),
    onSuccess: async () => {
      onClose();
      toast(texts.sampleSent);
      await developersChanged();
    },
  });
  return (
    <Dialog open onClose={onClose} title={texts.sendSample} sentence={texts.sampleText}>
      <Pick
        label={texts.eventTypes}
        value={type}
        choices={EVENT_TYPES.map((one) => ({ value: one, label: one }))}
        onPick={setType}
      />
      {sending.isError && <ProblemNote error={sending.error} />}
      <div className="acts">
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button kind="primary" busy={sending.isPending} onClick={() => sending.mutate()}>
          {texts.sendSample}
        </Button>
      </div>
    </Dialog>
  );
}
