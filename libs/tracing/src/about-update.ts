import { createHash } from 'node:crypto';
import { parseId, publicId } from '#libs/kernel';

/**
 * Returns the UUID that an update's spans are about: the order whose invoice it mentions, otherwise one derived from
 * the update. Every process that sees the update computes the same one.
 */
export function aboutUpdate(botId: string, updateId: number, body: unknown): string {
  const { pre_checkout_query: query, message } = body as Partial<Record<string, Readonly<Record<string, unknown>>>>;
  const payment = (query ?? message?.['successful_payment']) as { invoice_payload?: unknown } | undefined;
  const payload = payment?.invoice_payload;
  const orderId = typeof payload === 'string' ? parseId('order', payload) : undefined;
  return orderId ?? createHash('sha256').update(`${botId} ${updateId}`).digest().toString('hex', 0, 16);
}

/** Returns the attribute by which an order is found in traces: its id as the API shows it. */
export const ofOrder = (orderId: string) => ({ 'starwall.order_id': publicId('order', orderId) });
