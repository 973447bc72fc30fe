import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Button } from '../../parts/button';
import { IdChip } from '../../parts/id-chip';
import { ProblemNote } from '../../parts/problem';
import { Segments } from '../../parts/segments';
import { Time } from '../../parts/time';
import { toast } from '../../parts/toast';
import { COMMON_TEXTS } from '../../texts/common';
import { DEVELOPERS_TEXTS } from '../../texts/developers';
import { useFormat, useTexts } from '../../texts';
import { developersChanged, eventQuery, resendDelivery } from './queries';

type Delivery = Schema<'WebhookDelivery'>;

/** Shows the delivery of one event to one endpoint: every attempt with its request and response. */
export function DeliveryView({ delivery }: { readonly delivery: Delivery }) {
  const texts = useTexts(DEVELOPERS_TEXTS);
  const { full } = useFormat();
  const can = useCan();
  const resending = useMutation({
    mutationFn: () => resendDelivery(delivery.endpoint_id, delivery.id),
    onSuccess: async () => {
      toast(texts.resent(1));
      await developersChanged();
    },
  });
  const last = delivery.attempts.at(-1);
  return (
    <section aria-label={texts.oneEvent}>
      <div className="row flex-wrap">
        <h2 className="mono">{delivery.event_type}</h2>
        <IdChip id={delivery.event_id} chip />
        <span className="sp" />
        {can('endpoints:write') && (
          <Button size="small" icon="redo" busy={resending.isPending} onClick={() => resending.mutate()}>
            {texts.resendThis}
          </Button>
        )}
      </div>
      {resending.isError && <ProblemNote error={resending.error} />}
      <p className="mut mt-2">
        {last === undefined ? texts.notTried : texts.answer(last.status, last.error)}{' '}
        {delivery.next_attempt_at !== null && texts.nextTry(full(delivery.next_attempt_at))}
      </p>
      <table className="mini mt-3">
        <thead>
          <tr>
            <th className="w-12">{texts.attempt}</th>
            <th className="w-24">{texts.time}</th>
            <th className="w-24">{texts.answered}</th>
            <th>{texts.took}</th>
          </tr>
        </thead>
        <tbody>
          {delivery.attempts.toReversed().map((attempt) => (
            <tr key={attempt.number}>
              <td>{attempt.number}</td>
              <td>
                <Time at={attempt.created_at} style="seconds" />
              </td>
              <td className={attempt.ok ? 'm' : 'bad m'}>{attempt.status ?? texts.none}</td>
              <td className="mut">{texts.milliseconds(attempt.duration_ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Bodies delivery={delivery} />
    </section>
  );
}

function Bodies({ delivery }: { readonly delivery: Delivery }) {
  const texts = useTexts(DEVELOPERS_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const [part, setPart] = useState<'payload' | 'answer'>('payload');
  const { data: event } = useQuery(eventQuery(delivery.event_id));
  const { deliveries: _, ...body } = event ?? { deliveries: [] };
  const last = delivery.attempts.at(-1);
  const text = part === 'payload' ? JSON.stringify(body, null, 2) : (last?.response ?? last?.error ?? '');
  return (
    <>
      <div className="row mt-5 mb-2">
        <Segments
          label={texts.bodies}
          value={part}
          choices={[
            { value: 'payload', label: texts.payload },
            { value: 'answer', label: texts.answerBody },
          ]}
          onChoose={setPart}
        />
        <span className="sp" />
        <Button size="small" kind="quiet" icon="copy" onClick={() => void navigator.clipboard.writeText(text)}>
          {common.copy}
        </Button>
      </div>
      <pre className="codeb" tabIndex={0} aria-label={part === 'payload' ? texts.payload : texts.answerBody}>
        {text === '' ? texts.none : text}
      </pre>
    </>
  );
}
