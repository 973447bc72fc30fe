import type { Unsellable } from '#libs/catalog';
import { mayMove } from '#libs/kernel';
import type { Selling } from '#libs/quotas';
import { APPROVAL_HOLD_MS, type Order, ORDER_MOVES } from './order.js';

/** What Telegram asks before it takes the buyer's Stars. */
export interface PreCheckout {
  readonly queryId: string;
  readonly buyerId: number;
  readonly currency: string;
  readonly amount: number;
}

/** What is true of the shop and the product at this moment. */
export interface Shelf {
  readonly shopOpen: boolean;
  readonly selling: Selling;
  readonly unsellable: Unsellable | undefined;
  readonly priceVersion: number;
  readonly stars: number;
  readonly limitPerBuyer: number | null;
  /** Orders of this product that the buyer has paid or is paying, this one not counted. */
  readonly alreadyBought: number;
}

export type CheckoutRefusal =
  | 'unknown_order'
  | 'other_buyer'
  | 'already_paid'
  | 'cancelled'
  | 'expired'
  | 'being_paid'
  | 'price_changed'
  | 'shop_closed'
  | 'month_used_up'
  | 'limit_reached'
  | Unsellable;

/**
 * Whether Telegram may take the Stars: same buyer, not paid or cancelled, not expired, same price and currency, still sold, in
 * stock and within the buyer's limit. Stock is looked at here and taken by the caller.
 * @returns the reason for a refusal, or undefined
 */
export function refuseCheckout(order: Order, query: PreCheckout, shelf: Shelf, now: Date): CheckoutRefusal | undefined {
  if (query.buyerId !== order.buyerId) return 'other_buyer';
  if (order.state === 'paid' || order.state === 'refunded') return 'already_paid';
  if (order.state === 'cancelled') return 'cancelled';
  if (order.expiresAt <= now || !mayMove(ORDER_MOVES, order.state, 'approved')) return 'expired';
  if (isHeldByAnother(order, query, now)) return 'being_paid';
  if (query.currency !== 'XTR' || query.amount !== order.stars) return 'price_changed';
  if (shelf.priceVersion !== order.priceVersion && shelf.stars !== order.stars) return 'price_changed';
  if (!shelf.shopOpen) return 'shop_closed';
  // What was approved is being paid, and that is not stopped.
  if (shelf.selling !== 'open' && order.state !== 'approved') return WHY_NOT[shelf.selling];
  if (shelf.unsellable !== undefined) return shelf.unsellable;
  if (shelf.limitPerBuyer !== null && shelf.alreadyBought >= shelf.limitPerBuyer) return 'limit_reached';
  return undefined;
}

function isHeldByAnother(order: Order, query: PreCheckout, now: Date): boolean {
  if (order.state !== 'approved' || order.approvedAt === null || order.approvedQueryId === query.queryId) return false;
  return now.getTime() - order.approvedAt.getTime() < APPROVAL_HOLD_MS;
}

/** What is said of a workspace that takes on no new sales. */
export const WHY_NOT: Readonly<Record<Exclude<Selling, 'open'>, CheckoutRefusal>> = {
  month_used_up: 'month_used_up',
  closing: 'shop_closed',
};

/** What the buyer reads in Telegram's payment window. Short, and each says what to do. */
export const CHECKOUT_SENTENCES: Readonly<Record<CheckoutRefusal | 'unavailable', string>> = {
  unknown_order: 'This invoice is not known here. Please open the shop and buy again.',
  other_buyer: 'This invoice was made for somebody else. Please open the shop to get your own.',
  already_paid: 'You have already paid this invoice. Send /orders to see what you bought.',
  cancelled: 'This order was cancelled. Please open the shop and buy again.',
  expired: 'This invoice has expired. Please open the shop and buy again.',
  being_paid: 'This invoice is being paid on another device. Please wait a minute and try again.',
  price_changed: 'The price has changed since this invoice was made. Please open the shop to see the new price.',
  shop_closed: 'The shop is closed for the moment. You have not been charged.',
  month_used_up:
    'This shop has sold as much as it can this month. You have not been charged; please come back next month.',
  limit_reached: 'You have already bought as many of these as one person can.',
  archived: 'This product is no longer sold.',
  not_yet: 'The sale of this product has not begun yet.',
  ended: 'The sale of this product has ended.',
  sold_out: 'This product is sold out.',
  unavailable: 'The payment could not be checked in time. You have not been charged; please try again.',
};
