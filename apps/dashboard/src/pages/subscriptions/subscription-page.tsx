import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Badge } from '../../parts/badge';
import { Button } from '../../parts/button';
import { Confirm } from '../../parts/confirm';
import { IdChip } from '../../parts/id-chip';
import { Page } from '../../parts/page';
import { ProblemNote, ProblemPage } from '../../parts/problem';
import { Stars } from '../../parts/stars';
import { Skeleton } from '../../parts/states';
import { Time } from '../../parts/time';
import { toast } from '../../parts/toast';
import { SUBSCRIPTIONS_TEXTS } from '../../texts/subscriptions';
import { useFormat, useTexts } from '../../texts';
import { SUBSCRIPTION_TONES } from './looks';
import {
  cancelSubscription,
  productNameQuery,
  resumeSubscription,
  subscriptionQuery,
  subscriptionsChanged,
} from './queries';

export function SubscriptionPage() {
  const texts = useTexts(SUBSCRIPTIONS_TEXTS);
  const { id } = useParams({ from: '/shell/subscriptions/$id' });
  const { data, error, refetch } = useQuery(subscriptionQuery(id));
  if (data !== undefined) return <Details subscription={data} />;
  return (
    <Page title={texts.subscription} back={{ to: '/subscriptions', label: texts.back }}>
      {error === null ? <Skeleton /> : <ProblemPage error={error} retry={() => void refetch()} />}
    </Page>
  );
}

function Details({ subscription: one }: { readonly subscription: Schema<'Subscription'> }) {
  const texts = useTexts(SUBSCRIPTIONS_TEXTS);
  const { number, duration } = useFormat();
  const can = useCan();
  const { data: product } = useQuery(productNameQuery(one.product_id));
  return (
    <Page
      title={product?.title ?? texts.subscription}
      width="read"
      back={{ to: '/subscriptions', label: texts.back }}
      beside={<Badge tone={SUBSCRIPTION_TONES[one.state]}>{texts.states[one.state]}</Badge>}
      actions={can('orders:write') && one.state !== 'ended' && <Renewal subscription={one} />}
    >
      <p className="mut pt-2">{texts.stateLines[one.state]}</p>
      {one.pending !== null && <p className="warn mt-1">{texts.pending[one.pending]}</p>}
      {one.failure !== null && <p className="bad mt-1">{texts.refused(one.failure)}</p>}
      <dl className="kv mt-4">
        <dt>{texts.price}</dt>
        <dd>
          <Stars amount={one.stars} /> <span className="dim">{texts.each(duration(one.period_seconds))}</span>
        </dd>
        <dt>{texts.paidUntil}</dt>
        <dd>
          <Time at={one.paid_until} />
        </dd>
        <dt>{texts.accessUntil}</dt>
        <dd>
          <Time at={one.access_until} />
        </dd>
        <dt>{texts.renewals}</dt>
        <dd>{number(one.renewals)}</dd>
        <dt>{texts.began}</dt>
        <dd>
          <Time at={one.created_at} />
        </dd>
        {one.canceled_at !== null && (
          <>
            <dt>{texts.canceled}</dt>
            <dd>
              <Time at={one.canceled_at} />
              {one.canceled_by !== null && <span className="dim">, {texts.by[one.canceled_by]}</span>}
            </dd>
          </>
        )}
        <dt>{texts.buyer}</dt>
        <dd>
          <Link to="/buyers/$id" params={{ id: String(one.buyer_telegram_id) }} className="link">
            {texts.buyerOf(one.buyer_telegram_id)}
          </Link>
        </dd>
        <dt>{texts.firstOrder}</dt>
        <dd>
          <Link to="/orders/$id" params={{ id: one.order_id }} className="link">
            {texts.open}
          </Link>
        </dd>
        <dt>{texts.product}</dt>
        <dd>
          <Link to="/products/$id" params={{ id: one.product_id }} className="link">
            {product?.title ?? texts.open}
          </Link>
        </dd>
        <dt>{texts.id}</dt>
        <dd>
          <IdChip id={one.id} />
        </dd>
      </dl>
    </Page>
  );
}

/** Stops the renewal, or lets the buyer switch it on again. */
function Renewal({ subscription: one }: { readonly subscription: Schema<'Subscription'> }) {
  const texts = useTexts(SUBSCRIPTIONS_TEXTS);
  const { full } = useFormat();
  const [asking, setAsking] = useState(false);
  const done = async () => {
    setAsking(false);
    toast(texts.sent);
    await subscriptionsChanged();
  };
  const canceling = useMutation({ mutationFn: () => cancelSubscription(one.id), onSuccess: done });
  const resuming = useMutation({ mutationFn: () => resumeSubscription(one.id), onSuccess: done });
  if (one.state === 'canceled')
    return (
      !one.resumable_by_buyer && (
        <>
          {resuming.isError && <ProblemNote error={resuming.error} />}
          <Button busy={resuming.isPending || one.pending === 'resume'} onClick={() => resuming.mutate()}>
            {texts.resume}
          </Button>
        </>
      )
    );
  return (
    <>
      <Button busy={one.pending === 'cancel'} onClick={() => setAsking(true)}>
        {texts.cancel}
      </Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={texts.cancelTitle}
        sentence={texts.cancelText(full(one.paid_until))}
        keep={texts.keep}
        act={texts.cancel}
        doing={canceling}
      />
    </>
  );
}
