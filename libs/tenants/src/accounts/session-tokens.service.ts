import { Inject, Injectable } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import { type AuditContext, AuditStore } from '#libs/journal';
import { type Clock, DAY, newUuid, NotFound, publicId } from '#libs/kernel';
import { MailStore } from '#libs/mail';
import { CLOCK } from '#libs/runtime';
import { judgeRefresh, RefreshInProgress, RefreshRefused, SESSION_LIFETIME, WrongCredentials } from './account.js';
import { originIn } from './account-mails.service.js';
import { findProfile, type Profile } from './profile.rows.js';
import type { SecondFactorProof, WrongSecondFactor } from './second-factor.js';
import { SecondFactors } from './second-factor.service.js';
import { newSecret, sha256 } from '../secret.js';
import { SessionDirectory } from './session-directory.service.js';
import { SessionStore } from './session.store.js';

const DEVICE_NOTICES_PER_DAY = 5;

/** The result of a login or a refresh. */
export interface OpenSession {
  readonly sessionId: string;
  /** Opaque, works once; shown only here. */
  readonly refreshToken: string;
  readonly profile: Profile;
}

/** The account and the workspace of a new session. */
export interface Entrant {
  readonly accountId: string;
  readonly tenantId: string;
}

/** Opens sessions, and exchanges the refresh tokens that keep them open. */
@Injectable()
export class SessionTokens {
  constructor(
    private readonly db: Database,
    private readonly sessions: SessionStore,
    private readonly directory: SessionDirectory,
    private readonly factors: SecondFactors,
    private readonly audit: AuditStore,
    private readonly mails: MailStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Checks an account that has proved its password before a session is opened. Call it first in the transaction that
   * opens the session.
   * @param passwordHash the hash that the password was checked against
   * @returns the refusal of a wrong second factor: see {@link SecondFactors.prove}
   * @throws WrongCredentials when the password was changed meanwhile: a session opened with the old one would survive
   * the change
   * @throws SecondFactorRequired, CodesLocked
   */
  async admit(
    tx: PlatformTx,
    { accountId, passwordHash }: { readonly accountId: string; readonly passwordHash: string },
    device: AuditContext,
    proof: SecondFactorProof,
  ): Promise<WrongSecondFactor | undefined> {
    const [unchanged] = await tx.query('select 1 from accounts where id = $1 and password_hash = $2 for share', [
      accountId,
      passwordHash,
    ]);
    if (unchanged === undefined) throw new WrongCredentials();
    return this.factors.prove(tx, accountId, proof, device);
  }

  /**
   * Opens a session within the caller's transaction, and records it in the audit log of the workspace. An existing
   * account has to pass {@link admit} first.
   * @param action the operation of the API that does it
   * @throws NotFound when the account is not a member of the workspace
   */
  async open(
    tx: PlatformTx,
    action: string,
    { accountId, tenantId }: Entrant,
    device: AuditContext,
  ): Promise<OpenSession> {
    const now = this.clock.now();
    const sessionId = newUuid();
    const expiresAt = new Date(now.getTime() + SESSION_LIFETIME);
    const profile = await findProfile(tx, accountId, tenantId);
    if (profile === undefined) throw new NotFound('workspace');
    const owned = { id: sessionId, accountId, ownerTenant: tenantId, createdAt: now, expiresAt };
    await this.tellNewDevice(tx, { accountId, tenantId }, device, now);
    await this.sessions.open(tx, { ...owned, network: device.network, userAgent: device.userAgent });
    await this.audit.record(tx.asTenant(tenantId), {
      action,
      actor: { kind: 'account', id: accountId },
      via: 'session',
      targets: [publicId('session', sessionId)],
      context: device,
    });
    return { sessionId, refreshToken: await this.issue(tx, sessionId, now), profile };
  }

  /**
   * Exchanges a refresh token for its successor. Of several requests with one token exactly one receives a successor.
   * @throws RefreshRefused when it is unknown, its session or membership has ended, or it was used before: that ends
   * the session
   * @throws RefreshInProgress when it was exchanged within the last ten seconds; the session continues
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

  /** Ends the session of a refresh token, even a used one. An unknown token is ignored. */
  async end(refreshToken: string): Promise<void> {
    const accountId = await this.db.inPlatform('end the session of a token', async (tx) => {
      const token = await this.sessions.present(tx, sha256(refreshToken));
      if (token === undefined) return undefined;
      await this.sessions.revoke(tx, token.sessionId, this.clock.now(), 'logged_out');
      return token.accountId;
    });
    if (accountId !== undefined) this.directory.forget(accountId);
  }

  /**
   * Tells an account's owner about a new device. Someone who keeps changing programs or networks gets a few emails a
   * day, not one for each.
   */
  private async tellNewDevice(tx: PlatformTx, { accountId, tenantId }: Entrant, device: AuditContext, now: Date) {
    if (!(await this.sessions.isNewDevice(tx, accountId, device))) return;
    const today = await this.mails.countSince(tx, accountId, 'new_device', new Date(now.getTime() - DAY));
    if (today >= DEVICE_NOTICES_PER_DAY) return;
    const letter = { to: { accountId }, kind: 'new_device', facts: originIn(device, now) } as const;
    await this.mails.enqueue(tx.asTenant(tenantId), letter);
  }

  private async issue(tx: PlatformTx, sessionId: string, now: Date): Promise<string> {
    const refreshToken = newSecret();
    await this.sessions.issue(tx, sessionId, sha256(refreshToken), now);
    return refreshToken;
  }
}
