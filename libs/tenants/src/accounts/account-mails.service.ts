import { Injectable } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import type { AuditContext } from '#libs/journal';
import { type LetterFacts, type LetterOrigin, type MailRow, MailStore } from '#libs/mail';
import type { LinkPurpose } from './account-link.js';
import { AccountLinks } from './account-link.store.js';
import { latestWorkspace } from './workspaces.rows.js';

/** The kinds of emails with a link of an account. */
type WithLink = 'reset_password' | 'confirm_address' | 'change_address' | 'address_changing';

const LETTERS = {
  reset_password: 'reset_password',
  confirm_address: 'confirm_address',
  change_address: 'change_address',
  restore_address: 'address_changing',
} as const satisfies Readonly<Record<LinkPurpose, WithLink>>;

export interface LinkMail<Purpose extends LinkPurpose> {
  readonly accountId: string;
  readonly purpose: Purpose;
  /** The address that gets the link. */
  readonly address: string;
  readonly facts: LetterFacts[(typeof LETTERS)[Purpose]];
}

/** Sends emails to the owners of accounts. They belong to the workspace that the account used last. */
@Injectable()
export class AccountMails {
  constructor(
    private readonly db: Database,
    private readonly links: AccountLinks,
    private readonly mails: MailStore,
  ) {}

  /**
   * Creates a link and emails it. An account without a workspace gets none. Lock the account first.
   * @throws TooManyMails
   */
  async sendLink<Purpose extends LinkPurpose>(tx: PlatformTx, mail: LinkMail<Purpose>): Promise<void> {
    const tenantId = await latestWorkspace(tx, mail.accountId);
    if (tenantId === undefined || !this.mails.available) return;
    const { id: linkId, token } = await this.links.make(tx, mail.accountId, mail.purpose, mail.address);
    const letter = { to: { linkId }, kind: LETTERS[mail.purpose], facts: mail.facts, secret: token };
    await this.mails.enqueue(tx.asTenant(tenantId), letter);
  }

  /** Tells the owner that the password was changed. */
  async tellPasswordChanged(tx: PlatformTx, accountId: string, facts: LetterOrigin): Promise<void> {
    const tenantId = await latestWorkspace(tx, accountId);
    if (tenantId === undefined) return;
    await this.mails.enqueue(tx.asTenant(tenantId), { to: { accountId }, kind: 'password_changed', facts });
  }

  /** @throws MailUnavailable */
  requireAvailable(): void {
    this.mails.requireAvailable();
  }

  /**
   * Returns the address that an email goes to; undefined if it is no longer needed: the link was used or replaced, or
   * the invitation was accepted or cancelled
   */
  addressOf({ tenantId, accountId, linkId, invitationId }: MailRow): Promise<string | undefined> {
    return this.db.inPlatform('find the address for an email', async (tx) => {
      if (linkId !== null) return this.links.addressOf(tx, linkId);
      const [found] = await tx.query<{ email: string }>(
        accountId !== null
          ? 'select email from accounts where $1::uuid is not null and id = $2'
          : `select email from invitations
             where tenant_id = $1 and id = $2 and accepted_at is null and revoked_at is null and expires_at > now()`,
        [tenantId, accountId ?? invitationId],
      );
      return found?.email;
    });
  }
}

/** The origin of a request, for an email. */
export const originIn = ({ network, userAgent }: AuditContext, now: Date): LetterOrigin => ({
  at: now.toISOString(),
  network,
  user_agent: userAgent,
});
