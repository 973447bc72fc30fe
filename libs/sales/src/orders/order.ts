import { DomainError, HOUR, MINUTE, type Moves, mayMove, SECOND, type Stars } from '#libs/kernel';

export const ORDER_STATES = ['placed', 'approved', 'paid', 'refunded', 'expired', 'cancelled'] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/**
 * Where the goods are. Apart from the money: paid and waiting, paid and delivered, paid and failed are all real. `generating`: the
 * creator's server is making them.
 */
export const DELIVERIES = ['none', 'waiting', 'generating', 'delivered', 'failed', 'unreachable', 'revoked'] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** What an order is for: one purchase, the beginning of a subscription, one more period of it, or something that credits pay for. */
export const BILLINGS = ['purchase', 'subscription_start', 'subscription_renewal', 'credits'] as const;
export type Billing = (typeof BILLINGS)[number];

export const ORDER_MOVES: Moves<OrderState> = {
  // Telegram may confirm a payment while our answer to its pre-checkout query is still on its way.
  placed: ['approved', 'paid', 'expired', 'cancelled'],
  // Approved again: the buyer gave up the first time, of which Telegram tells us nothing. An order whose unit of the product was
  // given up meanwhile stays approved, and takes a unit anew. Placed again: Telegram did not take our approval.
  approved: ['approved', 'placed', 'paid', 'expired', 'cancelled'],
  // Of an order that credits pay for: what they were held for has failed, and they are with the buyer again.
  paid: ['refunded'],
  refunded: [],
  // The buyer was charged after we had given the order up. The money is real, so the order is too.
  expired: ['paid'],
  cancelled: ['paid'],
};

/** How long an invoice can be paid. */
export const ORDER_LIFETIME_MS = 24 * HOUR;

/**
 * How long an approval keeps a second try away from the same order: as long as its payment may be on its way, and no longer than it takes
 * a person to try again. A second try that comes later goes through; should Telegram take both, one charge goes back by itself.
 */
export const APPROVAL_HOLD_MS = 3 * SECOND;

/** How long an approved order counts against stock and limits without being paid: Telegram tells us nothing when a buyer gives up. */
export const RESERVATION_MS = 10 * MINUTE;

/** SQL: whether an unpaid order of this alias is held by an approval. @param now the place of a parameter, or SQL */
export const isHeld = (o: string, now: string) =>
  `(${o}.state = 'approved' and ${o}.approved_at > ${now}::timestamptz - interval '${RESERVATION_MS} milliseconds')`;

/** SQL: whether paid media were unlocked for the buyer in the last minutes, and the charge has not arrived. @param now as in {@link isHeld} */
export const isUnlockedUnpaid = (o: string, now: string) =>
  `(${o}.unlocked_at > ${now}::timestamptz - interval '${RESERVATION_MS} milliseconds' and ${o}.state not in ('paid', 'refunded'))`;

/** SQL: whether the goods of an order are on their way or being made. */
export const isOwed = (o: string) => `(${o}.state = 'paid' and ${o}.delivery in ('waiting', 'generating'))`;

/** SQL: whether a buyer has paid and has nothing, on its way or not. */
export const hasNothing = (o: string) =>
  `(${o}.state = 'paid' and ${o}.delivery in ('waiting', 'generating', 'failed', 'unreachable'))`;

/**
 * SQL: whether an order counts against the limit per buyer. Renewals do not.
 * @param now as in {@link isHeld}; left out, approvals do not count either
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
  /** The code at which it is cheaper; null without one. */
  readonly promoCodeId: string | null;
  /** What it would cost without the code; null without one. */
  readonly listStars: Stars | null;
  readonly state: OrderState;
  readonly billing: Billing;
  /** The query that may be paid; null as well when Telegram is not known to have taken our answer to it. */
  readonly approvedQueryId: string | null;
  readonly approvedAt: Date | null;
  readonly expiresAt: Date;
}

/** The order as one word, for people and for the API: money and goods together. */
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

/** Paid media whose charge is not on Telegram's list yet: the Stars were taken, and how many is not said. */
export const isUnlocked = ({ state, unlockedAt }: { readonly state: OrderState; readonly unlockedAt: Date | null }) =>
  unlockedAt !== null && state !== 'paid' && state !== 'refunded';

/** @throws OrderStateConflict when the table of moves does not allow it */
export function assertMove(order: { readonly state: OrderState }, to: OrderState): void {
  if (!mayMove(ORDER_MOVES, order.state, to)) throw new OrderStateConflict(order.state, to);
}

export class OrderStateConflict extends DomainError {
  static readonly code = 'order_state_conflict';
  static readonly refusal = 'conflict';
  readonly remedy = 'Fetch the order and look at its state before you ask again.';

  constructor(from: OrderState, to: OrderState) {
    super(`An order that is ${from} cannot become ${to}.`);
  }
}

/** Telegram tells of paid media without saying what was paid. The charge is on its list, moments later. */
export class ChargeNotListed extends DomainError {
  static readonly code = 'charge_not_listed_yet';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Try again in a minute. POST /v1/bots/{id}/reconciliations reads the list now; the order is paid once its charge is known.';

  constructor() {
    super("The buyer has unlocked this, and the charge is not on Telegram's list yet.");
  }
}
