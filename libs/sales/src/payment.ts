import type { Stars } from '#libs/kernel';
import type { Order } from './order.js';

/** A charge as Telegram reports it, in a `successful_payment` message or in the list of transactions. */
export interface Payment {
  readonly botId: string;
  readonly buyerId: number;
  readonly stars: Stars;
  readonly payload: string;
  readonly telegramChargeId: string;
  readonly providerChargeId: string | null;
  readonly occurredAt: Date;
  readonly source: 'update' | 'reconciliation';
}

/**
 * What a charge is to us. `order`: it pays an order. `duplicate`: the order was paid before. `mismatch`: another buyer or another
 * amount than the order's. `unmatched`: we do not know its payload. The last three are money that was not asked for.
 */
export type Match = 'order' | 'duplicate' | 'mismatch' | 'unmatched';

/** @param order the order that the payload names, of the same bot, or undefined */
export function matchPayment(order: Order | undefined, payment: Payment): Match {
  if (order === undefined) return 'unmatched';
  if (order.state === 'paid' || order.state === 'refunded') return 'duplicate';
  return order.buyerId === payment.buyerId && order.stars === payment.stars ? 'order' : 'mismatch';
}
