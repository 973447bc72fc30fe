import type { Unsellable } from '#libs/catalog';
import { mayMove } from '#libs/kernel';
import type { Selling } from '#libs/quotas';
import type { Person } from '../buyers/buyer.service.js';
import { APPROVAL_HOLD_MS, type Order, ORDER_MOVES } from './order.js';

/** What Telegram asks before it takes the buyer's Stars. */
export interface PreCheckout {
  readonly queryId: string;
  readonly buyerId: number;
  readonly currency: string;
  readonly amount: number;
  /** Who asks, as Telegram introduces them: of an invoice that anybody may pay the buyer may be new. */
  readonly person?: Person | undefined;
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
  /** Whether the buyer has agreed to the terms, where the bot asks for it. Of an order that was placed they have. */
  readonly agreed: boolean;
  /** For a plan: whether the buyer pays for it already. */
  readonly subscribed: boolean;
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
  | 'terms'
  | 'month_used_up'
  | 'limit_reached'
  | 'already_subscribed'
  | 'promo_ended'
  | Unsellable;

/**
 * Whether Telegram may take the Stars: same buyer, not paid or cancelled, not expired, same price and currency, still sold, in
 * stock and within the buyer's limit. Stock is looked at here; stock and a use of a
 * promo code are taken by the caller.
 * @returns the reason for a refusal, or undefined
 */
export function refuseCheckout(order: Order, query: PreCheckout, shelf: Shelf, now: Date): CheckoutRefusal | undefined {
  if (query.buyerId !== order.buyerId) return 'other_buyer';
  if (order.state === 'paid' || order.state === 'refunded') return 'already_paid';
  if (order.state === 'cancelled') return 'cancelled';
  if (order.expiresAt <= now || !mayMove(ORDER_MOVES, order.state, 'approved')) return 'expired';
  if (isHeldByAnother(order, query, now)) return 'being_paid';
  if (query.currency !== 'XTR' || query.amount !== order.stars) return 'price_changed';
  const listed = order.listStars ?? order.stars;
  if (shelf.priceVersion !== order.priceVersion && shelf.stars !== listed) return 'price_changed';
  if (!shelf.shopOpen) return 'shop_closed';
  if (!shelf.agreed) return 'terms';
  // What was approved is being paid, and that is not stopped.
  if (shelf.selling !== 'open' && order.state !== 'approved') return WHY_NOT[shelf.selling];
  if (shelf.unsellable !== undefined) return shelf.unsellable;
  if (shelf.subscribed) return 'already_subscribed';
  if (shelf.limitPerBuyer !== null && shelf.alreadyBought >= shelf.limitPerBuyer) return 'limit_reached';
  return undefined;
}

/** Whether somebody may use what they pay for with credits now. Stock is looked at here, and taken by the caller. */
export function refuseUse({ unsellable, limitPerBuyer, alreadyBought }: Shelf): CheckoutRefusal | undefined {
  if (unsellable !== undefined) return unsellable;
  return limitPerBuyer !== null && alreadyBought >= limitPerBuyer ? 'limit_reached' : undefined;
}

function isHeldByAnother(order: Order, query: PreCheckout, now: Date): boolean {
  const { state, approvedAt, approvedQueryId } = order;
  if (state !== 'approved' || approvedAt === null) return false;
  if (approvedQueryId === null || approvedQueryId === query.queryId) return false;
  return now.getTime() - approvedAt.getTime() < APPROVAL_HOLD_MS;
}

/** What is said of a workspace that takes on no new sales. */
export const WHY_NOT: Readonly<Record<Exclude<Selling, 'open'>, CheckoutRefusal>> = {
  month_used_up: 'month_used_up',
  closing: 'shop_closed',
};
