import { z } from 'zod';
import { idOf, listOf, pageOf } from '../../http/schema.js';

const time = z.iso.datetime();

export const ORDER_STATES = ['placed', 'approved', 'paid', 'refunded', 'expired', 'cancelled'] as const;

export const orderSchema = z
  .object({
    object: z.literal('order'),
    id: z.string(),
    status: z
      .enum([...ORDER_STATES, 'delivering', 'delivered', 'delivery_failed'])
      .describe('Money and goods in one word; `payment_state` and `delivery_state` tell them apart.'),
    payment_state: z.enum(ORDER_STATES),
    delivery_state: z.enum(['none', 'waiting', 'generating', 'delivered', 'failed', 'unreachable', 'revoked']),
    delivery_error: z.string().nullable(),
    bot_id: z.string(),
    product_id: z.string(),
    price_version: z.int(),
    buyer_telegram_id: z.int(),
    stars: z.int().describe('The price at which the order was placed, in whole Stars.'),
    source: z.string().nullable().describe('Where the buyer came from, as given in the deep link.'),
    metadata: z.record(z.string(), z.string()),
    created_at: time,
    expires_at: time,
    approved_at: time.nullable(),
    paid_at: time.nullable(),
    delivered_at: time.nullable(),
    refunded_at: time.nullable(),
  })
  .meta({ id: 'Order' });

export const chargeSchema = z
  .object({
    object: z.literal('charge'),
    id: z.string(),
    state: z.enum(['paid', 'refund_pending', 'refunded']),
    match: z
      .enum(['order', 'duplicate', 'mismatch', 'unmatched', 'undeliverable'])
      .describe(
        '`order`: it paid its order. `duplicate` (the order was paid before) and `undeliverable` (it came late, and the product was ' +
          'sold out) go back by themselves. `mismatch` (another buyer or amount than the order’s) and `unmatched` (no order has this ' +
          'payload) are held until you refund them.',
      ),
    bot_id: z.string(),
    order_id: z.string().nullable(),
    buyer_telegram_id: z.int(),
    stars: z.int(),
    payload: z.string(),
    telegram_payment_charge_id: z.string(),
    provider_payment_charge_id: z.string().nullable(),
    source: z.enum(['update', 'reconciliation']),
    occurred_at: time,
    created_at: time,
  })
  .meta({ id: 'Charge' });

export const refundSchema = z
  .object({
    object: z.literal('refund'),
    id: z.string(),
    state: z.enum(['requested', 'sent', 'refunded', 'failed', 'unknown']),
    charge_id: z.string(),
    order_id: z.string().nullable(),
    reason: z.string().nullable(),
    requested_by: z.string(),
    failure: z.string().nullable().describe("Telegram's own words when it refused."),
    credits: z
      .object({
        unit: z.string(),
        granted: z.int().describe('What the charge had bought. The four numbers that follow add up to it.'),
        clawed_back: z.int(),
        already_spent: z.int().describe('Cannot be taken back: no balance falls below zero.'),
        expired: z.int(),
        reserved: z
          .int()
          .describe('Held by reservations at that moment: spent when committed, taken back when released.'),
      })
      .nullable()
      .describe('What the refund did to the credits that were bought. null: none were, or the refund failed.'),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Refund' });

export const orderDetailsSchema = orderSchema
  .extend({
    charges: z.array(chargeSchema),
    refunds: z.array(refundSchema),
    fulfilment: z
      .object({
        state: z
          .enum(['requested', 'generating', 'ready', 'failed'])
          .describe('`ready`: your server has made the goods; whether the buyer has them is `delivery_state`.'),
        attempts: z.int().describe('How often your server was asked.'),
        last_error: z.string().nullable(),
        deadline_at: time,
      })
      .nullable()
      .describe('For an order whose goods your server makes. null: for every other, and before the payment.'),
  })
  .meta({ id: 'OrderDetails' });

export const orderListSchema = listOf(orderSchema).meta({ id: 'OrderList' });
export const chargeListSchema = listOf(chargeSchema).meta({ id: 'ChargeList' });

export const orderQuerySchema = z.strictObject({
  ...pageOf('order'),
  bot_id: idOf('bot').optional(),
  product_id: idOf('product').optional(),
  buyer_telegram_id: z.coerce.number().int().positive().optional(),
  payment_state: z.enum(ORDER_STATES).optional(),
});

export const chargeQuerySchema = z.strictObject({
  ...pageOf('charge'),
  bot_id: idOf('bot').optional(),
  match: z.enum(['order', 'duplicate', 'mismatch', 'unmatched', 'undeliverable']).optional(),
});

export const requestRefundSchema = z.strictObject({
  reason: z.string().trim().min(1).max(500).nullable().default(null).describe('For your own records.'),
});
