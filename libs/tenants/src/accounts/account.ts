import { DAY, DomainError, SECOND } from '#libs/kernel';

/** A session ends this long after login, however often it was refreshed. */
export const SESSION_LIFETIME = 30 * DAY;

/** How long after its rotation a refresh token that comes again counts as a race of the client with itself. */
export const ROTATION_WINDOW = 10 * SECOND;

/** What the database knows about a refresh token that is presented. */
export interface PresentedToken {
  /** When it was exchanged for its successor; null while it is the session's current one. */
  readonly usedAt: Date | null;
  readonly sessionExpiresAt: Date;
  readonly sessionRevokedAt: Date | null;
}

export type RefreshVerdict = 'rotate' | 'in_progress' | 'reused' | 'ended';

/**
 * A refresh token works once. Seen a second time, either two requests of one client crossed or somebody copied it; which of the
 * two cannot be told, but crossing requests come within seconds. So inside {@link ROTATION_WINDOW} the second one gets nothing
 * and harms nothing, and after it the session ends, for the thief and for the owner. The price: a client that lost the answer to
 * a refresh has to log in again. Handing the successor out twice would spare it that, and would hand it to a quick thief, too.
 */
export function judgeRefresh(token: PresentedToken, now: Date): RefreshVerdict {
  if (token.sessionRevokedAt !== null || token.sessionExpiresAt <= now) return 'ended';
  if (token.usedAt === null) return 'rotate';
  return now.getTime() - token.usedAt.getTime() <= ROTATION_WINDOW ? 'in_progress' : 'reused';
}

/** E-mail addresses are compared without regard to case and surrounding blanks. */
export const normalEmail = (email: string) => email.trim().toLowerCase();

/** What tells the owner of an account from strangers who guess at its password. It says nothing of an account that does not exist. */
export interface EarlierLogins {
  /** @param network as sessions keep it: shortened */
  fromNetwork(network: string): Promise<boolean>;
  /** @returns the session to which a refresh token belonged, whether it has ended or not; undefined for one of another account */
  onDevice(refreshToken: string): Promise<string | undefined>;
}

export class EmailTaken extends DomainError {
  static readonly code = 'email_taken';
  static readonly refusal = 'conflict';
  readonly remedy = 'Log in instead, or sign up with another address.';

  constructor() {
    super('An account with this e-mail address exists already.');
  }
}

/** One answer for a wrong password and for an address that nobody signed up with. */
export class WrongCredentials extends DomainError {
  static readonly code = 'wrong_credentials';
  static readonly refusal = 'unauthenticated';
  readonly remedy = 'Check both and try again.';

  constructor() {
    super('E-mail address or password are wrong.');
  }
}

export class NoWorkspace extends DomainError {
  static readonly code = 'no_workspace';
  static readonly refusal = 'forbidden';
  readonly remedy = 'Ask an owner or admin of a workspace for an invitation.';

  constructor() {
    super('This account is not a member of any workspace any more.');
  }
}

/** The session is fine, so this is not 401: a client would try to refresh. */
export class WrongPassword extends DomainError {
  static readonly code = 'wrong_password';
  static readonly refusal = 'forbidden';
  readonly remedy = 'Send the password with which you log in.';

  constructor() {
    super('The password is wrong.');
  }
}

export class RefreshRefused extends DomainError {
  static readonly code = 'refresh_token_invalid';
  static readonly refusal = 'unauthenticated';
  readonly remedy = 'Log in again. A refresh token works once; keep the one that came with the latest answer.';

  constructor() {
    super('This refresh token is not valid, or its session has ended.');
  }
}

export class RefreshInProgress extends DomainError {
  static readonly code = 'refresh_in_progress';
  static readonly refusal = 'conflict';
  readonly remedy = 'Use the tokens that the other request received. If that answer was lost, log in again.';

  constructor() {
    super('This refresh token was exchanged a moment ago by another request.');
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
