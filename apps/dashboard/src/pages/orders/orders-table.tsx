import { useQuery } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { botsQuery } from '../../api/everywhere';
import { Avatar } from '../../parts/avatar';
import { Coin, CoinWord } from '../../parts/coin';
import { IdChip } from '../../parts/id-chip';
import { Stars } from '../../parts/stars';
import { type Column, Table } from '../../parts/table';
import { Time } from '../../parts/time';
import { useFormat, useTexts } from '../../texts';
import { ORDERS_TEXTS } from '../../texts/orders';
import { COINS, nameOf } from './order-state';

type Order = Schema<'ExpandedOrder'>;

const starsOf = (order: Order, column: boolean) => {
  const look = order.status === 'refunded' ? 'back' : column ? 'column' : '';
  return <Stars amount={order.stars} look={look} />;
};

const titleOf = ({ product }: Order) => (product as Schema<'Product'> | undefined)?.title ?? '';

function useDay() {
  const texts = useTexts(ORDERS_TEXTS);
  const { weekday } = useFormat();
  const dayOf = (at: Date) => at.toDateString();
  const today = new Date();
  const yesterday = new Date(today.getTime() - 86_400_000);
  return ({ created_at: at }: Order) => {
    const day = dayOf(new Date(at));
    if (day === dayOf(today)) return `${texts.today}, ${weekday(at)}`;
    return day === dayOf(yesterday) ? `${texts.yesterday}, ${weekday(at)}` : weekday(at);
  };
}

interface OrdersTableProps {
  readonly rows: readonly Order[];
  /** True for orders that arrived during the visit. */
  readonly isFresh?: (order: Order) => boolean;
  /** Grouped by day, and with all columns. */
  readonly full?: boolean;
}

export function OrdersTable({ rows, isFresh, full = false }: OrdersTableProps) {
  const texts = useTexts(ORDERS_TEXTS);
  const dayOf = useDay();
  const { data: bots = [] } = useQuery(botsQuery);
  const buyerOf = (order: Order) => nameOf(order) ?? texts.someone(order.buyer_telegram_id);
  const botOf = ({ bot_id: id }: Order) => bots.find((bot) => bot.id === id)?.name ?? '';
  const columns: readonly Column<Order>[] = [
    {
      id: 'state',
      head: texts.state,
      width: 'k1',
      cell: ({ status }) => <CoinWord name={COINS[status]}>{texts.states[status]}</CoinWord>,
    },
    { id: 'product', head: texts.product, cell: (order) => <span className="m">{titleOf(order)}</span> },
    {
      id: 'buyer',
      head: texts.buyer,
      width: 'k3',
      cell: (order) => (
        <span className="row">
          <Avatar name={buyerOf(order)} of="person" />
          <span className="cut">{buyerOf(order)}</span>
        </span>
      ),
    },
    {
      id: 'bot',
      head: texts.bot,
      width: 'k4',
      optional: true,
      cell: (order) => <span className="mut">{botOf(order)}</span>,
    },
    { id: 'order', head: texts.order, width: 'k5', optional: true, cell: ({ id }) => <IdChip id={id} /> },
    { id: 'stars', head: texts.stars, width: 'k6', align: 'right', cell: (order) => starsOf(order, true) },
    {
      id: 'time',
      head: texts.time,
      width: 'k7',
      align: 'right',
      cell: ({ created_at: at }) => (
        <span className="dim">
          <Time at={at} style="clock" />
        </span>
      ),
    },
  ];
  return (
    <Table
      label={texts.title}
      rows={rows}
      keyOf={({ id }) => id}
      columns={full ? columns : columns.filter(({ id }) => id !== 'order')}
      link="product"
      linkTo={({ id }) => ({ to: '/orders/$id', params: { id } })}
      {...(full ? { groupOf: dayOf } : {})}
      {...(isFresh === undefined ? {} : { isFresh })}
      card={(order) => (
        <>
          <Coin name={COINS[order.status]} />
          <b className="cut">{titleOf(order)}</b>
          {starsOf(order, false)}
          <span className="l2 cut">
            {texts.states[order.status]}, {buyerOf(order)}
          </span>
          <span className="l2r">
            <Time at={order.created_at} style="clock" />
          </span>
        </>
      )}
    />
  );
}
