import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Schema } from '#libs/client';
import { botsQuery } from '../../api/everywhere';
import { saveAs } from '../../api/files';
import { useCan } from '../../api/rights';
import { Badge } from '../../parts/badge';
import { Button, LinkButton } from '../../parts/button';
import { Coin, type CoinName } from '../../parts/coin';
import { IdChip } from '../../parts/id-chip';
import { Page } from '../../parts/page';
import { personName } from '../../parts/person';
import { ProblemPage } from '../../parts/problem';
import { Stars } from '../../parts/stars';
import { Skeleton } from '../../parts/states';
import { Time } from '../../parts/time';
import { BUYERS_TEXTS } from '../../texts/buyers';
import { useFormat, useTexts } from '../../texts';
import { GiftDialog } from '../spending/gift-dialog';
import { Credits } from './credits';
import { EraseBuyer } from './erase-buyer';
import { buyerQuery, threadsOfBuyerQuery } from './queries';

type State = Schema<'BuyerState'>;

export function BuyerPage() {
  const texts = useTexts(BUYERS_TEXTS);
  const { id } = useParams({ from: '/shell/buyers/$id' });
  const { data: state, error, refetch } = useQuery(buyerQuery(Number(id)));
  if (state !== undefined) return <Person state={state} />;
  return (
    <Page title={texts.buyer} back={{ to: '/buyers', label: texts.backToBuyers }}>
      {error === null ? <Skeleton /> : <ProblemPage error={error} retry={() => void refetch()} />}
    </Page>
  );
}

function Person({ state }: { readonly state: State }) {
  const texts = useTexts(BUYERS_TEXTS);
  const format = useFormat();
  const can = useCan();
  const [first] = state.bots;
  const name = first === undefined ? String(state.telegram_id) : personName(first);
  const exporting = useMutation({
    mutationFn: () => Promise.resolve(new Blob([JSON.stringify(state, null, 2)], { type: 'application/json' })),
    onSuccess: (file) => saveAs(file, `buyer-${String(state.telegram_id)}.json`),
  });
  return (
    <Page
      title={name}
      back={{ to: '/buyers', label: texts.backToBuyers }}
      beside={
        <span className="hide-s">
          <IdChip id={String(state.telegram_id)} chip />
        </span>
      }
      actions={
        <>
          {can('buyers:erase') && <EraseBuyer telegramId={state.telegram_id} name={name} />}
          <Button icon="down2" className="hide-s" onClick={() => exporting.mutate()}>
            {texts.export}
          </Button>
          <LinkButton to="/orders" search={{ buyer_telegram_id: state.telegram_id }} className="hide-s">
            {texts.allOrders}
          </LinkButton>
        </>
      }
      width="wide"
    >
      <div className="c2">
        <div>
          <section className="pt-2">
            <p className="hero">
              <Stars amount={state.totals.orders.stars} />
            </p>
            <p className="mut mt-1">
              {texts.paidInAll(format.number(state.totals.orders.count), state.totals.orders.count)}
              {state.totals.refunds.count > 0 && <> {texts.givenBack(<Stars amount={state.totals.refunds.stars} />)}</>}
            </p>
          </section>
          <Purchases purchases={state.purchases} />
          <Rights state={state} />
          <Messages telegramId={state.telegram_id} />
        </div>
        <aside>
          <Bots telegramId={state.telegram_id} bots={state.bots} />
          <Credits state={state} />
        </aside>
      </div>
    </Page>
  );
}

interface PartProps {
  readonly title: string;
  readonly beside?: ReactNode;
  readonly empty?: string | false;
  readonly children?: ReactNode;
}

const Part = ({ title, beside, empty = false, children }: PartProps) => (
  <section className="sec">
    <div className="sh">
      <h2>{title}</h2>
      {beside !== undefined && <span className="more">{beside}</span>}
    </div>
    {empty === false ? children : <p className="mut">{empty}</p>}
  </section>
);

const COINS: Readonly<Record<State['purchases'][number]['delivery_state'], CoinName>> = {
  none: 'paid',
  waiting: 'delivering',
  generating: 'delivering',
  delivered: 'delivered',
  failed: 'failed',
  unreachable: 'failed',
  revoked: 'refunded',
};

