import { Inject, Injectable } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import { type AuditContext, AuditStore } from '#libs/journal';
import { type Clock, newUuid, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import {
  type EarlierLogins,
  judgeRefresh,
  newSecret,
  normalEmail,
  Passwords,
  RefreshInProgress,
  RefreshRefused,
  sha256,
  WrongCredentials,
} from '#libs/tenants';
import { STAFF_SESSION_IDLE, STAFF_SESSION_LIFETIME, type StaffClaim, WrongCode } from './staff.js';
import { StaffDirectory } from './staff-directory.service.js';
import { StaffFactors } from './staff-factor.service.js';

/** The password was correct; no session exists yet. */
export interface StaffChallenge extends StaffClaim {
  /** For an account without a confirmed second factor: the seed for its authenticator, shown once. */
  readonly enrolment: { readonly seed: string; readonly address: string } | undefined;
}

export interface OpenStaffSession {
  readonly staffId: string;
  readonly sessionId: string;
  /** Opaque, works once; returned only here. */
  readonly refreshToken: string;
  /** Set only if a second factor was just confirmed; returned only here. */
  readonly recoveryCodes?: readonly string[];
}

/**
 * Staff logins: a password, then a second factor, then a session of at most twelve hours that ends after an idle
 * hour.
 */
@Injectable()
export class StaffSessions {
  constructor(
    private readonly db: Database,
    private readonly passwords: Passwords,
    private readonly factors: StaffFactors,
    private readonly directory: StaffDirectory,
    private readonly audit: AuditStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Does the first half of a login. An account without a confirmed second factor gets a new one each time, until one is
   * confirmed.
   * @throws WrongCredentials for any reason, including a disabled account
   */
  async logIn(email: string, password: string): Promise<StaffChallenge> {
    const [account] = await this.db.inPlatform('find the member of staff who logs in', (tx) =>
      tx.query<StaffClaim & { email: string; hash: string; confirmedAt: Date | null }>(
        `select id as "staffId", email, password_hash as hash, generation, totp_confirmed_at as "confirmedAt"
         from staff_accounts where email = $1 and disabled_at is null`,
        [normalEmail(email)],
      ),
    );
    const matches = await this.passwords.matches(account?.hash, password);
    if (account === undefined || !matches) throw new WrongCredentials();
    const { staffId, generation } = account;
    if (account.confirmedAt !== null) return { staffId, generation, enrolment: undefined };
    return { staffId, generation, enrolment: await this.factors.offer(staffId, account.email) };
  }

  /**
   * Completes a login with a code of the authenticator; the first correct one confirms it.
   * @throws ChallengeInvalid, WrongCode; CodesLocked after ten wrong codes in a row
   */
  async confirm(claim: StaffClaim, code: string, context: AuditContext): Promise<OpenStaffSession> {
    const session = await this.db.inPlatform('open a staff session', async (tx) => {
      const recoveryCodes = await this.factors.prove(tx, claim, code, context);
      if (recoveryCodes instanceof WrongCode) return recoveryCodes;
      if (recoveryCodes.length === 0) return this.open(tx, claim.staffId, 'staff_logged_in', context);
      return { ...(await this.open(tx, claim.staffId, 'staff_second_factor_confirmed', context)), recoveryCodes };
    });
    if (session instanceof WrongCode) throw session;
    return session;
  }

  /** Completes a login with one of the recovery codes, which is consumed. @throws ChallengeInvalid, WrongCode */
  recover(claim: StaffClaim, recoveryCode: string, context: AuditContext): Promise<OpenStaffSession> {
    return this.db.inPlatform('open a staff session with a recovery code', async (tx) => {
      await this.factors.recover(tx, claim, recoveryCode);
      return this.open(tx, claim.staffId, 'staff_recovery_code_used', context);
    });
  }

  /**
   * Exchanges a refresh token for its successor, which counts as activity.
   * @throws RefreshRefused when the token is unknown, its session has ended, or it was used before, which ends the
   * session
   * @throws RefreshInProgress when it was exchanged within the last ten seconds; the session continues
   */
  async refresh(refreshToken: string): Promise<OpenStaffSession> {
    const hash = sha256(refreshToken);
    const result = await this.db.inPlatform('exchange a refresh token of staff', async (tx) => {
      const [found] = await tx.query<PresentedStaffToken>(PRESENT, [hash]);
      if (found === undefined) return 'ended';
      const { staffId, sessionId } = found;
      const now = this.clock.now();
      const verdict = judgeRefresh(found, now);
      // The end of the session has to be committed, so it is returned and thrown outside.
      if (verdict === 'reused') {
        await this.end(tx, sessionId, now, 'refresh_token_reused');
        return { reusedBy: staffId };
      }
      if (verdict !== 'rotate') return verdict;
      await tx.query('update staff_refresh_tokens set used_at = $2 where hash = $1', [hash, now]);
      await tx.query('update staff_sessions set idle_until = least(expires_at, $2) where id = $1', [
        sessionId,
        new Date(now.getTime() + STAFF_SESSION_IDLE),
      ]);
      return { staffId, sessionId, refreshToken: await this.issue(tx, sessionId, now) };
    });
    if (result === 'in_progress') throw new RefreshInProgress();
    if (result === 'ended') throw new RefreshRefused();
    if ('reusedBy' in result) {
      this.directory.forget(result.reusedBy);
      throw new RefreshRefused();
    }
    return result;
  }

  /** Returns the addresses and devices of a staff member's earlier logins. */
  earlier(email: string): EarlierLogins {
    const found = (sql: string, asked: unknown) =>
      this.db.inPlatform('check for earlier staff logins from this network or device', (tx) =>
        tx.query<{ id: string }>(sql, [normalEmail(email), asked]),
      );
    return {
      fromNetwork: async (network) => (await found(FROM_NETWORK, network)).length > 0,
      onDevice: async (refreshToken) => (await found(ON_DEVICE, sha256(refreshToken)))[0]?.id,
    };
  }

  /** Idempotent. */
  async logOut(staffId: string, sessionId: string): Promise<void> {
    await this.db.inPlatform('end a staff session', (tx) => this.end(tx, sessionId, this.clock.now(), 'logged_out'));
    this.directory.forget(staffId);
  }

  /** Ends the session of a refresh token, even a used one. An unknown token is ignored. */
  async endByToken(refreshToken: string): Promise<void> {
    const staffId = await this.db.inPlatform('end the staff session of a token', async (tx) => {
      const [found] = await tx.query<PresentedStaffToken>(PRESENT, [sha256(refreshToken)]);
      if (found !== undefined) await this.end(tx, found.sessionId, this.clock.now(), 'logged_out');
      return found?.staffId;
    });
    if (staffId !== undefined) this.directory.forget(staffId);
  }

  private async open(tx: PlatformTx, staffId: string, action: string, context: AuditContext) {
    const sessionId = newUuid();
    const now = this.clock.now();
    const after = (ms: number) => new Date(now.getTime() + ms);
    await tx.query(
      'insert into staff_sessions (id, staff_id, created_at, idle_until, expires_at, network) values ($1, $2, $3, $4, $5, $6)',
      [sessionId, staffId, now, after(STAFF_SESSION_IDLE), after(STAFF_SESSION_LIFETIME), context.network],
    );
    const actor = { kind: 'staff', id: staffId } as const;
    const targets = [publicId('staff', staffId)];
    await this.audit.recordForStaff(tx, { action, actor, via: 'staff', targets, context });
    return { staffId, sessionId, refreshToken: await this.issue(tx, sessionId, now) };
  }

  private async issue(tx: PlatformTx, sessionId: string, now: Date): Promise<string> {
    const refreshToken = newSecret();
    await tx.query('insert into staff_refresh_tokens (hash, session_id, issued_at) values ($1, $2, $3)', [
      sha256(refreshToken),
      sessionId,
      now,
    ]);
    return refreshToken;
  }

  private async end(tx: PlatformTx, sessionId: string, at: Date, because: string): Promise<void> {
    await tx.query(
      'update staff_sessions set revoked_at = $2, revoked_because = $3 where id = $1 and revoked_at is null',
      [sessionId, at, because],
    );
  }
}

interface PresentedStaffToken {
  readonly staffId: string;
  readonly sessionId: string;
  readonly usedAt: Date | null;
  readonly sessionExpiresAt: Date;
  readonly sessionRevokedAt: Date | null;
}

const FROM_NETWORK = `
select s.id from staff_accounts a join staff_sessions s on s.staff_id = a.id where a.email = $1 and s.network = $2 limit 1`;

const ON_DEVICE = `
select s.id from staff_refresh_tokens r join staff_sessions s on s.id = r.session_id join staff_accounts a on a.id = s.staff_id
where r.hash = $2 and a.email = $1`;

const PRESENT = `
select s.staff_id as "staffId", s.id as "sessionId", r.used_at as "usedAt", s.idle_until as "sessionExpiresAt",
       coalesce(s.revoked_at, a.disabled_at) as "sessionRevokedAt"
from staff_refresh_tokens r join staff_sessions s on s.id = r.session_id join staff_accounts a on a.id = s.staff_id
where r.hash = $1 for update of r, s`;
