import { Inject, Injectable } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import { type AuditContext, NOWHERE } from '#libs/journal';
import { type Clock, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { normalEmail } from './account.js';
import { AccountRow, MembershipRow } from './account.entity.js';
import { LinkInvalid, TooManyMails } from './account-link.js';
import { AccountLinks, lockAccount } from './account-link.store.js';
import { AccountMails, originIn } from './account-mails.service.js';
import { Passwords } from './passwords.service.js';
import { SessionDirectory } from './session-directory.service.js';
import { SessionStore } from './session.store.js';

/**
 * Resets the passwords of people who have access to their account's mailbox. See docs/decisions/0095-links-in-mails.md.
 */
@Injectable()
export class PasswordResets {
  constructor(
    private readonly db: Database,
    private readonly links: AccountLinks,
    private readonly mails: AccountMails,
    private readonly passwords: Passwords,
    private readonly sessions: SessionStore,
    private readonly directory: SessionDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Sends a link to the account with this address, if there is one and it has not had too many. The time it takes
   * reveals whether there is one, so no response may wait for it.
   */
  async request(email: string, device: AuditContext): Promise<void> {
    await this.db.inPlatform('find the account of a forgotten password', async (tx) => {
      const account = await tx.manager.findOneBy(AccountRow, { email: normalEmail(email) });
      if (account === null) return;
      try {
        await this.send(tx, account, 'owner', device);
      } catch (error) {
        if (!(error instanceof TooManyMails)) throw error;
      }
    });
  }

  /**
   * Sends a link to a member of a workspace on behalf of staff, who never see it.
   * @throws NotFound, TooManyMails, MailUnavailable
   */
  async requestForMember(tenantId: string, accountId: string): Promise<void> {
    this.mails.requireAvailable();
    await this.db.inPlatform('staff send a member a link to set a password', async (tx) => {
      const member = await tx.manager.findOneBy(MembershipRow, { tenantId, accountId });
      const account = member && (await tx.manager.findOneBy(AccountRow, { id: accountId }));
      if (account === null) throw new NotFound('member');
      await this.send(tx, account, 'staff', NOWHERE);
    });
  }

  /**
   * Sets a new password, ends every session of the account, and tells its owner by email. The link also proves the
   * address. A second factor stays: the next login asks for it.
   * @param next 10 to 200 characters
   * @throws LinkInvalid; of concurrent calls with one token, one succeeds
   */
  async reset(token: string, next: string, device = NOWHERE): Promise<void> {
    // Before the hash, which is expensive.
    await this.db.inPlatform('a link to set a password', (tx) => this.links.find(tx, ['reset_password'], token));
    const hash = await this.passwords.hash(next);
    const accountId = await this.db.inPlatform('set a new password by a link', async (tx) => {
      const link = await this.links.use(tx, 'reset_password', token);
      const now = this.clock.now();
      const changed = await tx.query(
        `update accounts set password_hash = $2, email_confirmed_at = coalesce(email_confirmed_at, $4)
         where id = $1 and email = $3 returning 1`,
        [link.accountId, hash, link.address, now],
      );
      if (changed.length === 0) throw new LinkInvalid();
      await this.links.end(tx, link.accountId, ['reset_password', 'change_address']);
      await this.sessions.revokeAll(tx, link.accountId, now, 'password_reset');
      await this.mails.tellPasswordChanged(tx, link.accountId, originIn(device, now));
      return link.accountId;
    });
    this.directory.forget(accountId);
  }

  private async send(
    tx: PlatformTx,
    { id: accountId, email }: AccountRow,
    by: 'owner' | 'staff',
    device: AuditContext,
  ) {
    await lockAccount(tx, accountId);
    const facts = { ...originIn(device, this.clock.now()), by };
    await this.mails.sendLink(tx, { accountId, purpose: 'reset_password', address: email, facts });
  }
}
