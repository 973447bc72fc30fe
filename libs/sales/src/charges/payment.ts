import type { Stars } from '#libs/kernel';
import type { Person } from '../buyers/buyer.service.js';
import type { Order } from '../orders/order.js';

/** Whether it can be the id of a person: Telegram's have 52 bits at most (Bot API, User.id). */
export const isPersonId = (id: unknown): id is number =>
  Number.isSafeInteger(id) && Number(id) > 0 && Number(id) < 2 ** 52;

/** Far above all that Telegram is known to take in one payment, and what a column holds. */
const LARGEST_CHARGE = 2 ** 31 - 1;

/** Whether it can be what was paid. */
export const isAmount = (stars: unknown): stars is number =>
  Number.isSafeInteger(stars) && Number(stars) >= 1 && Number(stars) <= LARGEST_CHARGE;

/** What Telegram says of a payment that belongs to a subscription. */
export interface Recurring {
  /** Paid until then. */
  readonly until: Date;
  /** Whether it is the first one; undefined where Telegram does not say, in its list of transactions. */
  readonly first: boolean | undefined;
}

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
  /** The payer as Telegram introduces them, where it does. */
  readonly person?: Person | undefined;
  /** It unlocked paid media: Telegram has handed the goods over already. */
  readonly unlocked?: true | undefined;
  /** For a payment of a subscription. */
  readonly recurring?: Recurring | undefined;
}

/**
 * What a charge is to us. `order`: it pays an order. `duplicate`: the order was paid before. `mismatch`: another buyer or another
 * amount than the order's. `unmatched`: we do not know its payload. `undeliverable`: it came when the order no longer had a unit of
 * the product and none was left. All but the first are money that pays nothing.
 */
export const MATCHES = ['order', 'duplicate', 'mismatch', 'unmatched', 'undeliverable'] as const;
export type Match = (typeof MATCHES)[number];

export const CHARGE_STATES = ['paid', 'refund_pending', 'refunded'] as const;
export type ChargeState = (typeof CHARGE_STATES)[number];

/** Which of Telegram's two reports a charge was read from first. */
export const CHARGE_SOURCES = ['update', 'reconciliation'] as const;
export type ChargeSource = (typeof CHARGE_SOURCES)[number];

/** Why such money goes back by itself; the rest is held until the creator decides. Shown to the creator. */
export const SENT_BACK: Readonly<Partial<Record<Match, string>>> = {
  duplicate: 'The order had been paid before.',
  undeliverable: 'The payment came too late: the product was sold out.',
};

/** Why a renewal that was taken while its bot was being removed goes back. */
export const BOT_REMOVED = 'The bot was being removed when this renewal was charged.';

/** @param order the order that the payload names, of the same bot, or undefined */
export function matchPayment(order: Order | undefined, payment: Payment): Match {
  if (order === undefined) return 'unmatched';
  if (order.state === 'paid' || order.state === 'refunded') return 'duplicate';
  return order.buyerId === payment.buyerId && order.stars === payment.stars ? 'order' : 'mismatch';
}
