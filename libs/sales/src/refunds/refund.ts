import { DomainError, HOUR, mayMove, MINUTE, type Moves } from '#libs/kernel';
import { type Billing, ChargeNotListed, isUnlocked, type OrderState } from '../orders/order.js';

export interface RefundWish {
  readonly reason: string | null;
  /** An account's public id, `system` or `telegram`. */
  readonly by: string;
  /** The creator's notes, for a refund that is made now. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export const REFUND_STATES = ['requested', 'sent', 'refunded', 'failed', 'unknown'] as const;
export type RefundState = (typeof REFUND_STATES)[number];

export const REFUND_MOVES: Moves<RefundState> = {
  // Straight to refunded: Telegram may report the refund before our own call was made, when somebody else made it.
  requested: ['sent', 'refunded'],
  sent: ['requested', 'refunded', 'failed', 'unknown'],
  // The answer got lost. Telegram's list tells whether the Stars went back; only when it does not show it, the call is made again.
  unknown: ['sent', 'refunded'],
  refunded: [],
  // Asked for again, it is another refund.
  failed: [],
};

/** Still under way: Telegram has neither done it nor refused it for good. */
const OPEN: readonly RefundState[] = ['requested', 'sent', 'unknown'];
export const isOpen = (state: RefundState) => OPEN.includes(state);

/** SQL: the same of a refund of this alias. */
export const refundIsOpen = (r: string) => `${r}.state in (${OPEN.map((state) => `'${state}'`).join(', ')})`;

/**
 * A refund that Starwall began by itself. The buyer was told that the Stars are on their way back, so a refusal by Telegram does not
 * end it: it is tried until it succeeds. A refund that a creator asked for fails when Telegram refuses it.
 */
export const isPromised = ({ requestedBy }: { readonly requestedBy: string }) => requestedBy === 'system';

/** A refund that is not done this long after it was asked for is delayed, whatever the cause. */
const DELAYED_AFTER_MS = 15 * MINUTE;

export const isLate = (refund: { readonly createdAt: Date }, now: Date) =>
  now.getTime() - refund.createdAt.getTime() >= DELAYED_AFTER_MS;

/** Milliseconds until a refused promise is tried again: as long as it is old, from a minute to six hours. Stars that come in wake it sooner. */
export const promiseDelay = (refund: { readonly createdAt: Date }, now: Date) =>
  Math.min(Math.max(now.getTime() - refund.createdAt.getTime(), MINUTE), 6 * HOUR);

/** @throws Error for a move that the table does not know: a bug, which must undo its transaction */
export function assertRefundMove(from: RefundState, to: RefundState): void {
  if (!mayMove(REFUND_MOVES, from, to)) throw new Error(`a refund that is ${from} cannot become ${to}`);
}

/** What decides whether Stars may be given back. */
export interface RefundFacts {
  /** The order whose refund is asked for; undefined for money that paid no order, which may go back too. */
  readonly order:
    | { readonly state: OrderState; readonly billing: Billing; readonly unlockedAt: Date | null }
    | undefined;
  /** Whether a charge has paid it. */
  readonly isCharged: boolean;
  /** Of the charge's refund that has not failed. */
  readonly live: RefundState | undefined;
  /** Telegram gives Stars back to a person, and of an erased buyer it is known for a while who it was. */
  readonly isPersonKnown: boolean;
}

/** Why Stars may not be given back; undefined when they may. A refund that is under way is no reason: it is the answer. */
export function refuseRefund({ order, isCharged, live, isPersonKnown }: RefundFacts): DomainError | undefined {
  if (order?.state === 'refunded' || live === 'refunded') return new AlreadyRefunded();
  if (order?.billing === 'credits') return new PaidWithCredits();
  if (order !== undefined && isUnlocked(order)) return new ChargeNotListed();
  if (!isCharged) return new NothingToRefund();
  return live === undefined && !isPersonKnown ? new BuyerErased() : undefined;
}

/** What a report of Telegram's changed. */
export type RefundReported = 'recorded' | 'already_recorded' | 'no_such_charge';

export class AlreadyRefunded extends DomainError {
  static readonly code = 'already_refunded';
  static readonly refusal = 'conflict';
  readonly remedy = 'Nothing is left to do: the buyer has the Stars back.';

  constructor() {
    super('This payment has been refunded already.');
  }
}

export class NothingToRefund extends DomainError {
  static readonly code = 'nothing_to_refund';
  static readonly refusal = 'conflict';
  readonly remedy = 'Only a paid order can be refunded. Fetch the order and look at its state.';

  constructor() {
    super('This order has not been paid, so there is nothing to give back.');
  }
}

export class PaidWithCredits extends DomainError {
  static readonly code = 'paid_with_credits';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Give the buyer credits: POST /v1/buyers/{telegram_id}/credits/{unit}/grants. Those of an order that fails go back by themselves.';

  constructor() {
    super('Credits paid for this order, so there are no Stars to give back.');
  }
}

export class BuyerErased extends DomainError {
  static readonly code = 'buyer_erased';
  static readonly refusal = 'conflict';
  readonly remedy = 'Nothing can be done: the time in which it was still known who this buyer was is over.';

  constructor() {
    super('The buyer was erased, and Telegram gives Stars back only to somebody who is known.');
  }
}
