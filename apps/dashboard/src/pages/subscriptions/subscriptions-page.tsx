import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Schema } from '#libs/client';
import { Badge } from '../../parts/badge';
import { Listed } from '../../parts/listed';
import { Page } from '../../parts/page';
import { Pick } from '../../parts/pick';
import { Stars } from '../../parts/stars';
import { Empty, Skeleton } from '../../parts/states';
import { type Column, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { SUBSCRIPTIONS_TEXTS } from '../../texts/subscriptions';
import { useFormat, useTexts } from '../../texts';
import { STATES, SUBSCRIPTION_TONES, type SubscriptionState } from './looks';
import { metricsQuery, productNameQuery, subscriptionsQuery } from './queries';

type Subscription = Schema<'Subscription'>;

function ProductName({ id }: { readonly id: string }) {
  const { data: product } = useQuery(productNameQuery(id));
  return <span className="m cut">{product?.title ?? ''}</span>;
}

function useColumns(): readonly Column<Subscription>[] {
  const texts = useTexts(SUBSCRIPTIONS_TEXTS);
  const { number, duration } = useFormat();
  return [
    {
      id: 'state',
      head: texts.state,
      width: 'w-36',
      cell: ({ state }) => <Badge tone={SUBSCRIPTION_TONES[state]}>{texts.states[state]}</Badge>,
    },
    { id: 'product', head: texts.product, cell: (row) => <ProductName id={row.product_id} /> },
    {
      id: 'buyer',
      head: texts.buyer,
      width: 'w-36',
      cell: ({ buyer_telegram_id: id }) => <span className="mut">{id}</span>,
    },
    {
      id: 'stars',
      head: texts.price,
      width: 'w-52',
      cell: (row) => (
        <span>
          <Stars amount={row.stars} /> <span className="dim">{texts.each(duration(row.period_seconds))}</span>
        </span>
      ),
    },
    {
      id: 'renewals',
      head: texts.renewals,
      width: 'w-24',
      align: 'right',
      optional: true,
      cell: (row) => number(row.renewals),
    },
    {
      id: 'until',
      head: texts.paidUntil,
      width: 'w-40',
      align: 'right',
      cell: (row) => (
        <span className="dim">
          <Time at={row.paid_until} />
        </span>
      ),
    },
  ];
}

export function SubscriptionsPage() {
  const texts = useTexts(SUBSCRIPTIONS_TEXTS);
  const columns = useColumns();
  const navigate = useNavigate();
  const { state } = useSearch({ from: '/shell/subscriptions' });
  const query = useInfiniteQuery(subscriptionsQuery(state));
  return (
    <Page title={texts.title}>
      <Figures />
      <div className="filters">
        <Pick<SubscriptionState | 'all'>
          label={texts.state}
          value={state ?? 'all'}
          choices={[
            { value: 'all', label: texts.all },
            ...STATES.map((value) => ({ value, label: texts.states[value] })),
          ]}
          onPick={(next) =>
            void navigate({ to: '/subscriptions', search: next === 'all' ? {} : { state: next }, replace: true })
          }
        />
      </div>
      <Listed
        query={query}
        empty={
          state === undefined ? (
            <Empty title={texts.emptyTitle} text={texts.emptyText} />
          ) : (
            <Empty title={texts.noMatch} text={texts.noMatchText}>
              <Link to="/subscriptions" className="btn">
                {texts.showAll}
              </Link>
            </Empty>
          )
        }
      >
        {(rows) => (
          <Table
            label={texts.title}
            rows={rows}
            keyOf={({ id }) => id}
            columns={columns}
            link="product"
            linkTo={({ id }) => ({ to: '/subscriptions/$id', params: { id } })}
            card={(row) => (
              <>
                <span />
                <ProductName id={row.product_id} />
                <Stars amount={row.stars} />
                <span className="l2">
                  {texts.states[row.state]}, {texts.buyerOf(row.buyer_telegram_id)}
                </span>
                <span className="l2r">
                  <Time at={row.paid_until} style="day" />
                </span>
              </>
            )}
          />
        )}
      </Listed>
    </Page>
  );
}

/** Current numbers of subscriptions, and the changes of the last 30 days. */
function Figures() {
  const texts = useTexts(SUBSCRIPTIONS_TEXTS);
  const { number } = useFormat();
  const { data, error } = useQuery(metricsQuery);
  if (data === undefined) return error === null ? <Skeleton lines={2} /> : null;
  const { totals } = data;
  if (totals.active + totals.past_due + totals.canceled + totals.started + totals.ended === 0) return null;
  const facts = [
    { name: texts.monthly, value: <Stars amount={totals.monthly_stars} />, note: texts.monthlyNote },
    { name: texts.active, value: number(totals.active), note: texts.lateNote(number(totals.past_due)) },
    { name: texts.started, value: number(totals.started), note: texts.lastDays },
    { name: texts.ended, value: number(totals.ended), note: texts.lastDays },
  ];
  return (
    <dl className="facts mt-2! mb-2 border-t-0!">
      {facts.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <b>{value}</b>
            <span>{note}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
