import { Injectable } from '@nestjs/common';
import type { AuditContext } from '#libs/journal';
import { type OpenStaffSession, StaffAccounts, type StaffChallenge, type StaffClaim, StaffSessions } from '#libs/staff';
import type { StaffSession } from '../../http/audience.js';
import { LoginAttempts } from '../../http/login-attempts.js';
import { StaffTokens } from './staff-tokens.service.js';

export interface StaffCredentials {
  readonly accessToken: string;
  readonly session: OpenStaffSession;
}

/** The ways in for staff. Attempts are counted before anything is looked up, passwords and codes each for themselves. */
@Injectable()
export class StaffAuthService {
  constructor(
    private readonly sessions: StaffSessions,
    private readonly accounts: StaffAccounts,
    private readonly tokens: StaffTokens,
    private readonly attempts: LoginAttempts,
  ) {}

  /** @throws TooManyAttempts, WrongCredentials */
  async logIn(email: string, password: string, address: string): Promise<{ challenge: StaffChallenge; token: string }> {
    await this.attempts.logIn(address);
    const challenge = await this.attempts.guess(email, () => this.sessions.logIn(email, password));
    return { challenge, token: await this.tokens.challenge(challenge) };
  }

  /** @throws TooManyAttempts, ChallengeInvalid, WrongCode, CodesLocked */
  confirm(token: string, code: string, context: AuditContext): Promise<StaffCredentials> {
    return this.second(token, (claim) => this.sessions.confirm(claim, code, context));
  }

  /** @throws TooManyAttempts, ChallengeInvalid, WrongCode */
  recover(token: string, recoveryCode: string, context: AuditContext): Promise<StaffCredentials> {
    return this.second(token, (claim) => this.sessions.recover(claim, recoveryCode, context));
  }

  /** @throws RefreshRefused, RefreshInProgress */
  async refresh(refreshToken: string): Promise<StaffCredentials> {
    return this.withToken(await this.sessions.refresh(refreshToken));
  }

  logOut({ staffId, sessionId }: StaffSession): Promise<void> {
    return this.sessions.logOut(staffId, sessionId);
  }

  /** @throws TooManyAttempts, WrongPassword */
  changePassword({ staffId, sessionId }: StaffSession, current: string, next: string): Promise<void> {
    return this.attempts.guess(staffId, () => this.accounts.changePassword(staffId, sessionId, current, next));
  }

  private async second(
    token: string,
    open: (claim: StaffClaim) => Promise<OpenStaffSession>,
  ): Promise<StaffCredentials> {
    // Whoever has a challenge knew the password, so only the codes are left to guess.
    const claim = await this.tokens.readChallenge(token);
    return this.withToken(await this.attempts.guess(`code of ${claim.staffId}`, () => open(claim)));
  }

  private async withToken(session: OpenStaffSession): Promise<StaffCredentials> {
    return { session, accessToken: await this.tokens.access(session) };
  }
}
