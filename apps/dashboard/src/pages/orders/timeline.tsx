import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Coin, type CoinName } from '../../parts/coin';
import { ProblemPage } from '../../parts/problem';
import { Skeleton } from '../../parts/states';
import { Time } from '../../parts/time';
import { useFormat, useTexts } from '../../texts';
import { ORDERS_TEXTS } from '../../texts/orders';
import { COINS } from './order-state';
import { isBeingDelivered, timelineQuery } from './queries';

type Entry = Schema<'Timeline'>['entries'][number];

const KIND_COINS: Readonly<Record<Entry['kind'], CoinName>> = {
  state: 'placed',
  update: 'msg',
  event: 'msg',
  charge: 'paid',
  refund: 'refunded',
  stray_payment: 'warned',
  handover_attempt: 'delivering',
  manual_delivery: 'delivered',
  webhook_delivery: 'msg',
  webhook_attempt: 'msg',
  support_message: 'msg',
};

/** The new state of the order, if the entry reports one. */
const stateOf = ({ kind, facts }: Entry) =>
  kind === 'event' && typeof facts['type'] === 'string' ? facts['type'].replace('order.', '') : '';

const hasCoin = (state: string): state is keyof typeof COINS => state in COINS;

const coinOf = (entry: Entry): CoinName => {
  const state = stateOf(entry);
  return hasCoin(state) ? COINS[state] : KIND_COINS[entry.kind];
};

const MAIN: ReadonlySet<Entry['kind']> = new Set(['stray_payment', 'manual_delivery', 'support_message']);

/** True for entries that people look for first; the others are for debugging. */
const isMain = (entry: Entry) =>
  MAIN.has(entry.kind) ||
  hasCoin(stateOf(entry)) ||
  // The state of the order already says that the refund succeeded.
  (entry.kind === 'refund' && entry.facts['state'] !== 'refunded') ||
  (entry.kind === 'handover_attempt' && entry.facts['outcome'] !== 'delivered');

function lineOfRefund({ facts, summary }: Entry, states: Readonly<Record<string, string>>): string {
  const known = states[String(facts['state'])];
  const reason = typeof facts['reason'] === 'string' ? ` ${facts['reason']}` : '';
  return known === undefined ? summary : `${known}.${reason}`;
}

/** Translates known entries into the viewer's language; others keep the API's text. */
function useLine() {
  const { states, stateLines, kinds, refundStates } = useTexts(ORDERS_TEXTS);
  return (entry: Entry): readonly [string, string] => {
    const state = stateOf(entry);
    if (entry.kind === 'refund') return [kinds.refund, lineOfRefund(entry, refundStates)];
    if (!(state in stateLines)) return [kinds[entry.kind], entry.summary];
    const known = state as keyof typeof stateLines;
    return [states[known], stateLines[known]];
  };
}

/** The event that an order is waiting for, if it waits. */
function waitingOf({ status, delivery_state: delivery, refunds }: Schema<'OrderDetails'>) {
  if (refunds.length > 0) return undefined;
  if (delivery === 'unreachable') return 'unreachable';
  return status === 'approved' || status === 'paid' || status === 'delivering' ? status : undefined;
}

export function Timeline({ order }: { readonly order: Schema<'OrderDetails'> }) {
  const { id } = order;
  const waiting = waitingOf(order);
  const texts = useTexts(ORDERS_TEXTS);
  const { zone } = useFormat();
  const lineOf = useLine();
  const [all, setAll] = useState(false);
  const { data, error, refetch } = useQuery(timelineQuery(id, isBeingDelivered(order)));
  return (
    <section className="sec">
      <div className="sh">
        <h2>{texts.happened}</h2>
        <span className="more">
          {texts.timesIn(zone)}
          <span className="hide-s">{texts.utcOnHover}</span>
        </span>
      </div>
      {error !== null && data === undefined && <ProblemPage error={error} retry={() => void refetch()} />}
      {error === null && data === undefined && <Skeleton lines={4} />}
      {data !== undefined && (
        <ol className="tl">
          {data.entries
            .filter((entry) => all || isMain(entry))
            .map((entry, n) => (
              <li key={`${entry.at} ${String(n)}`}>
                <Coin name={coinOf(entry)} />
                <div>
                  <b>{lineOf(entry)[0]}</b>
                  <p>{lineOf(entry)[1]}</p>
                </div>
                <Time at={entry.at} style="seconds" />
              </li>
            ))}
          {waiting !== undefined && (
            <li className="now">
              <Coin name={waiting === 'unreachable' ? 'warned' : 'expired'} />
              <div>
                <b>{texts.waiting[waiting][0]}</b>
                <p>{texts.waiting[waiting][1]}</p>
              </div>
              <span className="xs dim">{texts.now}</span>
            </li>
          )}
        </ol>
      )}
      {data?.entries.every(isMain) === false && (
        <Button size="small" className="mt-4" aria-pressed={all} onClick={() => setAll(!all)}>
          {all ? texts.lessDetails : texts.allDetails}
        </Button>
      )}
    </section>
  );
}
