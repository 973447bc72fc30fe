import { Injectable } from '@nestjs/common';
import {
  AccountService,
  InvitationService,
  type OpenSession,
  type Profile,
  type SecondFactorProof,
  SecondFactors,
  SessionService,
  SessionTokens,
  type SignUp,
} from '#libs/tenants';
import type { CreatorSession } from '../../http/audience.js';
import { LoginAttempts, type Visitor } from '../../http/login-attempts.js';
import type { Origin } from '../../http/origin.js';
import { AccessTokens } from './access-tokens.service.js';

export interface Credentials {
  readonly accessToken: string;
  readonly session: OpenSession;
}

export interface Switched {
  readonly accessToken: string;
  readonly profile: Profile;
}

export interface LogIn {
  readonly email: string;
  readonly password: string;
  /** A refresh token that this device received before. */
  readonly deviceToken: string | undefined;
  readonly proof: SecondFactorProof;
}

/** Logs people in. Attempts are counted before anything is looked up. */
@Injectable()
export class AuthService {
  constructor(
    private readonly accounts: AccountService,
    private readonly invitations: InvitationService,
    private readonly factors: SecondFactors,
    private readonly sessions: SessionTokens,
    private readonly own: SessionService,
    private readonly tokens: AccessTokens,
    private readonly attempts: LoginAttempts,
  ) {}

  /** @throws TooManyAttempts, EmailTaken */
  async signUp(form: SignUp, { address, device }: Origin): Promise<Credentials> {
    await this.attempts.signUp(address);
    return this.withToken(await this.accounts.signUp(form, device));
  }

  /** @throws TooManyAttempts, WrongCredentials, NoWorkspace, SecondFactorRequired, WrongSecondFactor, CodesLocked */
  async logIn({ email, password, deviceToken, proof }: LogIn, origin: Origin): Promise<Credentials> {
    return this.enter({ account: email, origin, deviceToken }, () =>
      this.accounts.logIn(email, password, origin.device, proof),
    );
  }

  /**
   * Accepts an invitation. The inviter knows the token and could use it to try passwords, so the limits of the login
   * apply.
   * @throws TooManyAttempts, InvitationInvalid, WrongCredentials, AlreadyMember, SecondFactorRequired,
   * WrongSecondFactor, CodesLocked
   */
  async accept(token: string, password: string, proof: SecondFactorProof, origin: Origin): Promise<Credentials> {
    const account = await this.invitations.addressee(token);
    return this.enter({ account, origin }, () => this.invitations.accept(token, password, origin.device, proof));
  }

  /** @throws TooManyAttempts, WrongPassword, SecondFactorRequired, WrongSecondFactor, CodesLocked */
  changePassword(
    { accountId, credentialId }: CreatorSession,
    passwords: { readonly current: string; readonly next: string },
    proof: SecondFactorProof,
    { device }: Origin,
  ): Promise<void> {
    return this.attempts.guess(accountId, credentialId, () =>
      this.accounts.changePassword(accountId, credentialId, passwords, proof, device),
    );
  }

  /** @throws TooManyAttempts, WrongPassword, SecondFactorActive */
  beginSecondFactor({ accountId, credentialId }: CreatorSession, password: string) {
    return this.attempts.guess(accountId, credentialId, () => this.factors.begin(accountId, password));
  }

  /** @throws TooManyAttempts, SecondFactorNotBegun, SecondFactorActive, WrongSecondFactor */
  confirmSecondFactor({ accountId, credentialId }: CreatorSession, code: string) {
    return this.attempts.guess(accountId, credentialId, () => this.factors.confirm(accountId, credentialId, code));
  }

  /** @throws TooManyAttempts, WrongPassword, SecondFactorRequired, WrongSecondFactor, CodesLocked */
  disableSecondFactor(
    { accountId, credentialId }: CreatorSession,
    password: string,
    proof: SecondFactorProof,
  ): Promise<void> {
    return this.attempts.guess(accountId, credentialId, () =>
      this.factors.disable(accountId, credentialId, password, proof),
    );
  }

  /** @throws NotFound when the account is not a member of that workspace */
  async switchTo({ accountId, credentialId }: CreatorSession, tenantId: string): Promise<Switched> {
    const profile = await this.accounts.switchTo(accountId, credentialId, tenantId);
    return { profile, accessToken: await this.tokens.issue({ sessionId: credentialId, profile }) };
  }

  /** @throws RefreshRefused, RefreshInProgress */
  async refresh(refreshToken: string): Promise<Credentials> {
    return this.withToken(await this.sessions.refresh(refreshToken));
  }

  private async enter(visitor: Omit<Visitor, 'earlier'>, open: () => Promise<OpenSession>): Promise<Credentials> {
    const earlier = this.own.earlier(visitor.account);
    return this.withToken(await this.attempts.logIn({ ...visitor, earlier }, open));
  }

  private async withToken(session: OpenSession): Promise<Credentials> {
    return { session, accessToken: await this.tokens.issue(session) };
  }
}
