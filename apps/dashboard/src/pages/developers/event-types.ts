import type { Schema } from '#libs/client';

export type EventType = Schema<'TriggerEvent'>['type'];
type FamilyOf<Type extends string> = Type extends `${infer Family}.${string}` ? Family : never;
export type Family = FamilyOf<EventType>;

/** Every type of event, by the thing that it is about. */
export const EVENT_FAMILIES = {
  order: [
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
  ],
  charge: ['charge.unmatched', 'charge.updated'],
  payment: ['payment.stray'],
  subscription: [
    'subscription.created',
    'subscription.renewed',
    'subscription.canceled',
    'subscription.resumed',
    'subscription.payment_failed',
    'subscription.updated',
    'subscription.ended',
  ],
  chat: ['chat.connected', 'chat.updated'],
  chat_access: [
    'chat_access.granted',
    'chat_access.updated',
    'chat_access.joined',
    'chat_access.left',
    'chat_access.failed',
    'chat_access.ended',
  ],
  refund: ['refund.requested', 'refund.delayed', 'refund.succeeded', 'refund.failed', 'refund.updated'],
  buyer: ['buyer.updated', 'buyer.erased'],
  product: ['product.created', 'product.updated', 'product.archived', 'product.stock_low'],
  bot: [
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
  ],
  reconciliation: ['reconciliation.difference', 'reconciliation.failing'],
  spending: ['spending.succeeded', 'spending.refused', 'spending.unknown'],
  business_connection: ['business_connection.updated'],
  credits: ['credits.granted', 'credits.spent', 'credits.expired', 'credits.clawed_back'],
  support: ['support.message_received', 'support.message_failed'],
  endpoint: ['endpoint.failing', 'endpoint.recovered', 'endpoint.disabled', 'endpoint.test'],
  alerts: ['alerts.unreachable'],
  job: ['job.parked'],
  workspace: ['workspace.restricted', 'workspace.lifted', 'workspace.closing', 'workspace.kept', 'workspace.closed'],
  quota: ['quota.warning'],
} as const satisfies Readonly<Record<Family, readonly EventType[]>>;

export const FAMILIES = Object.keys(EVENT_FAMILIES) as readonly Family[];

const typesIn = (family: Family): readonly EventType[] => EVENT_FAMILIES[family];

/** Every type, family by family. */
export const EVENT_TYPES: readonly EventType[] = FAMILIES.flatMap(typesIn);

/** The families of which an endpoint receives every type. */
export const wholeFamilies = (types: readonly EventType[]): readonly Family[] =>
  FAMILIES.filter((family) => typesIn(family).every((type) => types.includes(type)));

/**
 * The types of the chosen families. Single types of other families, which a program chose, stay.
 * @param before the types until now
 */
export function typesOf(chosen: readonly Family[], before: readonly EventType[]): EventType[] {
  const was = wholeFamilies(before);
  const single = FAMILIES.filter((family) => !was.includes(family)).flatMap(typesIn);
  const kept = before.filter((type) => single.includes(type));
  return [...new Set([...chosen.flatMap(typesIn), ...kept])];
}
