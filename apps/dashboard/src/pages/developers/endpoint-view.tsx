import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Badge, type Tone } from '../../parts/badge';
import { Beside } from '../../parts/beside';
import { Coin } from '../../parts/coin';
import { IdChip } from '../../parts/id-chip';
import { More } from '../../parts/more';
import { ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { Time } from '../../parts/time';
import { DEVELOPERS_TEXTS } from '../../texts/developers';
import { FAMILY_TEXTS } from '../../texts/event-families';
import { useFormat, useTexts } from '../../texts';
import { DeliveryView } from './delivery-view';
import { EndpointActions } from './endpoint-actions';
import { wholeFamilies } from '../../live/event-types';
import { deliveriesQuery } from './queries';

type Endpoint = Schema<'Endpoint'>;

const TONES: Readonly<Record<Endpoint['state'], Tone>> = { enabled: 'good', paused: 'plain', disabled: 'bad' };

interface EndpointViewProps {
  readonly endpoint: Endpoint;
  readonly onSecret: (secret: string) => void;
}

/** The state of one endpoint, its actions, and its deliveries. */
export function EndpointView({ endpoint, onSecret }: EndpointViewProps) {
  const texts = useTexts(DEVELOPERS_TEXTS);
  const { full } = useFormat();
  const can = useCan();
  return (
    <>
      <section className="py-2 pb-5">
        <div className="row flex-wrap">
          <code className="endp">{endpoint.url}</code>
          <Badge tone={TONES[endpoint.state]}>{texts.endpointStates[endpoint.state]}</Badge>
          {endpoint.failing_since !== null && (
            <Badge tone="bad">{texts.failingSince(full(endpoint.failing_since))}</Badge>
          )}
        </div>
        {endpoint.failure !== null && <p className="mut mt-2">{endpoint.failure}</p>}
        {endpoint.disabled_because !== null && <p className="bad mt-2">{endpoint.disabled_because}</p>}
        {can('endpoints:write') && <EndpointActions endpoint={endpoint} onSecret={onSecret} />}
        <dl className="kv mt-4">
          <dt>{texts.id}</dt>
          <dd>
            <IdChip id={endpoint.id} />
          </dd>
          <dt>{texts.eventTypes}</dt>
          <dd>
            <EventTypes types={endpoint.event_types} />
          </dd>
          {endpoint.description !== null && (
            <>
              <dt>{texts.description}</dt>
              <dd>{endpoint.description}</dd>
            </>
          )}
          {endpoint.previous_secret_expires_at !== null && (
            <>
              <dt>{texts.formerSecret}</dt>
              <dd>{texts.validUntil(full(endpoint.previous_secret_expires_at))}</dd>
            </>
          )}
        </dl>
      </section>
      <Deliveries endpoint={endpoint} />
    </>
  );
}

/** Lists event types: whole families by name, single types by id. */
function EventTypes({ types }: { readonly types: Endpoint['event_types'] }) {
  const texts = useTexts(DEVELOPERS_TEXTS);
  const families = useTexts(FAMILY_TEXTS);
  const whole = wholeFamilies(types);
  const single = types.filter((type) => !whole.some((family) => type.startsWith(`${family}.`)));
  if (types.length === 0) return texts.everything;
  return [...whole.map((family) => families[family]), ...single].join(', ');
}

/** The deliveries, next to the selected one with its attempts. */
function Deliveries({ endpoint }: { readonly endpoint: Endpoint }) {
  const texts = useTexts(DEVELOPERS_TEXTS);
  const query = useInfiniteQuery(deliveriesQuery(endpoint.id));
  const [chosen, setChosen] = useState<string>();
  const rows = query.data?.pages.flatMap(({ data }) => data);
  const shown = rows?.find(({ id }) => id === chosen) ?? rows?.[0];
  if (query.isError && rows === undefined)
    return <ProblemPage error={query.error} retry={() => void query.refetch()} />;
  if (rows === undefined) return <Skeleton />;
  if (shown === undefined) return <p className="mut sec">{texts.nothingSent}</p>;
  return (
    <Beside
      isChosen={chosen !== undefined}
      onBack={() => setChosen(undefined)}
      list={
        <ul aria-label={texts.sent}>
          {rows.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                className="ev w-full text-left"
                aria-current={one.id === shown.id ? 'true' : undefined}
                onClick={() => setChosen(one.id)}
              >
                <Coin
                  name={one.state === 'delivered' ? 'delivered' : one.state === 'failed' ? 'failed' : 'delivering'}
                />
                <span className="min-w-0">
                  <code className="cut block">{one.event_type}</code>
                  <span className={one.state === 'failed' ? 'xs bad' : 'xs dim'}>
                    {texts.deliveryStates[one.state]}, {texts.tries(one.attempts.length)}
                  </span>
                </span>
                <span className="xs dim leading-5">
                  <Time at={one.created_at} />
                </span>
              </button>
            </li>
          ))}
          <li>
            <More query={query} />
          </li>
        </ul>
      }
      detail={<DeliveryView key={shown.id} delivery={shown} />}
    />
  );
}
