import type { Stars } from '#libs/kernel';
import type { Person } from '../buyers/buyer.service.js';
import type { Order } from '../orders/order.js';

/** True for a valid id of a person: Telegram's have at most 52 bits (Bot API, User.id). */
export const isPersonId = (id: unknown): id is number =>
  Number.isSafeInteger(id) && Number(id) > 0 && Number(id) < 2 ** 52;

/** Far more than Telegram is known to accept in one payment, and the maximum of the column. */
const LARGEST_CHARGE = 2 ** 31 - 1;

/** True for a valid amount of a payment. */
export const isAmount = (stars: unknown): stars is number =>
  Number.isSafeInteger(stars) && Number(stars) >= 1 && Number(stars) <= LARGEST_CHARGE;

/** Telegram's facts about a payment of a subscription. */
export interface Recurring {
  /** End of the paid time. */
  readonly until: Date;
  /** True for the first payment; undefined where Telegram does not say, in its list of transactions. */
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
  /** The payer as Telegram describes them, if it does. */
  readonly person?: Person | undefined;
  /** It unlocked paid media: Telegram has already delivered the goods. */
  readonly unlocked?: true | undefined;
  /** For a payment of a subscription. */
  readonly recurring?: Recurring | undefined;
}

/**
 * The meaning of a charge. `order`: it pays an order. `duplicate`: the order was paid before. `mismatch`: another buyer
 * or another amount than the order's. `unmatched`: its payload is unknown. `undeliverable`: it arrived when the order
 * no longer had a unit of the product and none was left. All but the first are money without a purchase.
 */
export const MATCHES = ['order', 'duplicate', 'mismatch', 'unmatched', 'undeliverable'] as const;
export type Match = (typeof MATCHES)[number];

export const CHARGE_STATES = ['paid', 'refund_pending', 'refunded'] as const;
export type ChargeState = (typeof CHARGE_STATES)[number];

/** The source from which a charge was first read. */
export const CHARGE_SOURCES = ['update', 'reconciliation'] as const;
export type ChargeSource = (typeof CHARGE_SOURCES)[number];

/** The reasons for automatic refunds, shown to the creator; other money is held until the creator decides. */
export const SENT_BACK: Readonly<Partial<Record<Match, string>>> = {
  duplicate: 'The order had been paid before.',
  undeliverable: 'The payment came too late: the product was sold out.',
};

/** SQL: money without a purchase, which waits for its creator's decision. @param alias of the charge */
export const isHeldMoney = (alias: string) =>
  `(${alias}.match in ('unmatched', 'mismatch') and ${alias}.state = 'paid')`;

/** The reason for refunding a renewal that was charged during its bot's removal. */
export const BOT_REMOVED = 'The bot was being removed when this renewal was charged.';

/** @param order the order with the payload's id, of the same bot, or undefined */
export function matchPayment(order: Order | undefined, payment: Payment): Match {
  if (order === undefined) return 'unmatched';
  if (order.state === 'paid' || order.state === 'refunded') return 'duplicate';
  return order.buyerId === payment.buyerId && order.stars === payment.stars ? 'order' : 'mismatch';
}
