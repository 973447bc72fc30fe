import { useQuery } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { LinkButton } from '../../parts/button';
import { CoinWord } from '../../parts/coin';
import { IdChip } from '../../parts/id-chip';
import { Stars } from '../../parts/stars';
import { Skeleton } from '../../parts/states';
import { Time } from '../../parts/time';
import { ORDERS_TEXTS } from '../../texts/orders';
import { SUPPORT_TEXTS } from '../../texts/support';
import { useTexts } from '../../texts';
import { OrderActions } from '../orders/order-actions';
import { COINS, nameOf } from '../orders/order-state';
import { orderQuery } from '../orders/queries';

/** The order of a thread, with its actions. */
export function OrderPane({ id }: { readonly id: string }) {
  const texts = useTexts(SUPPORT_TEXTS);
  const { data: order } = useQuery(orderQuery(id));
  return (
    <aside aria-label={texts.order}>
      <header className="dh">
        <h2 className="grow">{texts.order}</h2>
        <LinkButton size="small" to="/orders/$id" params={{ id }}>
          {texts.open}
        </LinkButton>
      </header>
      <div className="side-b">{order === undefined ? <Skeleton lines={4} /> : <Facts order={order} />}</div>
    </aside>
  );
}

function Facts({ order }: { readonly order: Schema<'OrderDetails'> }) {
  const texts = useTexts(ORDERS_TEXTS);
  const product: Schema<'Product'> | undefined = order.product;
  const buyer = nameOf(order) ?? texts.someone(order.buyer_telegram_id);
  return (
    <>
      <div>
        <p className="sm">
          <CoinWord name={COINS[order.status]}>{texts.states[order.status]}</CoinWord>
        </p>
        <p className="sum mt-2">
          <Stars amount={order.stars} />
        </p>
        <p className="mut mt-1">{product?.title}</p>
      </div>
      <div className="acts">
        <OrderActions order={order} buyer={buyer} />
      </div>
      <dl className="kv">
        <dt>{texts.order}</dt>
        <dd>
          <IdChip id={order.id} />
        </dd>
        <dt>{texts.created}</dt>
        <dd>
          <Time at={order.created_at} />
        </dd>
      </dl>
    </>
  );
}
