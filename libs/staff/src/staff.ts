import { DomainError, HOUR } from '#libs/kernel';
import type { StaffRole } from './permission.js';

/** Milliseconds from the login to the end of a session, even if it is active. */
export const STAFF_SESSION_LIFETIME = 12 * HOUR;
/** Milliseconds from the last refresh to the end of an idle session. */
export const STAFF_SESSION_IDLE = HOUR;

/** A member of the platform's staff, without secrets. */
export interface StaffFacts {
  readonly id: string;
  readonly email: string;
  readonly role: StaffRole;
  /** The time at which the second factor was confirmed; null before the first login, and after a reset. */
  readonly secondFactorAt: Date | null;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

/** A person who gave the correct password and still has to give the second factor. */
export interface StaffClaim {
  readonly staffId: string;
  /** The account's generation: a login begun before a change of password or second factor cannot continue. */
  readonly generation: number;
}

/** Thrown for any wrong, expired or used code or recovery code. */
export class WrongCode extends DomainError {
  static readonly code = 'wrong_code';
  static readonly refusal = 'unauthenticated';
  readonly remedy = 'Wait for the next code of your authenticator, or use a recovery code. Each of them works once.';

  constructor() {
    super('The code is wrong or was already used.');
  }
}

export class ChallengeInvalid extends DomainError {
  static readonly code = 'challenge_invalid';
  static readonly refusal = 'unauthenticated';
  readonly remedy = 'Log in with the password again. A challenge is valid for five minutes.';

  constructor() {
    super('This challenge is invalid or expired.');
  }
}

export class StaffExists extends DomainError {
  static readonly code = 'staff_exists';
  static readonly refusal = 'conflict';
  readonly remedy = 'Change the existing account: its role, or whether it is disabled.';

  constructor() {
    super('A staff account with this email address already exists.');
  }
}

/** Ensures that the platform always has an admin: an admin cannot take away their own rights. */
export class NotYourself extends DomainError {
  static readonly code = 'not_yourself';
  static readonly refusal = 'conflict';
  readonly remedy = 'Ask another admin.';

  constructor() {
    super('You cannot change your own role, disable yourself or reset your own second factor.');
  }
}
