import { Inject, Injectable } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import { NOWHERE } from '#libs/journal';
import { type Clock, newUuid, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { EmailTaken, normalEmail, NoWorkspace, WrongCredentials, WrongPassword } from './account.js';
import { AccountRow, MembershipRow } from './account.entity.js';
import { AccountLinks } from './account-link.store.js';
import { AccountMails, originIn } from './account-mails.service.js';
import { Passwords } from './passwords.service.js';
import { findProfile, type Profile } from './profile.rows.js';
import { NO_PROOF, orRefuse } from './second-factor.js';
import { SecondFactors } from './second-factor.service.js';
import { SessionRow } from './session.entity.js';
import { SessionDirectory } from './session-directory.service.js';
import { SessionStore } from './session.store.js';
import { type OpenSession, SessionTokens } from './session-tokens.service.js';
import { TenantRow } from '../workspace/tenant.entity.js';
import { latestWorkspace, type Workspace, workspacesOf } from './workspaces.rows.js';

export interface SignUp {
  readonly email: string;
  /** 10 to 200 characters. */
  readonly password: string;
  /** Name of the new workspace, 1 to 100 characters. */
  readonly workspace: string;
}

/** Manages accounts, and opens and ends their sessions. */
@Injectable()
export class AccountService {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionStore,
    private readonly directory: SessionDirectory,
    private readonly passwords: Passwords,
    private readonly factors: SecondFactors,
    private readonly tokens: SessionTokens,
    private readonly links: AccountLinks,
    private readonly mails: AccountMails,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Creates an account, a workspace that it owns, and a session, and emails a link to confirm the address.
   * @throws EmailTaken: then nothing was created
   */
  async signUp({ email, password, workspace }: SignUp, device = NOWHERE): Promise<OpenSession> {
    const passwordHash = await this.passwords.hash(password);
    return this.db.inPlatform('a new account and its workspace', async (tx) => {
      const accountId = await this.make(tx, email, passwordHash);
      const tenantId = newUuid();
      await tx.manager.insert(TenantRow, { id: tenantId, name: workspace });
      await tx.manager.insert(MembershipRow, { tenantId, accountId, role: 'owner' });
      await this.askToConfirm(tx, accountId, email);
      return this.tokens.open(tx, 'auth_sign_up', { accountId, tenantId }, device);
    });
  }

  /**
   * Creates an account without a workspace. @throws EmailTaken, even for an address that its former owner can still
   * restore
   */
  async make(tx: PlatformTx, email: string, passwordHash: string): Promise<string> {
    if (await this.links.isReserved(tx, normalEmail(email), null)) throw new EmailTaken();
    const accountId = newUuid();
    const made = await tx.query(
      'insert into accounts (id, email, password_hash) values ($1, $2, $3) on conflict (email) do nothing returning 1',
      [accountId, normalEmail(email), passwordHash],
    );
    if (made.length === 0) throw new EmailTaken();
    return accountId;
  }

  /** Emails a new member of a workspace a link to confirm the address of their new account. */
  askToConfirm(tx: PlatformTx, accountId: string, email: string): Promise<void> {
    return this.mails.sendLink(tx, { accountId, purpose: 'confirm_address', address: normalEmail(email), facts: {} });
  }

  /**
   * Opens a session in the workspace of the account's latest session, else in the first that it joined.
   * @throws WrongCredentials for a wrong address or password
   * @throws NoWorkspace when both are right and the account no longer belongs to a workspace
   * @throws SecondFactorRequired, WrongSecondFactor, CodesLocked when both are right and the account has a second
   * factor
   */
  async logIn(email: string, password: string, device = NOWHERE, proof = NO_PROOF): Promise<OpenSession> {
    const account = await this.db.inPlatform('find the account that logs in', (tx) =>
      tx.manager.findOneBy(AccountRow, { email: normalEmail(email) }),
    );
    const matches = await this.passwords.matches(account?.passwordHash, password);
    if (account === null || !matches) throw new WrongCredentials();
    const { id: accountId, passwordHash } = account;
    const session = await this.db.inPlatform('open a session', async (tx) => {
      const tenantId = await latestWorkspace(tx, accountId);
      if (tenantId === undefined) throw new NoWorkspace();
      const wrong = await this.tokens.admit(tx, { accountId, passwordHash }, device, proof);
      return wrong ?? this.tokens.open(tx, 'auth_log_in', { accountId, tenantId }, device);
    });
    return orRefuse(session);
  }

  /** Ends a session with all its tokens, in other processes within five seconds. Idempotent. */
  async logOut(accountId: string, sessionId: string): Promise<void> {
    await this.db.inPlatform('end a session', (tx) =>
      this.sessions.revoke(tx, sessionId, this.clock.now(), 'logged_out'),
    );
    this.directory.forget(accountId);
  }

  /**
   * Sets a new password, ends every other session of the account and its links to set a password, and tells its owner
   * by email. API keys belong to workspaces and do not change.
   * @param next 10 to 200 characters
   * @throws WrongPassword when `current` is not the password, or was changed concurrently
   * @throws SecondFactorRequired, WrongSecondFactor, CodesLocked
   */
  async changePassword(
    accountId: string,
    sessionId: string,
    { current, next }: { readonly current: string; readonly next: string },
    proof = NO_PROOF,
    device = NOWHERE,
  ): Promise<void> {
    const account = await this.db.inPlatform('find the account whose password changes', (tx) =>
      tx.manager.findOneBy(AccountRow, { id: accountId }),
    );
    if (account === null || !(await this.passwords.matches(account.passwordHash, current))) throw new WrongPassword();
    const hash = await this.passwords.hash(next);
    const refused = await this.db.inPlatform('change a password', async (tx) => {
      const unchanged = await tx.query(
        'select 1 from accounts where id = $1 and password_hash = $2 for no key update',
        [accountId, account.passwordHash],
      );
      if (unchanged.length === 0) throw new WrongPassword();
      const wrong = await this.factors.prove(tx, accountId, proof);
      if (wrong !== undefined) return wrong;
      await tx.query('update accounts set password_hash = $2 where id = $1', [accountId, hash]);
      const now = this.clock.now();
      await this.links.end(tx, accountId, ['reset_password']);
      await this.sessions.revokeOthers(tx, accountId, sessionId, now, 'password_changed');
      await this.mails.tellPasswordChanged(tx, accountId, originIn(device, now));
      return undefined;
    });
    orRefuse(refused);
    this.directory.forget(accountId);
  }

  /**
   * Moves a session to another workspace of its account: its refresh token stays valid and issues tokens for that one
   * from now on.
   * @throws NotFound when the account is not a member there
   */
  async switchTo(accountId: string, sessionId: string, tenantId: string): Promise<Profile> {
    return this.db.inPlatform('move a session to another workspace', async (tx) => {
      const profile = await this.profileOf(tx, accountId, tenantId);
      await tx.manager.update(SessionRow, { id: sessionId, accountId }, { ownerTenant: tenantId });
      return profile;
    });
  }

  /** The workspaces of an account, in the order in which it joined them. */
  workspaces(accountId: string): Promise<Workspace[]> {
    return this.db.inPlatform('show people their own workspaces', (tx) => workspacesOf(tx, accountId));
  }

  /** @throws NotFound when the account is not, or no longer, a member of the workspace */
  profile(accountId: string, tenantId: string): Promise<Profile> {
    return this.db.inPlatform('show people their own account', (tx) => this.profileOf(tx, accountId, tenantId));
  }

  private async profileOf(tx: PlatformTx, accountId: string, tenantId: string): Promise<Profile> {
    const profile = await findProfile(tx, accountId, tenantId);
    if (profile === undefined) throw new NotFound('workspace');
    return profile;
  }
}
