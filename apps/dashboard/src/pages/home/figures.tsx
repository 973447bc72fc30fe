import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { LinkButton } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { ProblemPage } from '../../parts/problem';
import { Stars } from '../../parts/stars';
import { Skeleton } from '../../parts/states';
import { useFormat, useTexts } from '../../texts';
import { HOME_TEXTS } from '../../texts/home';
import { OrdersTable } from '../orders/orders-table';
import { ordersQuery } from '../orders/queries';
import { type Day, daysOf, growth, starsOf } from './periods';
import { salesQuery, totalsQuery, undeliveredQuery } from './queries';
import { Wall } from './wall';

const LATEST = 8;

/** The shop's figures, and the tasks for its owner. */
export function Figures() {
  const { data: sold, error, refetch } = useQuery(salesQuery);
  if (error !== null && sold === undefined) return <ProblemPage error={error} retry={() => void refetch()} />;
  if (sold === undefined) return <Skeleton />;
  const days = daysOf(sold, new Date(), 60);
  return (
    <>
      <section className="sec flat">
        <Periods days={days} />
        <Wall days={days.slice(-30)} before={days.slice(0, 30)} />
        <Totals />
      </section>
      <Needs />
      <Latest />
    </>
  );
}

function Periods({ days }: { readonly days: readonly Day[] }) {
  const texts = useTexts(HOME_TEXTS);
  const { percent } = useFormat();
  const periods = [
    { length: 30, name: texts.days30, before: texts.before30 },
    { length: 7, name: texts.days7, before: texts.before7 },
    { length: 1, name: texts.today, before: texts.before1 },
  ];
  return (
    <div className="periods">
      {periods.map(({ length, name, before }) => {
        const change = growth(days, length);
        return (
          <div key={length} className="per">
            <span className="lbl">{name}</span>
            <span className="n">
              <Stars amount={starsOf(days.slice(-length))} />
            </span>
            <span className="d">
              {change === undefined ? (
                texts.nothingBefore
              ) : (
                <>
                  <span className={change < 0 ? 'bad m' : 'good m'}>
                    {change < 0 ? '' : '+'}
                    {percent(change)}
                  </span>
                  <i className="not-italic">{before}</i>
                </>
              )}
            </span>
          </div>
        );
      })}
    </div>
  );
}

function Totals() {
  const texts = useTexts(HOME_TEXTS);
  const { number, percent } = useFormat();
  const { data: totals } = useQuery(totalsQuery);
  const { orders, refunds, conversion } = totals ?? {};
  const paid = orders?.paid ?? 0;
  const facts = [
    { name: texts.orders, value: number(paid), note: '' },
    {
      name: texts.openedAndPaid,
      value: conversion === null || conversion === undefined ? '–' : percent(conversion),
      note: '',
    },
    {
      name: texts.refunds,
      value: number(refunds?.count ?? 0),
      note: paid === 0 ? '' : texts.ofOrders(percent((refunds?.count ?? 0) / paid)),
    },
    { name: texts.delivered, value: number(orders?.delivered ?? 0), note: '' },
  ];
  return (
    <dl className="facts">
      {facts.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <b>{value}</b>
            {note !== '' && <span>{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Needs() {
  const texts = useTexts(HOME_TEXTS);
  const { data: undelivered = 0 } = useQuery(undeliveredQuery);
  return (
    <section className="need sec">
      <div className="sh">
        <h2>{texts.needsYou}</h2>
      </div>
      {undelivered === 0 ? (
        <p className="mut">{texts.nothingNeeded}</p>
      ) : (
        <ul className="list">
          <li className="li">
            <span className="ico b">
              <Icon name="box" />
            </span>
            <div className="grow">
              <h3>{texts.undelivered(undelivered)}</h3>
              <p>{texts.undeliveredText}</p>
            </div>
            <LinkButton size="small" to="/orders" search={{ payment_state: 'paid', delivery_state: 'failed' }}>
              {texts.see}
            </LinkButton>
          </li>
        </ul>
      )}
    </section>
  );
}

function Latest() {
  const texts = useTexts(HOME_TEXTS);
  const { data } = useInfiniteQuery(ordersQuery({}, LATEST));
  const rows = data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <section className="sec">
      <div className="sh">
        <h2>{texts.latest}</h2>
        <Link className="more" to="/orders">
          {texts.all}
        </Link>
      </div>
      <OrdersTable rows={rows.slice(0, LATEST)} />
    </section>
  );
}
