import { DomainError, HOUR, MINUTE, type Moves, mayMove, SECOND, type Stars } from '#libs/kernel';

export const ORDER_STATES = ['placed', 'approved', 'paid', 'refunded', 'expired', 'cancelled'] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/**
 * The state of the goods, separate from the money: paid and waiting, paid and delivered, paid and failed all occur.
 * `generating`: the creator's server is making them.
 */
export const DELIVERIES = ['none', 'waiting', 'generating', 'delivered', 'failed', 'unreachable', 'revoked'] as const;
export type Delivery = (typeof DELIVERIES)[number];

/**
 * The purpose of an order: one purchase, the beginning of a subscription, one more period of it, or a purchase with
 * credits.
 */
export const BILLINGS = ['purchase', 'subscription_start', 'subscription_renewal', 'credits'] as const;
export type Billing = (typeof BILLINGS)[number];

export const ORDER_MOVES: Moves<OrderState> = {
  // Telegram may confirm a payment while our answer to its pre-checkout query is still in transit.
  placed: ['approved', 'paid', 'expired', 'cancelled'],
  // Approved again: the buyer gave up the first time, which Telegram does not report. An order whose unit of the
  // product was released meanwhile stays approved, and takes a unit again. Placed again: Telegram did not accept our
  // approval.
  approved: ['approved', 'placed', 'paid', 'expired', 'cancelled'],
  // Of an order paid with credits: it has failed, and the buyer has the credits back.
  paid: ['refunded'],
  refunded: [],
  // The buyer was charged after we had given up on the order. The money is real, so the order is too.
  expired: ['paid'],
  cancelled: ['paid'],
};

/** Milliseconds for which an invoice can be paid. */
export const ORDER_LIFETIME_MS = 24 * HOUR;

/**
 * Milliseconds for which an approval blocks another attempt at the same order: long enough for its payment to arrive,
 * and no longer than a person needs to try again. A later attempt is approved; if Telegram takes both, one charge is
 * refunded automatically.
 */
export const APPROVAL_HOLD_MS = 3 * SECOND;

/**
 * Milliseconds for which an approved order without a payment counts against stock and limits: Telegram does not report
 * that a buyer gave up.
 */
export const RESERVATION_MS = 10 * MINUTE;

/** SQL: true when an approval holds an unpaid order of this alias. @param now the place of a parameter, or SQL */
export const isHeld = (o: string, now: string) =>
  `(${o}.state = 'approved' and ${o}.approved_at > ${now}::timestamptz - interval '${RESERVATION_MS} milliseconds')`;

/**
 * SQL: true when paid media were unlocked for the buyer in the last minutes, and the charge has not arrived.
 * @param now as in {@link isHeld}
 */
export const isUnlockedUnpaid = (o: string, now: string) =>
  `(${o}.unlocked_at > ${now}::timestamptz - interval '${RESERVATION_MS} milliseconds' and ${o}.state not in ('paid', 'refunded'))`;

/** SQL: true when an order's goods are being delivered or made. */
export const isOwed = (o: string) => `(${o}.state = 'paid' and ${o}.delivery in ('waiting', 'generating'))`;

/** SQL: true when a buyer has paid and does not have the goods, for any reason. */
export const hasNothing = (o: string) =>
  `(${o}.state = 'paid' and ${o}.delivery in ('waiting', 'generating', 'failed', 'unreachable'))`;

/**
 * SQL: true when an order counts against the limit per buyer. Renewals do not.
 * @param now as in {@link isHeld}; if omitted, approvals do not count either
 */
export const countsForLimit = (o: string, now?: string) =>
  `(${o}.billing <> 'subscription_renewal' and (${o}.state = 'paid'${now === undefined ? '' : ` or ${isHeld(o, now)}`}))`;

export interface Order {
  readonly id: string;
  readonly botId: string;
  readonly buyerId: number;
  readonly productId: string;
  readonly priceVersion: number;
  readonly stars: Stars;
  /** The promo code that lowers its price; null without one. */
  readonly promoCodeId: string | null;
  /** The price without the code; null without one. */
  readonly listStars: Stars | null;
  readonly state: OrderState;
  readonly billing: Billing;
  /** The query that may be paid; also null when Telegram may not have accepted our answer to it. */
  readonly approvedQueryId: string | null;
  readonly approvedAt: Date | null;
  readonly expiresAt: Date;
}

/** The state of an order as a single word, for people and for the API: it combines money and goods. */
export const ORDER_STATUSES = [...ORDER_STATES, 'unlocked', 'delivering', 'delivered', 'delivery_failed'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export function statusOf(order: {
  readonly state: OrderState;
  readonly delivery: Delivery;
  readonly unlockedAt: Date | null;
}): OrderStatus {
  if (isUnlocked(order)) return 'unlocked';
  if (order.state !== 'paid') return order.state;
  if (order.delivery === 'delivered') return 'delivered';
  if (order.delivery === 'failed' || order.delivery === 'unreachable') return 'delivery_failed';
  return order.delivery === 'waiting' || order.delivery === 'generating' ? 'delivering' : 'paid';
}

/** True for paid media whose charge is not in Telegram's list yet: the Stars were taken, but the amount is unknown. */
export const isUnlocked = ({ state, unlockedAt }: { readonly state: OrderState; readonly unlockedAt: Date | null }) =>
  unlockedAt !== null && state !== 'paid' && state !== 'refunded';

/** @throws OrderStateConflict when the table of moves does not allow it */
export function assertMove(order: { readonly state: OrderState }, to: OrderState): void {
  if (!mayMove(ORDER_MOVES, order.state, to)) throw new OrderStateConflict(order.state, to);
}

export class OrderStateConflict extends DomainError {
  static readonly code = 'order_state_conflict';
  static readonly refusal = 'conflict';
  readonly remedy = 'Fetch the order and check its state before you try again.';

  constructor(from: OrderState, to: OrderState) {
    super(`An order that is ${from} cannot become ${to}.`);
  }
}

/** Telegram reports paid media without the amount. The charge appears in its list moments later. */
export class ChargeNotListed extends DomainError {
  static readonly code = 'charge_not_listed_yet';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Try again in a minute. POST /v1/bots/{id}/reconciliations reads the list now; the order is paid once its charge is known.';

  constructor() {
    super("The buyer has unlocked this, but the charge is not on Telegram's list yet.");
  }
}
