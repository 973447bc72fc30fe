import { DomainError } from '#libs/kernel';

/** What somebody shows beside their password. When both are there the code counts and the other is kept. */
export interface SecondFactorProof {
  /** Six digits of the authenticator. */
  readonly code?: string | undefined;
  readonly recoveryCode?: string | undefined;
}

export const NO_PROOF: SecondFactorProof = {};

/** What an account's owner may know about their second factor. */
export interface SecondFactorFacts {
  readonly confirmedAt: Date;
  /** 0 to 10. */
  readonly recoveryCodesLeft: number;
}

/** Said to nobody who has not shown the right password. */
export class SecondFactorRequired extends DomainError {
  static readonly code = 'second_factor_required';
  static readonly refusal = 'forbidden';
  readonly remedy =
    'Send the same again with `code`, the six digits that the authenticator shows, or with a `recovery_code`.';

  constructor() {
    super('The password is right, and this account has a second factor.');
  }
}

/** One answer for a code that is wrong, too old, or used; and for a recovery code, too. */
export class WrongSecondFactor extends DomainError {
  static readonly code = 'wrong_second_factor';
  static readonly refusal = 'forbidden';
  readonly remedy = 'Wait for the next code of your authenticator, or use a recovery code. Each of them works once.';

  constructor() {
    super('The code is wrong, or it was used.');
  }
}

/** What a transaction came to that counts wrong codes. @throws WrongSecondFactor when it returned that */
export function orRefuse<T>(result: T | WrongSecondFactor): T {
  if (result instanceof WrongSecondFactor) throw result;
  return result;
}

export class SecondFactorActive extends DomainError {
  static readonly code = 'second_factor_active';
  static readonly refusal = 'conflict';
  readonly remedy = 'Disable it first to enrol another authenticator.';

  constructor() {
    super('This account has a second factor already.');
  }
}

export class SecondFactorNotBegun extends DomainError {
  static readonly code = 'second_factor_not_begun';
  static readonly refusal = 'conflict';
  readonly remedy = 'Begin with `POST /v1/auth/second-factor`, then confirm with a code of the authenticator.';

  constructor() {
    super('There is no second factor that waits for its confirmation.');
  }
}
