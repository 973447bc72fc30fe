import { DomainError, HOUR, SECOND } from '#libs/kernel';

/** So many wrong codes in a row lock codes. */
export const WRONG_CODES_IN_A_ROW = 10;
const LONGEST_LOCK = 24 * HOUR;

/** What an account remembers of codes of its second factor that did not count. */
export interface WrongCodes {
  /** In a row: a code that counts begins anew. */
  readonly wrongCodes: number;
  readonly lockedUntil: Date | null;
}

/** @throws CodesLocked while no code is looked at */
export function requireUnlocked({ lockedUntil }: WrongCodes, now: Date): void {
  if (lockedUntil === null || lockedUntil <= now) return;
  throw new CodesLocked(Math.ceil((lockedUntil.getTime() - now.getTime()) / SECOND));
}

/**
 * What is remembered after one more wrong code. Every tenth in a row locks codes: for an hour, then two, four and so on up to a day.
 * Three codes of a million are good at a time, so a year of guessing finds one in a hundred accounts.
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
    'Use a recovery code, or wait as many seconds as `Retry-After` says. When the wrong codes were not yours, somebody knows your ' +
    'password: change it.';

  constructor(override readonly retryAfterSeconds: number) {
    super('Codes are locked for a while: too many in a row were wrong.');
  }
}
