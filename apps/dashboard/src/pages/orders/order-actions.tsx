import { Menu } from '@base-ui/react/menu';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Button } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { COMMON_TEXTS } from '../../texts/common';
import { ORDERS_TEXTS } from '../../texts/orders';
import { useTexts } from '../../texts';
import { CancelOrder } from './cancel-order';
import { DeliverDialog, type Way } from './deliver-dialog';
import { isRefundable } from './order-state';
import { RefundDialog } from './refund-dialog';

type Order = Schema<'OrderDetails'>;

/** The available deliveries, the most likely one first. */
function waysOf({ payment_state: payment, delivery_state: delivery, fulfilment }: Order): readonly Way[] {
  if (payment !== 'paid' || delivery === 'revoked') return [];
  if (delivery === 'delivered') return ['send_again'];
  const isMade = fulfilment === null || fulfilment.state === 'ready';
  return isMade ? ['send_again', 'mark_delivered'] : ['goods', 'send_again', 'mark_delivered'];
}

interface OrderActionsProps {
  readonly order: Order;
  readonly buyer: string;
}

/** Offers to send again, mark as delivered, and refund, if role and state allow it. */
export function OrderActions({ order, buyer }: OrderActionsProps) {
  const texts = useTexts(ORDERS_TEXTS);
  const can = useCan();
  const [refunding, setRefunding] = useState(false);
  const [way, setWay] = useState<Way>();
  const [first, ...others] = can('orders:write') ? waysOf(order) : [];
  const isStuck = order.delivery_state === 'failed' || order.delivery_state === 'unreachable';
  return (
    <>
      {can('orders:write') && <CancelOrder order={order} />}
      {isRefundable(order) && can('refunds:write') && (
        <Button kind="danger-words" onClick={() => setRefunding(true)}>
          {texts.refund}
        </Button>
      )}
      {others.length > 0 && <Others ways={others} onChoose={setWay} />}
      {first !== undefined && (
        <Button kind={isStuck || first === 'goods' ? 'primary' : 'plain'} onClick={() => setWay(first)}>
          {texts.deliverWays[first]}
        </Button>
      )}
      <RefundDialog order={order} buyer={buyer} open={refunding} onClose={() => setRefunding(false)} />
      <DeliverDialog order={order} way={way} buyer={buyer} onClose={() => setWay(undefined)} />
    </>
  );
}

interface OthersProps {
  readonly ways: readonly Way[];
  readonly onChoose: (way: Way) => void;
}

function Others({ ways, onChoose }: OthersProps) {
  const texts = useTexts(ORDERS_TEXTS);
  const { more } = useTexts(COMMON_TEXTS);
  return (
    <Menu.Root>
      <Menu.Trigger className="btn ic" aria-label={more} title={more}>
        <Icon name="more" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="z-40" align="end" sideOffset={8}>
          <Menu.Popup className="menu" aria-label={more}>
            {ways.map((way) => (
              <Menu.Item key={way} className="item" onClick={() => onChoose(way)}>
                {texts.deliverWays[way]}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
