import { DAY, DomainError, SECOND } from '#libs/kernel';

/** Milliseconds from login to the end of a session, however often it was refreshed. */
export const SESSION_LIFETIME = 30 * DAY;

/**
 * Milliseconds after its rotation within which a reused refresh token counts as a race between requests of one client.
 */
export const ROTATION_WINDOW = 10 * SECOND;

/** The stored facts about a presented refresh token. */
export interface PresentedToken {
  /** The time at which it was exchanged for its successor; null while it is the session's current one. */
  readonly usedAt: Date | null;
  readonly sessionExpiresAt: Date;
  readonly sessionRevokedAt: Date | null;
}

export type RefreshVerdict = 'rotate' | 'in_progress' | 'reused' | 'ended';

/**
 * Judges a presented refresh token, which works once. If it is used again, either two requests of one client were
 * concurrent or it was stolen. The cases cannot be distinguished, but concurrent requests come within seconds. So
 * within {@link ROTATION_WINDOW} the second request gets nothing and does no harm; after it the session ends, for the
 * thief and for the owner. The drawback: a client that lost the response to a refresh has to log in again. Returning
 * the successor twice would avoid that, but would also give it to a quick thief.
 */
export function judgeRefresh(token: PresentedToken, now: Date): RefreshVerdict {
  if (token.sessionRevokedAt !== null || token.sessionExpiresAt <= now) return 'ended';
  if (token.usedAt === null) return 'rotate';
  return now.getTime() - token.usedAt.getTime() <= ROTATION_WINDOW ? 'in_progress' : 'reused';
}

/** Normalises an email address for comparison: lower case, no surrounding blanks. */
export const normalEmail = (email: string) => email.trim().toLowerCase();

/**
 * Evidence that distinguishes the owner of an account from strangers who guess its password. Empty for an account that
 * does not exist.
 */
export interface EarlierLogins {
  /** @param network shortened, as sessions store it */
  fromNetwork(network: string): Promise<boolean>;
  /** @returns the session of a refresh token, even if it has ended; undefined for one of another account */
  onDevice(refreshToken: string): Promise<string | undefined>;
}

export class EmailTaken extends DomainError {
  static readonly code = 'email_taken';
  static readonly refusal = 'conflict';
  readonly remedy = 'Log in instead, or sign up with another address.';

  constructor() {
    super('An account with this email address already exists.');
  }
}

/** Thrown both for a wrong password and for an unknown address. */
export class WrongCredentials extends DomainError {
  static readonly code = 'wrong_credentials';
  static readonly refusal = 'unauthenticated';
  readonly remedy = 'Check both and try again.';

  constructor() {
    super('The email address or the password is wrong.');
  }
}

export class NoWorkspace extends DomainError {
  static readonly code = 'no_workspace';
  static readonly refusal = 'forbidden';
  readonly remedy = 'Ask an owner or admin of a workspace for an invitation.';

  constructor() {
    super('This account is no longer a member of any workspace.');
  }
}

/** Does not map to 401, because the session is valid and a client would try to refresh it. */
export class WrongPassword extends DomainError {
  static readonly code = 'wrong_password';
  static readonly refusal = 'forbidden';
  readonly remedy = 'Send the password that you log in with.';

  constructor() {
    super('The password is wrong.');
  }
}

export class RefreshRefused extends DomainError {
  static readonly code = 'refresh_token_invalid';
  static readonly refusal = 'unauthenticated';
  readonly remedy = 'Log in again. A refresh token works once; keep the one from the latest response.';

  constructor() {
    super('This refresh token is not valid, or its session has ended.');
  }
}

export class RefreshInProgress extends DomainError {
  static readonly code = 'refresh_in_progress';
  static readonly refusal = 'conflict';
  readonly remedy = 'Use the tokens that the other request received. If that response was lost, log in again.';

  constructor() {
    super('Another request has just exchanged this refresh token.');
  }
}

export class TooBusy extends DomainError {
  static readonly code = 'too_busy';
  static readonly refusal = 'unavailable';
  readonly remedy = 'Try again in a few seconds.';
  override readonly retryAfterSeconds = 3;

  constructor() {
    super('Too many people are signing in at this moment.');
  }
}
