import { DomainError, HOUR, mayMove, MINUTE, type Moves } from '#libs/kernel';
import { type Billing, ChargeNotListed, isUnlocked, type OrderState } from '../orders/order.js';

export interface RefundWish {
  readonly reason: string | null;
  /** An account's public id, `system` or `telegram`. */
  readonly by: string;
  /** The creator's metadata, for a refund that is created now. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export const REFUND_STATES = ['requested', 'sent', 'refunded', 'failed', 'unknown'] as const;
export type RefundState = (typeof REFUND_STATES)[number];

export const REFUND_MOVES: Moves<RefundState> = {
  // Straight to refunded: when the refund was made elsewhere, Telegram may report it before our own call was made.
  requested: ['sent', 'refunded'],
  sent: ['requested', 'refunded', 'failed', 'unknown'],
  // The response was lost. Telegram's list shows whether the Stars were refunded; only if it does not, the call is
  // repeated.
  unknown: ['sent', 'refunded'],
  refunded: [],
  // A new request is another refund.
  failed: [],
};

/** Pending: Telegram has neither done it nor refused it for good. */
const OPEN: readonly RefundState[] = ['requested', 'sent', 'unknown'];
export const isOpen = (state: RefundState) => OPEN.includes(state);

/** SQL: the same for a refund of this alias. */
export const refundIsOpen = (r: string) => `${r}.state in (${OPEN.map((state) => `'${state}'`).join(', ')})`;

/**
 * True for a refund that Starwall started itself. The buyer was told that the Stars are on their way back, so a refusal
 * by Telegram does not end it: it is retried until it succeeds. A refund that a creator requested fails when Telegram
 * refuses it.
 */
export const isPromised = ({ requestedBy }: { readonly requestedBy: string }) => requestedBy === 'system';

/** A refund that is not done this many milliseconds after its request is delayed, whatever the cause. */
const DELAYED_AFTER_MS = 15 * MINUTE;

export const isLate = (refund: { readonly createdAt: Date }, now: Date) =>
  now.getTime() - refund.createdAt.getTime() >= DELAYED_AFTER_MS;

/**
 * Milliseconds until a refused promise is retried: its age, from a minute to six hours. Incoming Stars wake it sooner.
 */
export const promiseDelay = (refund: { readonly createdAt: Date }, now: Date) =>
  Math.min(Math.max(now.getTime() - refund.createdAt.getTime(), MINUTE), 6 * HOUR);

/** @throws Error for a move that the table does not contain: a bug, which must roll back its transaction */
export function assertRefundMove(from: RefundState, to: RefundState): void {
  if (!mayMove(REFUND_MOVES, from, to)) throw new Error(`a refund that is ${from} cannot become ${to}`);
}

/** The facts that decide whether Stars may be refunded. */
export interface RefundFacts {
  /** The order of the refund; undefined for money that did not pay for an order, which can be refunded as well. */
  readonly order:
    | { readonly state: OrderState; readonly billing: Billing; readonly unlockedAt: Date | null }
    | undefined;
  /** True if a charge has paid it. */
  readonly isCharged: boolean;
  /** The state of the charge's refund that has not failed. */
  readonly live: RefundState | undefined;
  /** Telegram refunds to a person, and the identity of an erased buyer is kept for a while. */
  readonly isPersonKnown: boolean;
}

/**
 * Returns the reason why Stars may not be refunded; undefined if they may. A pending refund is not a reason: it is
 * returned.
 */
export function refuseRefund({ order, isCharged, live, isPersonKnown }: RefundFacts): RefundRefusal | undefined {
  if (order?.state === 'refunded' || live === 'refunded') return AlreadyRefunded;
  if (order?.billing === 'credits') return PaidWithCredits;
  if (order !== undefined && isUnlocked(order)) return ChargeNotListed;
  if (!isCharged) return NothingToRefund;
  return live === undefined && !isPersonKnown ? BuyerErased : undefined;
}

/** The effect of Telegram's report. */
export type RefundReported = 'recorded' | 'already_recorded' | 'no_such_charge';

export class AlreadyRefunded extends DomainError {
  static readonly code = 'already_refunded';
  static readonly refusal = 'conflict';
  readonly remedy = 'Nothing is left to do: the buyer has the Stars back.';

  constructor() {
    super('This payment has already been refunded.');
  }
}

export class NothingToRefund extends DomainError {
  static readonly code = 'nothing_to_refund';
  static readonly refusal = 'conflict';
  readonly remedy = 'Only a paid order can be refunded. Fetch the order and check its state.';

  constructor() {
    super('This order has not been paid, so there is nothing to refund.');
  }
}

export class PaidWithCredits extends DomainError {
  static readonly code = 'paid_with_credits';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Give the buyer credits: POST /v1/buyers/{telegram_id}/credits/{unit}/grants. Those of a failed order are returned automatically.';

  constructor() {
    super('This order was paid with credits, so there are no Stars to refund.');
  }
}

export class BuyerErased extends DomainError {
  static readonly code = 'buyer_erased';
  static readonly refusal = 'conflict';
  readonly remedy = 'Nothing can be done: identities of erased buyers are kept for refunds only for a limited time.';

  constructor() {
    super("This buyer's identity has been deleted, so no refund is possible.");
  }
}

/** Every error of {@link refuseRefund}. Routes that refund orders declare them. */
export const REFUND_REFUSALS = [
  AlreadyRefunded,
  PaidWithCredits,
  ChargeNotListed,
  NothingToRefund,
  BuyerErased,
] as const;
type RefundRefusal = (typeof REFUND_REFUSALS)[number];
