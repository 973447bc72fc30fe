import { DomainError, HOUR } from '#libs/kernel';
import type { StaffRole } from './permission.js';

/** Milliseconds. A session ends this long after the login, whatever happens in it. */
export const STAFF_SESSION_LIFETIME = 12 * HOUR;
/** Milliseconds from the last refresh to the end of a session that nobody uses. */
export const STAFF_SESSION_IDLE = HOUR;

/** A member of the platform's staff, without anything that could be used to become one. */
export interface StaffFacts {
  readonly id: string;
  readonly email: string;
  readonly role: StaffRole;
  /** When the second factor was confirmed; null before the first login, and after it was reset. */
  readonly secondFactorAt: Date | null;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

/** Whose password was right, until the second factor is. */
export interface StaffClaim {
  readonly staffId: string;
  /** Of the account: what was begun before a change of password or second factor does not go on after it. */
  readonly generation: number;
}

/** One answer for a code that is wrong, too old, or used; and for a recovery code, too. */
export class WrongCode extends DomainError {
  static readonly code = 'wrong_code';
  static readonly refusal = 'unauthenticated';
  readonly remedy = 'Wait for the next code of your authenticator, or use a recovery code. Each of them works once.';

  constructor() {
    super('The code is wrong, or it was used.');
  }
}

export class ChallengeInvalid extends DomainError {
  static readonly code = 'challenge_invalid';
  static readonly refusal = 'unauthenticated';
  readonly remedy = 'Log in with the password again. A challenge lives for five minutes.';

  constructor() {
    super('This challenge is not valid, or not any more.');
  }
}

export class StaffExists extends DomainError {
  static readonly code = 'staff_exists';
  static readonly refusal = 'conflict';
  readonly remedy = 'Change the account that exists: its role, or whether it is disabled.';

  constructor() {
    super('A staff account with this e-mail address exists already.');
  }
}

/** So the platform is never without an admin: whoever takes rights away keeps their own. */
export class NotYourself extends DomainError {
  static readonly code = 'not_yourself';
  static readonly refusal = 'conflict';
  readonly remedy = 'Ask another admin.';

  constructor() {
    super('Nobody changes their own role, disables themselves or resets their own second factor.');
  }
}
