import { Inject, Injectable } from '@nestjs/common';
import type { AuditContext } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { type OpenStaffSession, StaffAccounts, type StaffChallenge, type StaffClaim, StaffSessions } from '#libs/staff';
import { Attempts } from '../../creator/auth/attempts.js';
import { networkOf } from '../../http/address.js';
import type { StaffSession } from '../../http/audience.js';
import { StaffTokens } from './staff-tokens.service.js';

const PER_ACCOUNT = 5;
const PER_ADDRESS = 20;

export interface StaffCredentials {
  readonly accessToken: string;
  readonly session: OpenStaffSession;
}

/** The ways in for staff. Attempts are counted before anything is looked up, passwords and codes each for themselves. */
@Injectable()
export class StaffAuthService {
  private readonly passwords = new Attempts(PER_ACCOUNT);
  private readonly codes = new Attempts(PER_ACCOUNT);
  private readonly addresses = new Attempts(PER_ADDRESS);

  constructor(
    private readonly sessions: StaffSessions,
    private readonly accounts: StaffAccounts,
    private readonly tokens: StaffTokens,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws TooManyAttempts, WrongCredentials */
  async logIn(email: string, password: string, address: string): Promise<{ challenge: StaffChallenge; token: string }> {
    this.addresses.take(networkOf(address), this.clock.now());
    this.passwords.take(email, this.clock.now());
    const challenge = await this.sessions.logIn(email, password);
    this.passwords.forget(email);
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
  async changePassword({ staffId, sessionId }: StaffSession, current: string, next: string): Promise<void> {
    this.passwords.take(staffId, this.clock.now());
    await this.accounts.changePassword(staffId, sessionId, current, next);
    this.passwords.forget(staffId);
  }

  private async second(
    token: string,
    open: (claim: StaffClaim) => Promise<OpenStaffSession>,
  ): Promise<StaffCredentials> {
    // Whoever has a challenge knew the password, so only the codes are left to guess.
    const claim = await this.tokens.readChallenge(token);
    this.codes.take(claim.staffId, this.clock.now());
    const session = await open(claim);
    this.codes.forget(claim.staffId);
    return this.withToken(session);
  }

  private async withToken(session: OpenStaffSession): Promise<StaffCredentials> {
    return { session, accessToken: await this.tokens.access(session) };
  }
}
