import { Inject, Injectable } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import { type Clock, newUuid, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import {
  EmailTaken,
  judgeRefresh,
  normalEmail,
  RefreshInProgress,
  RefreshRefused,
  SESSION_LIFETIME,
  WrongCredentials,
} from './account.js';
import { AccountRow, MembershipRow } from './account.entity.js';
import { Passwords } from './passwords.service.js';
import type { Role } from './scope.js';
import { newSecret, sha256 } from './secret.js';
import { SessionStore } from './session.store.js';
import type { TenantState } from './tenant.js';
import { TenantRow } from './tenant.entity.js';

export interface SignUp {
  readonly email: string;
  /** 10 to 200 characters. */
  readonly password: string;
  /** Name of the new workspace, 1 to 100 characters. */
  readonly workspace: string;
}

export interface Profile {
  readonly accountId: string;
  readonly email: string;
  readonly role: Role;
  readonly tenant: {
    readonly id: string;
    readonly name: string;
    readonly state: TenantState;
    readonly createdAt: Date;
  };
}

/** What a login or a refresh yields. */
export interface OpenSession {
  readonly sessionId: string;
  /** Opaque, works once; shown here and nowhere else. */
  readonly refreshToken: string;
  readonly profile: Profile;
}

/** Accounts, and the sessions that they open. */
@Injectable()
export class AccountService {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionStore,
    private readonly passwords: Passwords,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Makes an account, a workspace that it owns, and a session. @throws EmailTaken, and then nothing was made */
  async signUp({ email, password, workspace }: SignUp): Promise<OpenSession> {
    const passwordHash = await this.passwords.hash(password);
    return this.db.inPlatform('a new account and its workspace', async (tx) => {
      const accountId = newUuid();
      const made = await tx.query(
        'insert into accounts (id, email, password_hash) values ($1, $2, $3) on conflict (email) do nothing returning 1',
        [accountId, normalEmail(email), passwordHash],
      );
      if (made.length === 0) throw new EmailTaken();
      const tenantId = newUuid();
      await tx.manager.insert(TenantRow, { id: tenantId, name: workspace });
      await tx.manager.insert(MembershipRow, { tenantId, accountId, role: 'owner' });
      return this.open(tx, await this.profileOf(tx, accountId));
    });
  }

  /** Opens a session in the first workspace that the account joined. @throws WrongCredentials, whichever of the two is wrong */
  async logIn(email: string, password: string): Promise<OpenSession> {
    const account = await this.db.inPlatform('who logs in', (tx) =>
      tx.manager.findOneBy(AccountRow, { email: normalEmail(email) }),
    );
    const matches = await this.passwords.matches(account?.passwordHash, password);
    if (account === null || !matches) throw new WrongCredentials();
    return this.db.inPlatform('open a session', async (tx) => this.open(tx, await this.profileOf(tx, account.id)));
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
      if (verdict === 'reused') await this.sessions.revoke(tx, token.sessionId, now, 'refresh_token_reused');
      if (verdict !== 'rotate') return verdict;
      await this.sessions.markUsed(tx, hash, now);
      const profile = await this.findProfile(tx, token.accountId, token.tenantId);
      if (profile === undefined) throw new RefreshRefused();
      return { sessionId: token.sessionId, refreshToken: await this.issue(tx, token.sessionId, now), profile };
    });
    if (result === 'in_progress') throw new RefreshInProgress();
    if (result === 'reused' || result === 'ended') throw new RefreshRefused();
    return result;
  }

  /** Ends a session: it cannot be refreshed any more. An access token of it lives on until it expires. Safe to repeat. */
  async logOut(sessionId: string): Promise<void> {
    await this.db.inPlatform('end a session', (tx) =>
      this.sessions.revoke(tx, sessionId, this.clock.now(), 'logged_out'),
    );
  }

  /** @throws NotFound when the account is not a member of the workspace (any more) */
  profile(accountId: string, tenantId: string): Promise<Profile> {
    return this.db.inPlatform('show somebody their own account', (tx) => this.profileOf(tx, accountId, tenantId));
  }

  private async open(tx: PlatformTx, profile: Profile): Promise<OpenSession> {
    const now = this.clock.now();
    const sessionId = newUuid();
    await this.sessions.open(tx, {
      id: sessionId,
      accountId: profile.accountId,
      ownerTenant: profile.tenant.id,
      createdAt: now,
      expiresAt: new Date(now.getTime() + SESSION_LIFETIME),
    });
    return { sessionId, refreshToken: await this.issue(tx, sessionId, now), profile };
  }

  private async issue(tx: PlatformTx, sessionId: string, now: Date): Promise<string> {
    const refreshToken = newSecret();
    await this.sessions.issue(tx, sessionId, sha256(refreshToken), now);
    return refreshToken;
  }

  private async profileOf(tx: PlatformTx, accountId: string, tenantId?: string): Promise<Profile> {
    const profile = await this.findProfile(tx, accountId, tenantId);
    if (profile === undefined) throw new NotFound('workspace');
    return profile;
  }

  private async findProfile(tx: PlatformTx, accountId: string, tenantId?: string): Promise<Profile | undefined> {
    const rows = await tx.query<Omit<Profile, 'tenant'> & Profile['tenant']>(
      `select a.id as "accountId", a.email, m.role, t.id, t.name, t.state, t.created_at as "createdAt"
       from accounts a join memberships m on m.account_id = a.id join tenants t on t.id = m.tenant_id
       where a.id = $1 and ($2::uuid is null or t.id = $2)
       order by m.created_at, t.id limit 1`,
      [accountId, tenantId ?? null],
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    const { email, role, id, name, state, createdAt } = row;
    return { accountId, email, role, tenant: { id, name, state, createdAt } };
  }
}