function Purchases({ purchases }: Pick<State, 'purchases'>) {
  const texts = useTexts(BUYERS_TEXTS);
  return (
    <Part title={texts.purchases} empty={purchases.length === 0 && texts.noPurchases}>
      <ul className="list">
        {purchases.map((one) => (
          <li key={one.order_id}>
            <Link to="/orders/$id" params={{ id: one.order_id }} className="li min-h-12">
              <Coin name={one.payment_state === 'refunded' ? 'refunded' : COINS[one.delivery_state]} />
              <span className="grow min-w-0">
                <span className="m cut block">{one.title}</span>
                <span className="sm dim">
                  {one.payment_state === 'refunded' ? texts.refunded : texts.deliveries[one.delivery_state]},{' '}
                  <Time at={one.paid_at} />
                </span>
              </span>
              {one.credits === null ? (
                <Stars amount={one.stars} look={one.payment_state === 'refunded' ? 'back' : ''} />
              ) : (
                <span className="nw">
                  {one.credits.amount} {one.credits.unit}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** Running subscriptions, and the buyer's other current purchases. */
function Rights({ state: { subscriptions, entitlements } }: { readonly state: State }) {
  const texts = useTexts(BUYERS_TEXTS);
  const { day } = useFormat();
  const none = subscriptions.length === 0 && entitlements.length === 0;
  return (
    <Part title={texts.rights} empty={none && texts.noRights}>
      <ul className="list">
        {subscriptions.map((one) => (
          <li key={one.id} className="li min-h-12">
            <span className="grow min-w-0">
              <span className="m">{texts.subscription}</span>
              <span className="sm dim block">
                {texts.until(day(one.paid_until))} <IdChip id={one.id} />
              </span>
            </span>
            <Badge tone={one.state === 'active' ? 'good' : 'warn'}>{texts.subscriptionStates[one.state]}</Badge>
          </li>
        ))}
        {entitlements.map((one) => (
          <li key={one.id} className="li min-h-12">
            <span className="grow min-w-0">
              <span className="m cut block">{one.title}</span>
              <span className="sm dim">{one.ends_at === null ? texts.forEver : texts.until(day(one.ends_at))}</span>
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Messages({ telegramId }: { readonly telegramId: number }) {
  const texts = useTexts(BUYERS_TEXTS);
  const can = useCan();
  const { data: threads } = useQuery({ ...threadsOfBuyerQuery(telegramId), enabled: can('support:read') });
  if (threads === undefined) return null;
  return (
    <Part title={texts.messages} empty={threads.length === 0 && texts.noMessages}>
      <ul className="list">
        {threads.map((thread) => (
          <li key={thread.id}>
            <Link to="/support/$id" params={{ id: thread.id }} className="li min-h-11">
              <span className="grow">{texts.threadStates[thread.state]}</span>
              <span className="sm dim">
                <Time at={thread.last_message_at ?? thread.created_at} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Bots({ telegramId, bots }: Pick<State, 'bots'> & { readonly telegramId: number }) {
  const can = useCan();
  const [giver, setGiver] = useState<string>();
  const texts = useTexts(BUYERS_TEXTS);
  const { data: known = [] } = useQuery(botsQuery);
  const { day } = useFormat();
  return (
    <section>
      <div className="sh">
        <h2>{texts.bots}</h2>
      </div>
      <ul className="list">
        {bots.map((buyer) => (
          <li key={buyer.bot_id} className="li min-h-12">
            <span className="grow min-w-0">
              <span className="m cut block">{known.find(({ id }) => id === buyer.bot_id)?.name}</span>
              <span className="sm dim">
                {texts.sinceDay(day(buyer.created_at))}
                {buyer.language_code !== null && `, ${buyer.language_code}`}
              </span>
            </span>
            {!buyer.reachable && <Badge tone="warn">{texts.blocked}</Badge>}
            {can('spending:write') && buyer.reachable && (
              <Button size="small" onClick={() => setGiver(buyer.bot_id)}>
                {texts.giveGift}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {giver !== undefined && <GiftDialog botId={giver} to={telegramId} onClose={() => setGiver(undefined)} />}
    </section>
  );
}
