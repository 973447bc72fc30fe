import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { AccountService, type OpenSession, type SignUp } from '#libs/tenants';
import { AccessTokens } from './access-tokens.service.js';
import { Attempts, networkOf } from './attempts.js';

const PER_ACCOUNT = 5;
const PER_ADDRESS = 20;
/** Each costs a hash and rows, and offices share an address. */
const SIGN_UPS_PER_ADDRESS = 60;

export interface Credentials {
  readonly accessToken: string;
  readonly session: OpenSession;
}

/** Ways in. Attempts are counted before anything is looked up, so that the limits say nothing about which accounts exist. */
@Injectable()
export class AuthService {
  private readonly byAccount = new Attempts(PER_ACCOUNT);
  private readonly byAddress = new Attempts(PER_ADDRESS);
  private readonly signUps = new Attempts(SIGN_UPS_PER_ADDRESS);

  constructor(
    private readonly accounts: AccountService,
    private readonly tokens: AccessTokens,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws TooManyAttempts, EmailTaken */
  async signUp(form: SignUp, address: string): Promise<Credentials> {
    this.signUps.take(networkOf(address), this.clock.now());
    return this.withToken(await this.accounts.signUp(form));
  }

  /** @throws TooManyAttempts, WrongCredentials */
  async logIn(email: string, password: string, address: string): Promise<Credentials> {
    const now = this.clock.now();
    this.byAddress.take(networkOf(address), now);
    this.byAccount.take(email, now);
    const session = await this.accounts.logIn(email, password);
    // Only who knows the password gets here: five are allowed to fail, not five to succeed.
    this.byAccount.forget(email);
    return this.withToken(session);
  }

  /** @throws RefreshRefused, RefreshInProgress */
  async refresh(refreshToken: string): Promise<Credentials> {
    return this.withToken(await this.accounts.refresh(refreshToken));
  }

  private async withToken(session: OpenSession): Promise<Credentials> {
    return { session, accessToken: await this.tokens.issue(session) };
  }
}
