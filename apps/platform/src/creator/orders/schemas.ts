import { z } from 'zod';
import {
  buyerSchema,
  CHARGE_STATES,
  chargeSchema,
  DELIVERIES,
  fulfilmentSchema,
  MATCHES,
  ORDER_EXPANSIONS,
  ORDER_STATES,
  orderSchema,
  REFUND_STATES,
  refundSchema,
} from '#libs/sales';
import { createdFilters, idOf, listOf, listQuery, notes, notesChange } from '../../http/schema.js';
import { productViewSchema } from '#libs/catalog';

const telegramId = z.coerce.number().int().positive();

const EXPANDED = 'Only if requested by `expand`.';

export const expandedOrderSchema = orderSchema
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
    arguments: z.string().nullable().describe("The buyer's text after the command of a `paid_command`."),
    fulfilment: fulfilmentSchema.nullable().describe('For a paid order whose goods your server makes, otherwise null.'),
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
    'Related objects to include in each order, separated by commas: ' +
      `${ORDER_EXPANSIONS.map((it) => `\`${it}\``).join(', ')}.`,
  );

const orderFilters = {
  bot_id: idOf('bot').optional(),
  product_id: idOf('product').optional(),
  buyer_telegram_id: telegramId.optional(),
  payment_state: z.enum(ORDER_STATES).optional(),
  delivery_state: z.enum(DELIVERIES).optional(),
  ...createdFilters,
};

export const orderQuerySchema = listQuery('order', { ...orderFilters, expand });
export type ListOrders = z.output<typeof orderQuerySchema>;

export const orderFileSchema = z.strictObject(orderFilters);
export type FileOrders = z.output<typeof orderFileSchema>;

/** Filters of a list and a file of orders. */
export const filterOf = (query: FileOrders) => ({
  botId: query.bot_id,
  productId: query.product_id,
  buyerId: query.buyer_telegram_id,
  state: query.payment_state,
  delivery: query.delivery_state,
  createdFrom: query.created_after,
  createdTo: query.created_before,
});

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

/** The body is optional. */
export const deliverChargeSchema = z
  .strictObject({
    product_id: idOf('product').optional().describe('The product that the buyer paid for, of the same bot.'),
  })
  .prefault({})
  .meta({ id: 'DeliverCharge' });
export type DeliverCharge = z.output<typeof deliverChargeSchema>;

/** The reason and the body are optional. */
export const requestRefundSchema = z
  .strictObject({
    reason: z.string().trim().min(1).max(500).nullable().default(null).describe('For your own records.'),
    metadata: notes
      .optional()
      .describe('For your own use. Stored with a refund that is made now, not with one that is already pending.'),
  })
  .prefault({});
