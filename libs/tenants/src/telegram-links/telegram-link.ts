import { DomainError, MINUTE, SECOND } from '#libs/kernel';
import type { Role } from '../accounts/scope.js';
import { mayGive } from '../members/member.js';

/** Milliseconds from the request until a code stops working. */
export const CODE_LIFETIME = 10 * MINUTE;
/** Maximum number of codes that a member gets within {@link CODE_LIFETIME}. */
export const CODES_AT_MOST = 5;

/** Marks a start parameter as a code (Bot API: at most 64 characters of A-Z a-z 0-9 _ -). */
const PREFIX = 'link_';

/** The start parameter for a secret. */
export const startParameter = (secret: string) => `${PREFIX}${secret}`;

/** The secret in a start parameter; undefined if it is for something else. */
export const secretIn = (parameter: string): string | undefined =>
  /^link_[A-Za-z0-9_-]{43}$/.test(parameter) ? parameter.slice(PREFIX.length) : undefined;

export const LINK_STATES = ['open', 'linked', 'expired', 'ended'] as const;
export type LinkState = (typeof LINK_STATES)[number];

export function stateOfLink(
  link: { readonly linkedAt: Date | null; readonly endedAt: Date | null; readonly expiresAt: Date },
  now: Date,
): LinkState {
  if (link.endedAt !== null) return 'ended';
  if (link.linkedAt !== null) return 'linked';
  return link.expiresAt <= now ? 'expired' : 'open';
}

/** A member of the workspace. */
interface Person {
  readonly accountId: string;
  readonly role: Role;
}

/** True for a member's own link, and for those of members whom they may manage. */
export const mayEnd = (by: Person, of: Person) => by.accountId === of.accountId || mayGive(by.role, of.role);

export class TooManyCodes extends DomainError {
  static readonly code = 'too_many_codes';
  static readonly refusal = 'too_many';
  readonly remedy = 'Use the latest code, or wait for the seconds in `Retry-After`.';
  override readonly retryAfterSeconds = CODE_LIFETIME / SECOND;

  constructor() {
    super('You have already been given several codes.');
  }
}
