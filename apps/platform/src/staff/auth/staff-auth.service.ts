import { Injectable } from '@nestjs/common';
import { type OpenStaffSession, StaffAccounts, type StaffChallenge, type StaffClaim, StaffSessions } from '#libs/staff';
import { networkOf } from '../../http/address.js';
import type { StaffSession } from '../../http/audience.js';
import { LoginAttempts } from '../../http/login-attempts.js';
import type { Origin } from '../../http/origin.js';
import { StaffTokens } from '../../http/staff-tokens.service.js';

export interface StaffCredentials {
  readonly accessToken: string;
  readonly session: OpenStaffSession;
}

/** Logs staff in. Attempts are counted before anything is looked up, passwords and codes separately. */
@Injectable()
export class StaffAuthService {
  constructor(
    private readonly sessions: StaffSessions,
    private readonly accounts: StaffAccounts,
    private readonly tokens: StaffTokens,
    private readonly attempts: LoginAttempts,
  ) {}

  /** @throws TooManyAttempts, WrongCredentials */
  async logIn(
    email: string,
    password: string,
    origin: Origin,
    deviceToken: string | undefined,
  ): Promise<{ challenge: StaffChallenge; token: string }> {
    const visitor = { account: email, origin, deviceToken, earlier: this.sessions.earlier(email) };
    const challenge = await this.attempts.logIn(visitor, () => this.sessions.logIn(email, password));
    return { challenge, token: await this.tokens.challenge(challenge) };
  }

  /** @throws TooManyAttempts, ChallengeInvalid, WrongCode, CodesLocked */
  confirm(token: string, code: string, origin: Origin): Promise<StaffCredentials> {
    return this.second(token, origin, (claim) => this.sessions.confirm(claim, code, origin.device));
  }

  /** @throws TooManyAttempts, ChallengeInvalid, WrongCode */
  recover(token: string, recoveryCode: string, origin: Origin): Promise<StaffCredentials> {
    return this.second(token, origin, (claim) => this.sessions.recover(claim, recoveryCode, origin.device));
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
    return this.attempts.guess(staffId, sessionId, () =>
      this.accounts.changePassword(staffId, sessionId, current, next),
    );
  }

  private async second(
    token: string,
    { address }: Origin,
    open: (claim: StaffClaim) => Promise<OpenStaffSession>,
  ): Promise<StaffCredentials> {
    // Whoever has a challenge knew the password, so only the codes are left to guess.
    const claim = await this.tokens.readChallenge(token);
    return this.withToken(await this.attempts.guess(`code of ${claim.staffId}`, networkOf(address), () => open(claim)));
  }

  private async withToken(session: OpenStaffSession): Promise<StaffCredentials> {
    return { session, accessToken: await this.tokens.access(session) };
  }
}
