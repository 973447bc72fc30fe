import { idOrNull, publicId, timeOrNull } from '#libs/kernel';
import type { OrderRow } from './order.entity.js';
import { statusOf } from './order.js';

/** What an order cost in credits; null for one that Stars pay for. */
export const creditsView = ({
  creditUnit: unit,
  creditAmount: amount,
}: Pick<OrderRow, 'creditUnit' | 'creditAmount'>) => (unit === null || amount === null ? null : { unit, amount });

/** An order as the API and its events show it. */
export function orderView(order: OrderRow) {
  return {
    object: 'order',
    id: publicId('order', order.id),
    status: statusOf(order),
    payment_state: order.state,
    delivery_state: order.delivery,
    delivery_error: order.deliveryError,
    bot_id: publicId('bot', order.botId),
    product_id: publicId('product', order.productId),
    price_version: order.priceVersion,
    buyer_telegram_id: order.buyerId,
    stars: order.stars,
    list_stars: order.listStars ?? order.stars,
    promo_code_id: idOrNull('promoCode', order.promoCodeId),
    source: order.source,
    billing: order.billing,
    credits: creditsView(order),
    subscription_id: idOrNull('subscription', order.subscriptionId),
    metadata: order.metadata,
    created_at: order.createdAt.toISOString(),
    expires_at: order.expiresAt.toISOString(),
    approved_at: timeOrNull(order.approvedAt),
    unlocked_at: timeOrNull(order.unlockedAt),
    paid_at: timeOrNull(order.paidAt),
    delivered_at: timeOrNull(order.deliveredAt),
    refunded_at: timeOrNull(order.refundedAt),
  };
}
