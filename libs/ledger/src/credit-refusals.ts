import { creditsInWords, DomainError, isCreditAmount, MAX_CREDITS } from '#libs/kernel';
import { MAX_BALANCE, type ReservationState } from './credit.js';

/** @throws InvalidCreditAmount unless `n` is whole and from 1 to MAX_CREDITS */
export function creditAmount(n: number): number {
  if (!isCreditAmount(n)) throw new InvalidCreditAmount();
  return n;
}

export class InvalidCreditAmount extends DomainError {
  static readonly code = 'invalid_credit_amount';
  static readonly refusal = 'invalid';
  readonly remedy = 'Send a whole number of credits, at least 1.';

  constructor() {
    super(`An amount of credits is a whole number from 1 to ${MAX_CREDITS}.`);
  }
}

export class CreditsAlreadyExpired extends DomainError {
  static readonly code = 'credits_already_expired';
  static readonly refusal = 'invalid';
  readonly remedy = 'Give a moment in the future, or none for credits that do not expire.';

  constructor() {
    super('These credits would have expired before they were given.');
  }
}

export class TooManyCredits extends DomainError {
  static readonly code = 'too_many_credits';
  static readonly refusal = 'conflict';
  readonly remedy = 'Count in a larger unit.';

  constructor() {
    super(`Nobody can hold more than ${MAX_BALANCE} credits of one unit.`);
  }
}

/** Nothing was written: the same idempotency key may be used again when there is more. */
export class InsufficientCredits extends DomainError {
  static readonly code = 'insufficient_credits';
  static readonly refusal = 'conflict';
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
export abstract class ReservationEnded extends DomainError {
  static readonly refusal = 'conflict';
  readonly remedy = 'Reserve anew, or debit. The reservation says when and how it ended.';
}

export class ReservationCommitted extends ReservationEnded {
  static readonly code = 'reservation_committed';

  constructor() {
    super('The reservation has been committed: its credits are spent.');
  }
}

export class ReservationReleased extends ReservationEnded {
  static readonly code = 'reservation_released';

  constructor() {
    super('The reservation has been released: its credits are with the buyer again.');
  }
}

export class ReservationExpired extends ReservationEnded {
  static readonly code = 'reservation_expired';

  constructor() {
    super('The reservation has run out: its credits are with the buyer again.');
  }
}

const ENDED = { committed: ReservationCommitted, released: ReservationReleased, expired: ReservationExpired } as const;

export const reservationEnded = (state: Exclude<ReservationState, 'open'>): ReservationEnded => new ENDED[state]();

/** What an order holds is spent when the order is delivered, and let go when it fails. */
export class ReservationOfOrder extends DomainError {
  static readonly code = 'reservation_of_order';
  static readonly refusal = 'conflict';
  readonly remedy = 'Answer the order instead, or let its deadline pass: `order_id` of the reservation names it.';

  constructor() {
    super('These credits pay for an order, and end with it.');
  }
}

export class CommitExceedsReservation extends DomainError {
  static readonly code = 'commit_exceeds_reservation';
  static readonly refusal = 'conflict';
  readonly remedy = 'Commit at most what was reserved, and debit the rest.';

  constructor(reserved: number) {
    super(`Only ${reserved} were reserved.`);
  }
}

export class IdempotencyMismatch extends DomainError {
  static readonly code = 'idempotency_mismatch';
  static readonly refusal = 'unprocessable';
  readonly remedy = 'Use a new key for a new request, and repeat a request exactly as it was sent first.';

  constructor() {
    super('This idempotency key was used before, for another request.');
  }
}
