import { creditsInWords, DomainError, isCreditAmount, MAX_CREDITS } from '#libs/kernel';
import { MAX_BALANCE, type ReservationState } from './credit.js';

/** @throws InvalidCreditAmount unless `n` is whole and from 1 to MAX_CREDITS */
export function creditAmount(n: number): number {
  if (!isCreditAmount(n)) throw new InvalidCreditAmount();
  return n;
}

export class InvalidCreditAmount extends DomainError {
  readonly code = 'invalid_credit_amount';
  readonly refusal = 'invalid';
  readonly remedy = 'Send a whole number of credits, at least 1.';

  constructor() {
    super(`An amount of credits is a whole number from 1 to ${MAX_CREDITS}.`);
  }
}

export class CreditsAlreadyExpired extends DomainError {
  readonly code = 'credits_already_expired';
  readonly refusal = 'invalid';
  readonly remedy = 'Give a moment in the future, or none for credits that do not expire.';

  constructor() {
    super('These credits would have expired before they were given.');
  }
}

export class TooManyCredits extends DomainError {
  readonly code = 'too_many_credits';
  readonly refusal = 'conflict';
  readonly remedy = 'Count in a larger unit.';

  constructor() {
    super(`Nobody can hold more than ${MAX_BALANCE} credits of one unit.`);
  }
}

/** Nothing was written: the same idempotency key may be used again when there is more. */
export class InsufficientCredits extends DomainError {
  readonly code = 'insufficient_credits';
  readonly refusal = 'conflict';
  readonly remedy = 'Ask for less, or sell or grant the buyer more. Open reservations hold credits until they end.';

  constructor(
    readonly unit: string,
    readonly available: number,
    readonly wanted: number,
  ) {
    super(
      `The buyer has ${creditsInWords(available, unit)} available, and ${wanted.toLocaleString('en-US')} are needed.`,
    );
  }
}

/** The reservation has ended in another way than the one that is asked for. */
export class ReservationEnded extends DomainError {
  readonly code: 'reservation_committed' | 'reservation_released' | 'reservation_expired';
  readonly refusal = 'conflict';
  readonly remedy = 'Reserve anew, or debit. The reservation says when and how it ended.';

  constructor(state: Exclude<ReservationState, 'open'>) {
    super(ENDED[state]);
    this.code = `reservation_${state}`;
  }
}

const ENDED = {
  committed: 'The reservation has been committed: its credits are spent.',
  released: 'The reservation has been released: its credits are with the buyer again.',
  expired: 'The reservation has run out: its credits are with the buyer again.',
} as const;

/** What an order holds is spent when the order is delivered, and let go when it fails. */
export class ReservationOfOrder extends DomainError {
  readonly code = 'reservation_of_order';
  readonly refusal = 'conflict';
  readonly remedy = 'Answer the order instead, or let its deadline pass: `order_id` of the reservation names it.';

  constructor() {
    super('These credits pay for an order, and end with it.');
  }
}

export class CommitExceedsReservation extends DomainError {
  readonly code = 'commit_exceeds_reservation';
  readonly refusal = 'conflict';
  readonly remedy = 'Commit at most what was reserved, and debit the rest.';

  constructor(reserved: number) {
    super(`Only ${reserved} were reserved.`);
  }
}

export class IdempotencyMismatch extends DomainError {
  readonly code = 'idempotency_mismatch';
  readonly refusal = 'unprocessable';
  readonly remedy = 'Use a new key for a new request, and repeat a request exactly as it was sent first.';

  constructor() {
    super('This idempotency key was used before, for another request.');
  }
}
