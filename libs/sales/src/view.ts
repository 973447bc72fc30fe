import { publicId } from '#libs/kernel';
import { clawBackView } from '#libs/ledger';
import type { BuyerRow } from './buyer.entity.js';
import type { ChargeRow } from './charge.entity.js';
import type { OrderRow } from './order.entity.js';
import { statusOf } from './order.js';
import type { RefundRow } from './refund.entity.js';

const iso = (time: Date | null) => time?.toISOString() ?? null;

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
    promo_code_id: order.promoCodeId === null ? null : publicId('promoCode', order.promoCodeId),
    source: order.source,
    billing: order.billing,
    credits: creditsView(order),
    subscription_id: order.subscriptionId === null ? null : publicId('subscription', order.subscriptionId),
    metadata: order.metadata,
    created_at: order.createdAt.toISOString(),
    expires_at: order.expiresAt.toISOString(),
    approved_at: iso(order.approvedAt),
    unlocked_at: iso(order.unlockedAt),
    paid_at: iso(order.paidAt),
    delivered_at: iso(order.deliveredAt),
    refunded_at: iso(order.refundedAt),
  };
}

/** A charge as the API and its events show it. */
export function chargeView(charge: ChargeRow) {
  return {
    object: 'charge',
    id: publicId('charge', charge.id),
    state: charge.state,
    match: charge.match,
    bot_id: publicId('bot', charge.botId),
    order_id: charge.orderId === null ? null : publicId('order', charge.orderId),
    buyer_telegram_id: charge.buyerId,
    stars: charge.stars,
    payload: charge.payload,
    telegram_payment_charge_id: charge.telegramChargeId,
    provider_payment_charge_id: charge.providerChargeId,
    source: charge.source,
    metadata: charge.metadata,
    occurred_at: charge.occurredAt.toISOString(),
    created_at: charge.createdAt.toISOString(),
  };
}

/** A refund as the API and its events show it. */
export function refundView(refund: RefundRow) {
  return {
    object: 'refund',
    id: publicId('refund', refund.id),
    state: refund.state,
    charge_id: publicId('charge', refund.chargeId),
    order_id: refund.orderId === null ? null : publicId('order', refund.orderId),
    reason: refund.reason,
    requested_by: refund.requestedBy,
    failure: refund.failure,
    credits: refund.credits === null ? null : clawBackView(refund.credits),
    metadata: refund.metadata,
    created_at: refund.createdAt.toISOString(),
    updated_at: refund.updatedAt.toISOString(),
  };
}

/** A buyer of one bot as the API and events show it. */
export function buyerView(buyer: BuyerRow) {
  return {
    object: 'buyer' as const,
    telegram_id: buyer.telegramId,
    bot_id: publicId('bot', buyer.botId),
    first_name: buyer.firstName,
    last_name: buyer.lastName,
    username: buyer.username,
    language_code: buyer.languageCode,
    reachable: buyer.reachable,
    metadata: buyer.metadata,
    created_at: buyer.createdAt.toISOString(),
  };
}
