import type { Duties, Goods } from '../orders/duties.rows.js';
import type { OrderRow } from '../orders/order.entity.js';
import type { DeliveryFacts } from './order.service.js';

/** A delivery right after the payment. */
export interface FirstDelivery {
  /** As the payment has left it. */
  readonly order: OrderRow;
  readonly facts: DeliveryFacts;
}

/**
 * The facts for delivering an order that is being paid.
 * @returns undefined when not all of them are known here: for goods that a server makes, credits, chats and
 * subscriptions
 */
export function firstDelivery(order: OrderRow, duties: Duties, goods: Goods): FirstDelivery | undefined {
  const { paidAt, billing } = order;
  if (duties.made || duties.addsCredits || duties.opensChat || billing !== 'purchase' || paidAt === null)
    return undefined;
  const { languageCode, ...product } = goods;
  const facts = {
    orderId: order.id,
    botId: order.botId,
    buyerId: order.buyerId,
    languageCode,
    stars: order.stars,
    paidAt,
    round: order.handoverRound,
    product: { id: order.productId, ...product },
    receiptAt: order.receiptAt,
    subscription: undefined,
    unlocked: order.unlockedAt !== null,
    credits: undefined,
    paidCredits: undefined,
  };
  return { order, facts };
}
