import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { Schema } from '#libs/client';
import { botsQuery } from '../../api/everywhere';
import { useCan } from '../../api/rights';
import { CoinWord } from '../../parts/coin';
import { Icon } from '../../parts/icon';
import { IdChip } from '../../parts/id-chip';
import { Page } from '../../parts/page';
import { ProblemPage } from '../../parts/problem';
import { Stars } from '../../parts/stars';
import { Skeleton } from '../../parts/states';
import { Chat, InvoiceCard } from '../../parts/telegram';
import { Time } from '../../parts/time';
import { useTexts } from '../../texts';
import { ORDERS_TEXTS } from '../../texts/orders';
import { COINS, isUnpaid, nameOf } from './order-state';
import { orderQuery } from './queries';
import { OrderActions } from './order-actions';
import { Receipt } from './receipt';
import { Timeline } from './timeline';

type Order = Schema<'OrderDetails'>;

export function OrderPage() {
  const texts = useTexts(ORDERS_TEXTS);
  const { id } = useParams({ from: '/shell/orders/$id' });
  const { data: order, error, refetch } = useQuery(orderQuery(id));
  if (order !== undefined) return <OrderTruth key={order.id} order={order} />;
  return (
    <Page title={texts.order} back={{ to: '/orders', label: texts.backToOrders }}>
      {error === null ? <Skeleton /> : <ProblemPage error={error} retry={() => void refetch()} />}
    </Page>
  );
}

/** Everything about one payment. */
function OrderTruth({ order }: { readonly order: Order }) {
  const texts = useTexts(ORDERS_TEXTS);
  const can = useCan();
  const { data: bots = [] } = useQuery(botsQuery);
  const bot = bots.find(({ id }) => id === order.bot_id)?.name ?? '';
  const buyer = nameOf(order) ?? texts.someone(order.buyer_telegram_id);
  const product: Schema<'Product'> | undefined = order.product;
  const actions = <OrderActions order={order} buyer={buyer} />;
  const hasActions =
    (order.payment_state === 'paid' && (can('refunds:write') || can('orders:write'))) ||
    (isUnpaid(order) && can('orders:write'));
  const bought = (
    <Link className="link" to="/products/$id" params={{ id: order.product_id }}>
      {product?.title}
    </Link>
  );
  return (
    <Page
      title={texts.order}
      beside={
        <span className="hide-s">
          <IdChip id={order.id} chip />
        </span>
      }
      back={{ to: '/orders', label: texts.backToOrders }}
      actions={actions}
      phoneActions={hasActions ? actions : undefined}
      width="wide"
    >
      <div className="c2">
        <div>
          <section className="pt-2">
            <p className="dim sm mb-2">
              <CoinWord name={COINS[order.status]}>
                <span className={order.status === 'delivery_failed' ? 'bad m' : 'm'}>{texts.states[order.status]}</span>
              </CoinWord>
            </p>
            <p className="hero">
              <Stars amount={order.stars} />
            </p>
            <p className="mut mt-1">{texts.bought(buyer, bought, bot)}</p>
          </section>
          <Warning order={order} buyer={buyer} />
          <Timeline order={order} />
          <Facts order={order} />
        </div>
        <aside>
          <p className="lab dim py-2">{texts.asBuyerSaw(buyer)}</p>
          <Chat label={texts.asBuyerSaw(buyer)}>
            <InvoiceCard
              title={product?.title ?? ''}
              description={product?.description ?? ''}
              stars={order.stars}
              at={order.created_at}
              paid={order.paid_at !== null}
            />
            {order.paid_at !== null && <div className="note">{texts.youPaid(<Stars amount={order.stars} />, bot)}</div>}
            <Receipt order={order} title={product?.title ?? ''} />
          </Chat>
        </aside>
      </div>
    </Page>
  );
}

/** The problem of an order, and the state of the money. */
function Warning({ order, buyer }: { readonly order: Order; readonly buyer: string }) {
  const texts = useTexts(ORDERS_TEXTS);
  const refund = order.refunds.at(-1);
  const isStuck = order.payment_state === 'paid' && /^(failed|unreachable)$/.test(order.delivery_state);
  if (refund !== undefined)
    return (
      <div className="callout bg-sunken" role="status">
        <Icon name="undo" />
        <div className="grow">
          <p className="m">{texts.refundStates[refund.state]}</p>
          {(refund.failure ?? refund.reason) !== null && <p className="sm">{refund.failure ?? refund.reason}</p>}
        </div>
      </div>
    );
  if (!isStuck) return null;
  return (
    <div className="callout warn-c">
      <Icon name="alert" />
      <div className="grow">
        <p className="m">{order.delivery_state === 'unreachable' ? texts.unreachable(buyer) : texts.failed}</p>
        <p className="sm">{texts.safe}</p>
      </div>
    </div>
  );
}

function Facts({ order }: { readonly order: Order }) {
  const texts = useTexts(ORDERS_TEXTS);
  return (
    <section className="sec">
      <div className="sh">
        <h2>{texts.facts}</h2>
      </div>
      <dl className="kv">
        <dt>{texts.order}</dt>
        <dd>
          <IdChip id={order.id} />
        </dd>
        {order.charges.map(({ id }) => (
          <Fact key={id} name={texts.charge}>
            <IdChip id={id} />
          </Fact>
        ))}
        <Fact name={texts.created}>
          <Time at={order.created_at} />
        </Fact>
        <Fact name={texts.version}>{order.price_version}</Fact>
        {order.fulfilment !== null && (
          <Fact name={texts.server}>
            {texts.serverStates[order.fulfilment.state]}, {texts.asked(order.fulfilment.attempts)}
            {order.fulfilment.last_error !== null && <span className="bad"> {order.fulfilment.last_error}</span>}
          </Fact>
        )}
        {order.arguments !== null && <Fact name={texts.typed}>{order.arguments}</Fact>}
        {order.list_stars !== order.stars && (
          <Fact name={texts.listPrice}>
            <Stars amount={order.list_stars} />
          </Fact>
        )}
        {order.source !== null && <Fact name={texts.source}>{order.source}</Fact>}
      </dl>
    </section>
  );
}

const Fact = ({ name, children }: { readonly name: string; readonly children: React.ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);
