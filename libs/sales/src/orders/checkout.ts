import type { Unsellable } from '#libs/catalog';
import { mayMove } from '#libs/kernel';
import type { Selling } from '#libs/quotas';
import type { Person } from '../buyers/buyer.service.js';
import { APPROVAL_HOLD_MS, type Order, ORDER_MOVES } from './order.js';

/** Telegram's query before it takes the buyer's Stars. */
export interface PreCheckout {
  readonly queryId: string;
  readonly buyerId: number;
  readonly currency: string;
  readonly amount: number;
  /** The person as Telegram describes them: the buyer of an invoice that anyone can pay may be new. */
  readonly person?: Person | undefined;
}

/** The facts about the shop and the product at this moment. */
export interface Shelf {
  readonly shopOpen: boolean;
  readonly selling: Selling;
  readonly unsellable: Unsellable | undefined;
  readonly priceVersion: number;
  readonly stars: number;
  readonly limitPerBuyer: number | null;
  /** Other orders of this product that the buyer has paid or is paying. */
  readonly alreadyBought: number;
  /** True when the buyer has agreed to the terms, or does not have to. Always true for a placed order. */
  readonly agreed: boolean;
  /** For a plan: true when the buyer already pays for it. */
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
 * Decides whether Telegram may take the Stars: same buyer, not paid or cancelled, not expired, same price and currency,
 * still sold, in stock and within the buyer's limit. Stock is checked here; the caller takes stock and a use of the
 * promo code.
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
  // An approved order is being paid, which is not stopped.
  if (shelf.selling !== 'open' && order.state !== 'approved') return WHY_NOT[shelf.selling];
  if (shelf.unsellable !== undefined) return shelf.unsellable;
  if (shelf.subscribed) return 'already_subscribed';
  if (shelf.limitPerBuyer !== null && shelf.alreadyBought >= shelf.limitPerBuyer) return 'limit_reached';
  return undefined;
}

/** Decides whether a product may be used with credits now. Stock is checked here, and taken by the caller. */
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

/** The refusals of a workspace that accepts no new sales. */
export const WHY_NOT: Readonly<Record<Exclude<Selling, 'open'>, CheckoutRefusal>> = {
  month_used_up: 'month_used_up',
  closing: 'shop_closed',
};
