import { z } from 'zod';
import { productEventSchema, stockWarningSchema } from '#libs/catalog';
import { accessViewSchema, chatEventSchema } from '#libs/chats';
import { alertsViewSchema, endpointViewSchema } from '#libs/delivery';
import { type EventType, parkedSchema } from '#libs/journal';
import { creditChangeSchema, creditClawBackSchema } from '#libs/ledger';
import { warningSchema } from '#libs/quotas';
import { closureSchema, erasureSchema, obligationSchema, removalSchema } from '#libs/rights';
import {
  buyerSchema,
  chargeSchema,
  fulfilmentSchema,
  orderSchema,
  reconciliationSchema,
  refundSchema,
  strayPaymentSchema,
  subscriptionSchema,
} from '#libs/sales';
import { connectionSchema, spendingSchema } from '#libs/spending';
import { failedSchema, receivedSchema } from '#libs/support';
import { botSchema, standingSchema, webhookTroubleSchema } from '#libs/tenants';

/** Copies a schema's fields: an object within an event has no `livemode`, unlike the component of the same name. */
const within = <Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) => z.object(schema.shape);

const orderPaidSchema = orderSchema
  .extend({ charge: within(chargeSchema).nullable().describe('null if it was paid with credits.') })
  .meta({ id: 'OrderPaid' });

const orderFulfilmentSchema = orderSchema.extend({ fulfilment: fulfilmentSchema }).meta({ id: 'OrderFulfilment' });

const orderFailedSchema = orderSchema
  .extend({ fulfilment: fulfilmentSchema.optional().describe('Only if your server had to make the goods.') })
  .meta({ id: 'OrderDeliveryFailed' });

const orderDeliveredSchema = orderSchema
  .extend({
    delivered_by_hand: z
      .object({ reason: z.string(), by: z.string() })
      .optional()
      .describe('Only if a person marked it as delivered: the person and the reason.'),
  })
  .meta({ id: 'OrderDelivered' });

const removalEventSchema = removalSchema
  .extend({ failures: z.array(within(obligationSchema)).describe('The first 20.') })
  .meta({ id: 'BotRemoval' });

/** The schema of the `data` of every type of event. Types with one schema share a component of the document. */
export const EVENT_DATA = {
  'order.placed': orderSchema,
  'order.approved': orderSchema,
  'order.unlocked': orderSchema,
  'order.paid': orderPaidSchema,
  'order.generating': orderFulfilmentSchema,
  'order.fulfilment_refused': orderFulfilmentSchema,
  'order.fulfilment_recovered': orderFulfilmentSchema,
  'order.delivered': orderDeliveredSchema,
  'order.delivery_failed': orderFailedSchema,
  'order.refunded': orderSchema,
  'order.updated': orderSchema,
  'order.expired': orderSchema,
  'order.cancelled': orderSchema,
  'charge.unmatched': chargeSchema,
  'charge.updated': chargeSchema,
  'payment.stray': strayPaymentSchema,
  'subscription.created': subscriptionSchema,
  'subscription.renewed': subscriptionSchema,
  'subscription.canceled': subscriptionSchema,
  'subscription.resumed': subscriptionSchema,
  'subscription.payment_failed': subscriptionSchema,
  'subscription.updated': subscriptionSchema,
  'subscription.ended': subscriptionSchema,
  'chat.connected': chatEventSchema,
  'chat.updated': chatEventSchema,
  'chat_access.granted': accessViewSchema,
  'chat_access.updated': accessViewSchema,
  'chat_access.joined': accessViewSchema,
  'chat_access.left': accessViewSchema,
  'chat_access.failed': accessViewSchema,
  'chat_access.ended': accessViewSchema,
  'refund.requested': refundSchema,
  'refund.delayed': refundSchema,
  'refund.succeeded': refundSchema,
  'refund.failed': refundSchema,
  'refund.updated': refundSchema,
  'buyer.updated': buyerSchema,
  'product.created': productEventSchema,
  'product.updated': productEventSchema,
  'product.archived': productEventSchema,
  'product.stock_low': stockWarningSchema,
  'bot.registered': botSchema,
  'bot.updated': botSchema,
  'bot.paused': botSchema,
  'bot.resumed': botSchema,
  'bot.token_rotated': botSchema,
  'bot.token_invalid': botSchema,
  'bot.webhook_failing': webhookTroubleSchema,
  'bot.webhook_recovered': webhookTroubleSchema,
  'bot.stopped': botSchema,
  'bot.released': botSchema,
  'bot.removing': botSchema,
  'bot.removal_stuck': removalEventSchema,
  'bot.removed': botSchema,
  'reconciliation.difference': reconciliationSchema,
  'reconciliation.failing': reconciliationSchema,
  'spending.succeeded': spendingSchema,
  'spending.refused': spendingSchema,
  'spending.unknown': spendingSchema,
  'business_connection.updated': connectionSchema,
  'credits.granted': creditChangeSchema,
  'credits.spent': creditChangeSchema,
  'credits.expired': creditChangeSchema,
  'credits.clawed_back': creditClawBackSchema,
  'support.message_received': receivedSchema,
  'support.message_failed': failedSchema,
  'endpoint.failing': endpointViewSchema,
  'endpoint.recovered': endpointViewSchema,
  'endpoint.disabled': endpointViewSchema,
  'alerts.unreachable': alertsViewSchema,
  'job.parked': parkedSchema,
  'endpoint.test': endpointViewSchema,
  'workspace.restricted': standingSchema,
  'workspace.lifted': standingSchema,
  'quota.warning': warningSchema,
  'buyer.erased': erasureSchema,
  'workspace.closing': closureSchema,
  'workspace.kept': closureSchema,
  'workspace.closed': closureSchema,
} as const satisfies Record<EventType, z.ZodObject>;
