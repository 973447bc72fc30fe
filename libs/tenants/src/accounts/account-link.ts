import { DAY, DomainError, MINUTE, SECOND } from '#libs/kernel';

/** The purposes of links in emails to the owner of an account. */
export const LINK_PURPOSES = ['reset_password', 'confirm_address', 'change_address', 'restore_address'] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

/** Milliseconds from the request until a link stops working. */
export const LINK_LIFETIME: Readonly<Record<LinkPurpose, number>> = {
  reset_password: 30 * MINUTE,
  confirm_address: 3 * DAY,
  change_address: DAY,
  restore_address: 7 * DAY,
};

export interface LinkLimit {
  readonly links: number;
  /** Milliseconds. */
  readonly per: number;
}

const SHORT: LinkLimit = { links: 3, per: 15 * MINUTE };
const LONG: LinkLimit = { links: 10, per: DAY };

/**
 * Maximum number of links for an account, by purpose. For a forgotten password only the short limit applies, whose
 * period is half of a link's lifetime: a stranger who exhausts it leaves the owner with working links.
 */
export const LINK_LIMITS: Readonly<Record<LinkPurpose, readonly LinkLimit[]>> = {
  reset_password: [SHORT],
  confirm_address: [SHORT, LONG],
  change_address: [SHORT, LONG],
  restore_address: [],
};

/** Thrown for any link that is unknown, used, replaced, or expired. */
export class LinkInvalid extends DomainError {
  static readonly code = 'link_invalid';
  static readonly refusal = 'not_found';
  readonly remedy = 'Request a new email, and use the link in the latest one.';

  constructor() {
    super('This link was used before, or has expired.');
  }
}

export class TooManyMails extends DomainError {
  static readonly code = 'too_many_mails';
  static readonly refusal = 'too_many';
  readonly remedy = 'Check the mailbox, including the spam folder, or wait for the seconds in `Retry-After`.';
  override readonly retryAfterSeconds: number;

  constructor({ per }: LinkLimit) {
    super('Several of these emails have already been sent.');
    this.retryAfterSeconds = per / SECOND;
  }
}
