import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import {
  AccountService,
  InvitationService,
  type OpenSession,
  type Profile,
  type SecondFactorProof,
  SecondFactors,
  SessionTokens,
  type SignUp,
} from '#libs/tenants';
import { networkOf } from '../../http/address.js';
import type { CreatorSession } from '../../http/audience.js';
import type { Origin } from '../../http/origin.js';
import { AccessTokens } from './access-tokens.service.js';
import { Attempts } from './attempts.js';

const PER_ACCOUNT = 5;
const PER_ADDRESS = 20;
/** Each costs a hash and rows, and offices share an address. */
const SIGN_UPS_PER_ADDRESS = 60;

export interface Credentials {
  readonly accessToken: string;
  readonly session: OpenSession;
}

export interface Switched {
  readonly accessToken: string;
  readonly profile: Profile;
}

/** Ways in. Attempts are counted before anything is looked up, so that the limits say nothing about which accounts exist. */
@Injectable()
export class AuthService {
  private readonly byAccount = new Attempts(PER_ACCOUNT);
  private readonly byAddress = new Attempts(PER_ADDRESS);
  private readonly signUps = new Attempts(SIGN_UPS_PER_ADDRESS);

  constructor(
    private readonly accounts: AccountService,
    private readonly invitations: InvitationService,
    private readonly factors: SecondFactors,
    private readonly sessions: SessionTokens,
    private readonly tokens: AccessTokens,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws TooManyAttempts, EmailTaken */
  async signUp(form: SignUp, { address, device }: Origin): Promise<Credentials> {
    this.signUps.take(networkOf(address), this.clock.now());
    return this.withToken(await this.accounts.signUp(form, device));
  }

  /** @throws TooManyAttempts, WrongCredentials, NoWorkspace, SecondFactorRequired, WrongSecondFactor, CodesLocked */
  logIn(email: string, password: string, proof: SecondFactorProof, { address, device }: Origin): Promise<Credentials> {
    this.byAddress.take(networkOf(address), this.clock.now());
    return this.guess(email, () => this.accounts.logIn(email, password, device, proof));
  }

  /**
   * Whoever invites knows the token, so this is a way to try passwords, too, and shares its limits with the login.
   * @throws TooManyAttempts, InvitationInvalid, WrongCredentials, AlreadyMember, SecondFactorRequired, WrongSecondFactor, CodesLocked
   */
  async accept(
    token: string,
    password: string,
    proof: SecondFactorProof,
    { address, device }: Origin,
  ): Promise<Credentials> {
    this.byAddress.take(networkOf(address), this.clock.now());
    const email = await this.invitations.addressee(token);
    return this.guess(email, () => this.invitations.accept(token, password, device, proof));
  }

  /** @throws TooManyAttempts, WrongPassword, SecondFactorRequired, WrongSecondFactor, CodesLocked */
  changePassword(
    { accountId, credentialId }: CreatorSession,
    passwords: { readonly current: string; readonly next: string },
    proof: SecondFactorProof,
  ): Promise<void> {
    return this.counted(accountId, () => this.accounts.changePassword(accountId, credentialId, passwords, proof));
  }

  /** @throws TooManyAttempts, WrongPassword, SecondFactorActive */
  beginSecondFactor({ accountId }: CreatorSession, password: string) {
    return this.counted(accountId, () => this.factors.begin(accountId, password));
  }

  /** @throws TooManyAttempts, SecondFactorNotBegun, SecondFactorActive, WrongSecondFactor */
  confirmSecondFactor({ accountId, credentialId }: CreatorSession, code: string) {
    return this.counted(accountId, () => this.factors.confirm(accountId, credentialId, code));
  }

  /** @throws TooManyAttempts, WrongPassword, SecondFactorRequired, WrongSecondFactor, CodesLocked */
  disableSecondFactor(
    { accountId, credentialId }: CreatorSession,
    password: string,
    proof: SecondFactorProof,
  ): Promise<void> {
    return this.counted(accountId, () => this.factors.disable(accountId, credentialId, password, proof));
  }

  /** @throws NotFound when the account is no member of that workspace */
  async switchTo({ accountId, credentialId }: CreatorSession, tenantId: string): Promise<Switched> {
    const profile = await this.accounts.switchTo(accountId, credentialId, tenantId);
    return { profile, accessToken: await this.tokens.issue({ sessionId: credentialId, profile }) };
  }

  /** @throws RefreshRefused, RefreshInProgress */
  async refresh(refreshToken: string): Promise<Credentials> {
    return this.withToken(await this.sessions.refresh(refreshToken));
  }

  private async guess(email: string, open: () => Promise<OpenSession>): Promise<Credentials> {
    return this.withToken(await this.counted(email, open));
  }

  private async counted<T>(key: string, work: () => Promise<T>): Promise<T> {
    this.byAccount.take(key, this.clock.now());
    const done = await work();
    // Only who knows the password, and has the second factor, gets here: five are allowed to fail, not five to succeed.
    this.byAccount.forget(key);
    return done;
  }

  private async withToken(session: OpenSession): Promise<Credentials> {
    return { session, accessToken: await this.tokens.issue(session) };
  }
}
