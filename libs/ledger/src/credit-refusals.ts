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
    super(`An amount of credits must be a whole number from 1 to ${MAX_CREDITS}.`);
  }
}

export class CreditsAlreadyExpired extends DomainError {
  static readonly code = 'credits_already_expired';
  static readonly refusal = 'invalid';
  readonly remedy = 'Send a time in the future, or omit it for credits that do not expire.';

  constructor() {
    super('The expiry of these credits is in the past.');
  }
}

export class TooManyCredits extends DomainError {
  static readonly code = 'too_many_credits';
  static readonly refusal = 'conflict';
  readonly remedy = 'Use a larger unit.';

  constructor() {
    super(`A buyer can have at most ${MAX_BALANCE} credits of one unit.`);
  }
}

/** Thrown before anything is written: the same idempotency key can be used again when the buyer has more credits. */
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

/** Thrown when the reservation has already ended differently. */
export abstract class ReservationEnded extends DomainError {
  static readonly refusal = 'conflict';
  readonly remedy = 'Reserve again, or debit. The reservation shows when and how it ended.';
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
    super('The reservation has been released: the buyer has the credits back.');
  }
}

export class ReservationExpired extends ReservationEnded {
  static readonly code = 'reservation_expired';

  constructor() {
    super('The reservation has expired: the buyer has the credits back.');
  }
}

const ENDED = { committed: ReservationCommitted, released: ReservationReleased, expired: ReservationExpired } as const;

export const reservationEnded = (state: Exclude<ReservationState, 'open'>): ReservationEnded => new ENDED[state]();

/** Credits held by an order are spent when the order is delivered, and released when it fails. */
export class ReservationOfOrder extends DomainError {
  static readonly code = 'reservation_of_order';
  static readonly refusal = 'conflict';
  readonly remedy =
    "Fulfil or fail the order instead, or let its deadline pass: the reservation's `order_id` is its id.";

  constructor() {
    super('These credits pay for an order, and are settled with it.');
  }
}

export class CommitExceedsReservation extends DomainError {
  static readonly code = 'commit_exceeds_reservation';
  static readonly refusal = 'conflict';
  readonly remedy = 'Commit at most the reserved amount, and debit the rest.';

  constructor(reserved: number) {
    super(`Only ${reserved} credits are reserved.`);
  }
}

export class IdempotencyMismatch extends DomainError {
  static readonly code = 'idempotency_mismatch';
  static readonly refusal = 'unprocessable';
  readonly remedy = 'Use a new key for a new request, and repeat a request exactly as it was first sent.';

  constructor() {
    super('This idempotency key was used for a different request.');
  }
}
