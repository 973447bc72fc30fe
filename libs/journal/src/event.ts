/** Every kind of fact that leaves a transaction. Creators receive those named in their endpoint's filter, or all. */
export const EVENT_TYPES = [
  'order.placed',
  'order.approved',
  'order.paid',
  'order.delivered',
  'order.delivery_failed',
  'order.refunded',
  'order.expired',
  'order.cancelled',
  'charge.unmatched',
  'refund.requested',
  'refund.succeeded',
  'refund.failed',
  'bot.token_invalid',
  'reconciliation.difference',
  'credits.granted',
  'credits.spent',
  'credits.expired',
  'credits.clawed_back',
  'support.message_received',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

export interface NewEvent {
  readonly type: EventType;
  readonly botId?: string;
  /** An event of an order gets the order's next sequence number. The caller holds the order's row lock. */
  readonly orderId?: string;
  /** The object as the API shows it. */
  readonly data: Readonly<Record<string, unknown>>;
  /** For updates: the former values of what changed. */
  readonly previous?: Readonly<Record<string, unknown>>;
}
