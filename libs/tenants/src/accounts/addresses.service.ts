import { Inject, Injectable } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import { NOWHERE } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { EmailTaken, normalEmail, WrongPassword } from './account.js';
import { AccountRow } from './account.entity.js';
import { LINK_PURPOSES, LinkInvalid } from './account-link.js';
import { AccountLinks, lockAccount, type OpenLink } from './account-link.store.js';
import { AccountMails, originIn } from './account-mails.service.js';
import { Passwords } from './passwords.service.js';
import { NO_PROOF, orRefuse } from './second-factor.js';
import { SecondFactors } from './second-factor.service.js';
import { SessionDirectory } from './session-directory.service.js';
import { SessionStore } from './session.store.js';

/** Confirms, changes and restores the email addresses of accounts. See docs/decisions/0095-links-in-mails.md. */
@Injectable()
export class Addresses {
  constructor(
    private readonly db: Database,
    private readonly links: AccountLinks,
    private readonly mails: AccountMails,
    private readonly passwords: Passwords,
    private readonly factors: SecondFactors,
    private readonly sessions: SessionStore,
    private readonly directory: SessionDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Sends the link to confirm the account's address again. Does nothing if it is confirmed.
   * @throws MailUnavailable, TooManyMails
   */
  async askToConfirm(accountId: string): Promise<void> {
    this.mails.requireAvailable();
    await this.db.inPlatform('confirm an address', async (tx) => {
      const account = await this.locked(tx, accountId);
      if (account === null || account.emailConfirmedAt !== null) return;
      await this.mails.sendLink(tx, { accountId, purpose: 'confirm_address', address: account.email, facts: {} });
    });
  }

  /**
   * Confirms the address of an account or changes it to the new one, depending on the link. Confirming an address
   * twice is accepted; a change works once.
   * @returns the confirmed address
   * @throws LinkInvalid; EmailTaken when another account has taken the new address meanwhile
   */
  async confirm(token: string): Promise<string> {
    return this.db.inPlatform('confirm an address', async (tx) => {
      const link = await this.links.find(tx, ['confirm_address', 'change_address'], token);
      if (link.purpose === 'change_address') return this.change(tx, await this.links.use(tx, 'change_address', token));
      const confirmed = await tx.query(
        'update accounts set email_confirmed_at = coalesce(email_confirmed_at, $3) where id = $1 and email = $2 returning 1',
        [link.accountId, link.address, this.clock.now()],
      );
      if (confirmed.length === 0) throw new LinkInvalid();
      return link.address;
    });
  }

  /**
   * Begins a change of the address: a link sent to the new one confirms it, and a link sent to the old one can undo the
   * change for seven days. The old address stays until the change is confirmed. The result does not reveal whether the
   * new address is taken.
   * @throws MailUnavailable, TooManyMails, WrongPassword, SecondFactorRequired, WrongSecondFactor, CodesLocked
   */
  async beginChange(
    accountId: string,
    { email, password }: { readonly email: string; readonly password: string },
    proof = NO_PROOF,
    device = NOWHERE,
  ): Promise<void> {
    this.mails.requireAvailable();
    const known = await this.db.inPlatform('find the account whose address changes', (tx) =>
      tx.manager.findOneBy(AccountRow, { id: accountId }),
    );
    if (known === null || !(await this.passwords.matches(known.passwordHash, password))) throw new WrongPassword();
    const refused = await this.db.inPlatform('begin to change an address', async (tx) => {
      const account = await this.locked(tx, accountId);
      if (account === null || account.passwordHash !== known.passwordHash) throw new WrongPassword();
      const wrong = await this.factors.prove(tx, accountId, proof);
      if (wrong !== undefined) return wrong;
      const address = normalEmail(email);
      if (address === account.email) return undefined;
      await this.links.end(tx, accountId, ['change_address']);
      await this.mails.sendLink(tx, { accountId, purpose: 'change_address', address, facts: {} });
      const facts = originIn(device, this.clock.now());
      await this.mails.sendLink(tx, { accountId, purpose: 'restore_address', address: account.email, facts });
      return undefined;
    });
    orRefuse(refused);
  }

  /**
   * Restores an account's former address, or cancels a change that was not confirmed, and sets a new password,
   * because someone else knows the old one. Ends every session of the account, and every link that was made later; an
   * earlier link to take back an even older address keeps working.
   * @param next 10 to 200 characters
   * @throws LinkInvalid
   */
  async restore(token: string, next: string, device = NOWHERE): Promise<void> {
    await this.db.inPlatform('a link to keep an address', (tx) => this.links.find(tx, ['restore_address'], token));
    const hash = await this.passwords.hash(next);
    const accountId = await this.db.inPlatform('restore the address of an account', async (tx) => {
      const link = await this.links.use(tx, 'restore_address', token);
      const now = this.clock.now();
      await tx.query('update accounts set email = $2, email_confirmed_at = $3, password_hash = $4 where id = $1', [
        link.accountId,
        link.address,
        now,
        hash,
      ]);
      await this.links.end(tx, link.accountId, LINK_PURPOSES, link.createdAt);
      await this.links.end(tx, link.accountId, ['reset_password', 'change_address']);
      await this.sessions.revokeAll(tx, link.accountId, now, 'address_restored');
      await this.mails.tellPasswordChanged(tx, link.accountId, originIn(device, now));
      return link.accountId;
    });
    this.directory.forget(accountId);
  }

  private async change(tx: PlatformTx, { accountId, address }: OpenLink): Promise<string> {
    if (await this.links.isReserved(tx, address, accountId)) throw new EmailTaken();
    const changed = await tx.query(
      `update accounts set email = $2, email_confirmed_at = $3
       where id = $1 and not exists (select from accounts where email = $2 and id <> $1) returning 1`,
      [accountId, address, this.clock.now()],
    );
    if (changed.length === 0) throw new EmailTaken();
    await this.links.end(tx, accountId, ['reset_password', 'confirm_address']);
    return address;
  }

  private async locked(tx: PlatformTx, accountId: string): Promise<AccountRow | null> {
    await lockAccount(tx, accountId);
    return tx.manager.findOneBy(AccountRow, { id: accountId });
  }
}
