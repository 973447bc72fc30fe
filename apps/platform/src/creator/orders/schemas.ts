import { z } from 'zod';
import { ORDER_EXPANSIONS } from '#libs/sales';
import { createdFilters, idOf, listOf, listQuery, notes, notesChange, notesView } from '../../http/schema.js';
import { buyerSchema } from '../buyers/buyers.schema.js';
import { productViewSchema } from '../products/product-view.js';

const time = z.iso.datetime();

const telegramId = z.coerce.number().int().positive();
const MATCHES = ['order', 'duplicate', 'mismatch', 'unmatched', 'undeliverable'] as const;
const CHARGE_STATES = ['paid', 'refund_pending', 'refunded'] as const;
const REFUND_STATES = ['requested', 'sent', 'refunded', 'failed', 'unknown'] as const;
const DELIVERY_STATES = ['none', 'waiting', 'generating', 'delivered', 'failed', 'unreachable', 'revoked'] as const;

export const ORDER_STATES = ['placed', 'approved', 'paid', 'refunded', 'expired', 'cancelled'] as const;

export const orderSchema = z
  .object({
    object: z.literal('order'),
    id: z.string(),
    status: z
      .enum([...ORDER_STATES, 'unlocked', 'delivering', 'delivered', 'delivery_failed'])
      .describe(
        'Money and goods in one word; `payment_state` and `delivery_state` tell them apart. `unlocked`: paid media was paid for, and its ' +
          'charge is not on Telegram’s list of transactions yet; it follows within a minute or so.',
      ),
    payment_state: z.enum(ORDER_STATES),
    delivery_state: z.enum(DELIVERY_STATES),
    delivery_error: z.string().nullable(),
    bot_id: z.string(),
    product_id: z.string(),
    price_version: z.int(),
    buyer_telegram_id: z.int(),
    stars: z.int().describe('The price at which the order was placed, in whole Stars. 0 when credits paid for it.'),
    list_stars: z.int().describe('What it would have cost without a promo code.'),
    promo_code_id: z.string().nullable(),
    source: z.string().nullable().describe('Where the buyer came from, as given in the deep link.'),
    billing: z
      .enum(['purchase', 'subscription_start', 'subscription_renewal', 'credits'])
      .describe(
        'What is paid with it: once, or the first or a later period of a subscription. `credits`: they paid for it.',
      ),
    credits: z
      .object({ unit: z.string(), amount: z.int() })
      .nullable()
      .describe('What it cost in credits: held from the beginning, spent when it is delivered, let go when it fails.'),
    subscription_id: z.string().nullable().describe('The subscription that it began or went on with, once it is paid.'),
    metadata: notesView,
    created_at: time,
    expires_at: time,
    approved_at: time.nullable(),
    unlocked_at: time.nullable().describe('When Telegram unlocked paid media for the buyer, who had paid.'),
    paid_at: time.nullable(),
    delivered_at: time.nullable(),
    refunded_at: time.nullable(),
  })
  .meta({ id: 'Order' });

export const chargeSchema = z
  .object({
    object: z.literal('charge'),
    id: z.string(),
    state: z.enum(CHARGE_STATES),
    match: z
      .enum(MATCHES)
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
    metadata: notesView,
    occurred_at: time,
    created_at: time,
  })
  .meta({ id: 'Charge' });

