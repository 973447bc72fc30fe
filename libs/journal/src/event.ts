/** All types of events. An endpoint receives the types in its filter, or all. */
export const EVENT_TYPES = [
  'order.placed',
  'order.approved',
  'order.unlocked',
  'order.paid',
  'order.generating',
  'order.fulfilment_refused',
  'order.fulfilment_recovered',
  'order.delivered',
  'order.delivery_failed',
  'order.refunded',
  'order.updated',
  'order.expired',
  'order.cancelled',
  'charge.unmatched',
  'charge.updated',
  'payment.stray',
  'subscription.created',
  'subscription.renewed',
  'subscription.canceled',
  'subscription.resumed',
  'subscription.payment_failed',
  'subscription.updated',
  'subscription.ended',
  'chat.connected',
  'chat.updated',
  'chat_access.granted',
  'chat_access.updated',
  'chat_access.joined',
  'chat_access.left',
  'chat_access.failed',
  'chat_access.ended',
  'refund.requested',
  'refund.delayed',
  'refund.succeeded',
  'refund.failed',
  'refund.updated',
  'buyer.updated',
  'product.created',
  'product.updated',
  'product.archived',
  'product.stock_low',
  'bot.registered',
  'bot.updated',
  'bot.paused',
  'bot.resumed',
  'bot.token_rotated',
  'bot.token_invalid',
  'bot.stopped',
  'bot.released',
  'bot.webhook_failing',
  'bot.webhook_recovered',
  'bot.removing',
  'bot.removal_stuck',
  'bot.removed',
  'reconciliation.difference',
  'reconciliation.failing',
  'spending.succeeded',
  'spending.refused',
  'spending.unknown',
  'business_connection.updated',
  'credits.granted',
  'credits.spent',
  'credits.expired',
  'credits.clawed_back',
  'support.message_received',
  'support.message_failed',
  'endpoint.failing',
  'endpoint.recovered',
  'endpoint.disabled',
  'alerts.unreachable',
  'job.parked',
  'endpoint.test',
  'workspace.restricted',
  'workspace.lifted',
  'quota.warning',
  'buyer.erased',
  'workspace.closing',
  'workspace.kept',
  'workspace.closed',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

type Json = Readonly<Record<string, unknown>>;

export interface NewEvent {
  readonly type: EventType;
  readonly botId?: string;
  /** The event gets the order's next sequence number. The caller holds the order's row lock. */
  readonly orderId?: string;
  /** The object as the API returns it. */
  readonly data: Json;
  /** For updates: the previous values of the changed fields. See {@link previousOf}. */
  readonly previous?: Json;
}

/** Returns the previous values of the fields that differ between two views of an object. */
export function previousOf(before: Json, after: Json): Json {
  return Object.fromEntries(
    Object.entries(before).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(after[name])),
  );
}
