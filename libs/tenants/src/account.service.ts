import { Inject, Injectable } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import { type Clock, newUuid, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import {
  EmailTaken,
  judgeRefresh,
  normalEmail,
  NoWorkspace,
  RefreshInProgress,
  RefreshRefused,
  SESSION_LIFETIME,
  WrongCredentials,
  WrongPassword,
} from './account.js';
import { AccountRow, MembershipRow } from './account.entity.js';
import { Passwords } from './passwords.service.js';
import { findProfile, type Profile } from './profile.reader.js';
import type { Role } from './scope.js';
import { NO_PROOF, type SecondFactorProof } from './second-factor.js';
import { SecondFactors } from './second-factor.service.js';
import { newSecret, sha256 } from './secret.js';
import { SessionRow } from './session.entity.js';
import { SessionDirectory } from './session-directory.service.js';
import { SessionStore } from './session.store.js';
import { TenantRow } from './tenant.entity.js';

export interface SignUp {
  readonly email: string;
  /** 10 to 200 characters. */
  readonly password: string;
  /** Name of the new workspace, 1 to 100 characters. */
  readonly workspace: string;
}

export interface Workspace {
  readonly id: string;
  readonly name: string;
  /** The account's role there. */
  readonly role: Role;
}

/** From where a session is opened, as far as its owner may recognise it by that. */
export interface Device {
  /** A shortened address. */
  readonly network: string | null;
  /** At most 200 characters. */
  readonly userAgent: string | null;
}

/** Nothing is known. */
export const NO_DEVICE: Device = { network: null, userAgent: null };

/** What a login or a refresh yields. */
export interface OpenSession {
  readonly sessionId: string;
  /** Opaque, works once; shown here and nowhere else. */
  readonly refreshToken: string;
  readonly profile: Profile;
}

/** Who shows a password, and for which workspace. */
interface Entrant {
  readonly accountId: string;
  readonly tenantId: string;
  readonly passwordHash: string;
}

/** Accounts, and the sessions that they open. */
@Injectable()
export class AccountService {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionStore,
    private readonly directory: SessionDirectory,
    private readonly passwords: Passwords,
    private readonly factors: SecondFactors,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Makes an account, a workspace that it owns, and a session. @throws EmailTaken, and then nothing was made */
  async signUp({ email, password, workspace }: SignUp, device = NO_DEVICE): Promise<OpenSession> {
    const passwordHash = await this.passwords.hash(password);
    return this.db.inPlatform('a new account and its workspace', async (tx) => {
      const accountId = await this.make(tx, email, passwordHash);
      const tenantId = newUuid();
      await tx.manager.insert(TenantRow, { id: tenantId, name: workspace });
      await tx.manager.insert(MembershipRow, { tenantId, accountId, role: 'owner' });
      return this.open(tx, { accountId, tenantId, passwordHash }, device, NO_PROOF);
    });
  }

  /** Makes an account that belongs to no workspace yet. @throws EmailTaken */
  async make(tx: PlatformTx, email: string, passwordHash: string): Promise<string> {
    const accountId = newUuid();
    const made = await tx.query(
      'insert into accounts (id, email, password_hash) values ($1, $2, $3) on conflict (email) do nothing returning 1',
      [accountId, normalEmail(email), passwordHash],
    );
    if (made.length === 0) throw new EmailTaken();
    return accountId;
  }

  /**
   * Opens a session in the workspace where the account's latest session was, else in the first that it joined.
   * @throws WrongCredentials, whichever of the two is wrong
   * @throws NoWorkspace when both are right and the account belongs to no workspace any more
   * @throws SecondFactorRequired, WrongSecondFactor when both are right and the account has a second factor
   */
  async logIn(email: string, password: string, device = NO_DEVICE, proof = NO_PROOF): Promise<OpenSession> {
    const account = await this.db.inPlatform('who logs in', (tx) =>
      tx.manager.findOneBy(AccountRow, { email: normalEmail(email) }),
    );
    const matches = await this.passwords.matches(account?.passwordHash, password);
    if (account === null || !matches) throw new WrongCredentials();
    return this.db.inPlatform('open a session', async (tx) => {
      const tenantId = await this.latestWorkspace(tx, account.id);
      if (tenantId === undefined) throw new NoWorkspace();
      const { id: accountId, passwordHash } = account;
      return this.open(tx, { accountId, tenantId, passwordHash }, device, proof);
    });
  }

  /**
   * Exchanges a refresh token for its successor. Of several requests with one token exactly one receives a successor.
   * @throws RefreshRefused when it is unknown, its session or membership has ended, or it was used before: that ends the session
   * @throws RefreshInProgress when it was exchanged within the last ten seconds; the session goes on
   */
  async refresh(refreshToken: string): Promise<OpenSession> {
    const hash = sha256(refreshToken);
    const result = await this.db.inPlatform('exchange a refresh token', async (tx) => {
      const token = await this.sessions.present(tx, hash);
      if (token === undefined) return 'ended';
      const now = this.clock.now();
      const verdict = judgeRefresh(token, now);
      // The revocation has to be committed, so it is returned and thrown outside.
      if (verdict === 'reused') {
        await this.sessions.revoke(tx, token.sessionId, now, 'refresh_token_reused');
        return { reusedBy: token.accountId };
      }
      if (verdict !== 'rotate') return verdict;
      await this.sessions.markUsed(tx, hash, now);
      const profile = await findProfile(tx, token.accountId, token.tenantId);
      if (profile === undefined) throw new RefreshRefused();
      return { sessionId: token.sessionId, refreshToken: await this.issue(tx, token.sessionId, now), profile };
    });
    if (result === 'in_progress') throw new RefreshInProgress();
    if (result === 'ended') throw new RefreshRefused();
    if ('reusedBy' in result) {
      this.directory.forget(result.reusedBy);
      throw new RefreshRefused();
    }
    return result;
  }

  /** Ends a session with all its tokens, those of other processes within five seconds. Safe to repeat. */
  async logOut(accountId: string, sessionId: string): Promise<void> {
    await this.db.inPlatform('end a session', (tx) =>
      this.sessions.revoke(tx, sessionId, this.clock.now(), 'logged_out'),
    );
    this.directory.forget(accountId);
  }

  /**
   * Sets a new password and ends every session of the account but this one. API keys belong to workspaces and go on.
   * @param next 10 to 200 characters
   * @throws WrongPassword when `current` is not the password, or was changed at this moment
   * @throws SecondFactorRequired, WrongSecondFactor
   */
  async changePassword(
    accountId: string,
    sessionId: string,
    { current, next }: { readonly current: string; readonly next: string },
    proof = NO_PROOF,
  ): Promise<void> {
    const account = await this.db.inPlatform('whose password changes', (tx) =>
      tx.manager.findOneBy(AccountRow, { id: accountId }),
    );
    if (account === null || !(await this.passwords.matches(account.passwordHash, current))) throw new WrongPassword();
    const hash = await this.passwords.hash(next);
    await this.db.inPlatform('change a password', async (tx) => {
      const changed = await tx.query(
        'update accounts set password_hash = $3 where id = $1 and password_hash = $2 returning 1',
        [accountId, account.passwordHash, hash],
      );
      if (changed.length === 0) throw new WrongPassword();
      await this.factors.require(tx, accountId, proof);
      await this.sessions.revokeOthers(tx, accountId, sessionId, this.clock.now(), 'password_changed');
    });
    this.directory.forget(accountId);
  }

  /**
   * Moves a session to another workspace of its account: its refresh token stays good and from now on yields tokens for that one.
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
    return this.db.inPlatform('show somebody their own workspaces', (tx) =>
      tx.query<Workspace>(
        `select t.id, t.name, m.role from memberships m join tenants t on t.id = m.tenant_id
         where m.account_id = $1 order by m.created_at, t.id`,
        [accountId],
      ),
    );
  }

  /** @throws NotFound when the account is not a member of the workspace (any more) */
  profile(accountId: string, tenantId: string): Promise<Profile> {
    return this.db.inPlatform('show somebody their own account', (tx) => this.profileOf(tx, accountId, tenantId));
  }

  /**
   * Opens a session within the caller's transaction.
   * @param who with the hash that the password was checked against
   * @throws WrongCredentials when the password was changed meanwhile: a session that the old one opens would outlive the change
   * @throws SecondFactorRequired, WrongSecondFactor
   * @throws NotFound when the account is not a member of the workspace
   */
  async open(
    tx: PlatformTx,
    { accountId, tenantId, passwordHash }: Entrant,
    device: Device,
    proof: SecondFactorProof,
  ): Promise<OpenSession> {
    const [unchanged] = await tx.query('select 1 from accounts where id = $1 and password_hash = $2 for share', [
      accountId,
      passwordHash,
    ]);
    if (unchanged === undefined) throw new WrongCredentials();
    await this.factors.require(tx, accountId, proof);
    const now = this.clock.now();
    const sessionId = newUuid();
    const expiresAt = new Date(now.getTime() + SESSION_LIFETIME);
    const profile = await this.profileOf(tx, accountId, tenantId);
    const owned = { id: sessionId, accountId, ownerTenant: tenantId, createdAt: now, expiresAt };
    await this.sessions.open(tx, { ...owned, network: device.network, userAgent: device.userAgent });
    return { sessionId, refreshToken: await this.issue(tx, sessionId, now), profile };
  }

  private async issue(tx: PlatformTx, sessionId: string, now: Date): Promise<string> {
    const refreshToken = newSecret();
    await this.sessions.issue(tx, sessionId, sha256(refreshToken), now);
    return refreshToken;
  }

  private async latestWorkspace(tx: PlatformTx, accountId: string): Promise<string | undefined> {
    const rows = await tx.query<{ tenantId: string }>(
      `select m.tenant_id as "tenantId" from memberships m
       left join lateral (select s.owner_tenant from sessions s where s.account_id = $1 order by s.created_at desc limit 1) last
         on last.owner_tenant = m.tenant_id
       where m.account_id = $1 order by last.owner_tenant is null, m.created_at, m.tenant_id limit 1`,
      [accountId],
    );
    return rows[0]?.tenantId;
  }

  private async profileOf(tx: PlatformTx, accountId: string, tenantId: string): Promise<Profile> {
    const profile = await findProfile(tx, accountId, tenantId);
    if (profile === undefined) throw new NotFound('workspace');
    return profile;
  }
}
