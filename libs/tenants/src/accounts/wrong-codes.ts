import { DomainError, HOUR, SECOND } from '#libs/kernel';

/** Number of wrong codes in a row that lock codes. */
export const WRONG_CODES_IN_A_ROW = 10;
const LONGEST_LOCK = 24 * HOUR;

/** The stored facts about an account's wrong codes. */
export interface WrongCodes {
  /** In a row: an accepted code resets it. */
  readonly wrongCodes: number;
  readonly lockedUntil: Date | null;
}

/** @throws CodesLocked while codes are locked */
export function requireUnlocked({ lockedUntil }: WrongCodes, now: Date): void {
  if (lockedUntil === null || lockedUntil <= now) return;
  throw new CodesLocked(Math.ceil((lockedUntil.getTime() - now.getTime()) / SECOND));
}

/**
 * Computes the facts after one more wrong code. Every tenth in a row locks codes: for an hour, then two, four and so on
 * up to a day. Three of a million codes are valid at a time, so a year of guessing succeeds for one in a hundred
 * accounts.
 */
export function afterWrongCode(before: WrongCodes, now: Date): WrongCodes {
  const wrongCodes = before.wrongCodes + 1;
  if (wrongCodes % WRONG_CODES_IN_A_ROW !== 0) return { wrongCodes, lockedUntil: null };
  const lock = Math.min(LONGEST_LOCK, HOUR * 2 ** (wrongCodes / WRONG_CODES_IN_A_ROW - 1));
  return { wrongCodes, lockedUntil: new Date(now.getTime() + lock) };
}

export class CodesLocked extends DomainError {
  static readonly code = 'codes_locked';
  static readonly refusal = 'too_many';
  readonly remedy =
    'Use a recovery code, or wait for the seconds in `Retry-After`. If the wrong codes were not yours, ' +
    'someone knows your password: change it.';

  constructor(override readonly retryAfterSeconds: number) {
    super('Codes are temporarily disabled: there were too many wrong ones in a row.');
  }
}
