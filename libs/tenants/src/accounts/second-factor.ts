import { DomainError } from '#libs/kernel';

/** A proof in addition to the password. With both, the code is used and the recovery code is kept. */
export interface SecondFactorProof {
  /** Six digits of the authenticator. */
  readonly code?: string | undefined;
  readonly recoveryCode?: string | undefined;
}

export const NO_PROOF: SecondFactorProof = {};

/** An account's second factor as its owner may see it. */
export interface SecondFactorFacts {
  readonly confirmedAt: Date;
  /** 0 to 10. */
  readonly recoveryCodesLeft: number;
}

/** Thrown only after the right password. */
export class SecondFactorRequired extends DomainError {
  static readonly code = 'second_factor_required';
  static readonly refusal = 'forbidden';
  readonly remedy = 'Repeat the request with `code`, the six digits of your authenticator, or with a `recovery_code`.';

  constructor() {
    super('The password is right, but this account has a second factor.');
  }
}

/** Thrown for any code or recovery code that is wrong, too old, or used. */
export class WrongSecondFactor extends DomainError {
  static readonly code = 'wrong_second_factor';
  static readonly refusal = 'forbidden';
  readonly remedy = 'Wait for the next code of your authenticator, or use a recovery code. Each of them works once.';

  constructor() {
    super('The code is wrong or was already used.');
  }
}

/** Unwraps the result of a transaction that counts wrong codes. @throws WrongSecondFactor when it returned that */
export function orRefuse<T>(result: T | WrongSecondFactor): T {
  if (result instanceof WrongSecondFactor) throw result;
  return result;
}

export class SecondFactorActive extends DomainError {
  static readonly code = 'second_factor_active';
  static readonly refusal = 'conflict';
  readonly remedy = 'Disable it first to enrol another authenticator.';

  constructor() {
    super('This account already has a second factor.');
  }
}

export class SecondFactorNotBegun extends DomainError {
  static readonly code = 'second_factor_not_begun';
  static readonly refusal = 'conflict';
  readonly remedy = 'Begin with `POST /v1/auth/second-factor`, then confirm with a code of the authenticator.';

  constructor() {
    super('There is no unconfirmed second factor.');
  }
}
