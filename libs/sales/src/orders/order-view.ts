import { z } from 'zod';
import { idOrNull, publicId, type Shown, shownNotes, shownTime, timeOrNull } from '#libs/kernel';
import type { OrderRow } from './order.entity.js';
import { BILLINGS, DELIVERIES, ORDER_STATES, ORDER_STATUSES, statusOf } from './order.js';

export const creditPriceSchema = z.object({ unit: z.string(), amount: z.int() });

export const orderSchema = z
  .object({
    object: z.literal('order'),
    id: z.string(),
    status: z
      .enum(ORDER_STATUSES)
      .describe(
        'Payment and delivery combined; `payment_state` and `delivery_state` show them separately. `unlocked`: ' +
          'paid media was paid for, and its charge is not on Telegram’s list of transactions yet; it follows ' +
          'within about a minute.',
      ),
    payment_state: z.enum(ORDER_STATES),
    delivery_state: z.enum(DELIVERIES),
    delivery_error: z.string().nullable(),
    bot_id: z.string(),
    product_id: z.string(),
    price_version: z.int(),
    buyer_telegram_id: z.int(),
    stars: z
      .int()
      .describe('The price at which the order was placed, in whole Stars. 0 when it was paid with credits.'),
    list_stars: z.int().describe('The price without a promo code.'),
    promo_code_id: z.string().nullable(),
    source: z.string().nullable().describe("The buyer's source, as given in the deep link."),
    billing: z
      .enum(BILLINGS)
      .describe(
        'The purpose: a single purchase, or the first or a later period of a subscription. `credits`: it ' +
          'was paid with credits.',
      ),
    credits: creditPriceSchema
      .nullable()
      .describe('The price in credits: held from the beginning, spent when it is delivered, released when it fails.'),
    subscription_id: z.string().nullable().describe('The subscription that it began or renewed, once it is paid.'),
    metadata: shownNotes,
    created_at: shownTime,
    expires_at: shownTime,
    approved_at: shownTime.nullable(),
    unlocked_at: shownTime
      .nullable()
      .describe('The time at which Telegram unlocked paid media for the buyer, who had paid.'),
    paid_at: shownTime.nullable(),
    delivered_at: shownTime.nullable(),
    refunded_at: shownTime.nullable(),
  })
  .meta({ id: 'Order' });

/** An order's price in credits; null for one that is paid with Stars. */
export const creditsView = ({
  creditUnit: unit,
  creditAmount: amount,
}: Pick<OrderRow, 'creditUnit' | 'creditAmount'>) => (unit === null || amount === null ? null : { unit, amount });

/** An order as the API and its events show it. */
export function orderView(order: OrderRow): Shown<typeof orderSchema> {
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