export const refundSchema = z
  .object({
    object: z.literal('refund'),
    id: z.string(),
    state: z.enum(REFUND_STATES),
    charge_id: z.string(),
    order_id: z.string().nullable(),
    reason: z.string().nullable(),
    requested_by: z.string(),
    failure: z
      .string()
      .nullable()
      .describe(
        'Why the Stars are not back: of a failed refund, or of the last try. Telegram’s own words when it refused.',
      ),
    delayed_since: time
      .nullable()
      .describe(
        'Since when Telegram does not give the Stars back, though they are on their way. A refund that Starwall began by itself ' +
          '(`requested_by` is `system`) is tried until it succeeds, and at once when Stars come in.',
      ),
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
    metadata: notesView,
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Refund' });

const EXPANDED = 'Only when asked for by `expand`.';

const expandedOrderSchema = orderSchema
  .extend({
    product: productViewSchema.optional().describe(EXPANDED),
    buyer: buyerSchema.optional().describe(EXPANDED),
    charges: z.array(chargeSchema).optional().describe(EXPANDED),
  })
  .meta({ id: 'ExpandedOrder' });

export const orderDetailsSchema = expandedOrderSchema
  .extend({
    charges: z.array(chargeSchema),
    refunds: z.array(refundSchema),
    arguments: z.string().nullable().describe('What the buyer typed after the command of a `paid_command`.'),
    fulfilment: z
      .object({
        state: z
          .enum(['requested', 'generating', 'ready', 'failed'])
          .describe('`ready`: your server has made the goods; whether the buyer has them is `delivery_state`.'),
        attempts: z.int().describe('How often your server was asked.'),
        last_error: z.string().nullable(),
        refused_since: time
          .nullable()
          .describe('Since when your server has done nothing but refuse. null: its last answer was no refusal.'),
        deadline_at: time,
      })
      .nullable()
      .describe('For an order whose goods your server makes. null: for every other, and before the payment.'),
  })
  .meta({ id: 'OrderDetails' });

export const orderListSchema = listOf(expandedOrderSchema).meta({ id: 'OrderList' });
export const chargeListSchema = listOf(chargeSchema).meta({ id: 'ChargeList' });
export const refundListSchema = listOf(refundSchema).meta({ id: 'RefundList' });

const expand = z
  .string()
  .max(100)
  .transform((text) => [...new Set(text.split(','))])
  .pipe(z.array(z.enum(ORDER_EXPANSIONS)))
  .optional()
  .describe(
    `What to show beside each order, with commas between: ${ORDER_EXPANSIONS.map((it) => `\`${it}\``).join(', ')}.`,
  );

export const orderQuerySchema = listQuery('order', {
  bot_id: idOf('bot').optional(),
  product_id: idOf('product').optional(),
  buyer_telegram_id: telegramId.optional(),
  payment_state: z.enum(ORDER_STATES).optional(),
  delivery_state: z.enum(DELIVERY_STATES).optional(),
  ...createdFilters,
  expand,
});
export type ListOrders = z.output<typeof orderQuerySchema>;

export const oneOrderQuerySchema = z.strictObject({ expand });
export type ShowOrder = z.output<typeof oneOrderQuerySchema>;

export const updateOrderSchema = notesChange('UpdateOrder');
export const updateChargeSchema = notesChange('UpdateCharge');
export const updateRefundSchema = notesChange('UpdateRefund');

export const chargeQuerySchema = listQuery('charge', {
  bot_id: idOf('bot').optional(),
  product_id: idOf('product').optional(),
  order_id: idOf('order').optional(),
  buyer_telegram_id: telegramId.optional(),
  state: z.enum(CHARGE_STATES).optional(),
  match: z.enum(MATCHES).optional(),
  ...createdFilters,
});

export const refundQuerySchema = listQuery('refund', {
  state: z.enum(REFUND_STATES).optional(),
  order_id: idOf('order').optional(),
  charge_id: idOf('charge').optional(),
  bot_id: idOf('bot').optional(),
  ...createdFilters,
});
export type ListRefunds = z.output<typeof refundQuerySchema>;

/** A reason is welcome, a body is not needed. */
export const requestRefundSchema = z
  .strictObject({
    reason: z.string().trim().min(1).max(500).nullable().default(null).describe('For your own records.'),
    metadata: notes
      .optional()
      .describe('For your own use. Kept with a refund that is made now, not with one that is under way.'),
  })
  .prefault({});
