import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { DomainError, MINUTE, SECOND } from '#libs/kernel';
import { networkOf } from './address.js';

const PER_ACCOUNT = 5;
const LOGINS_PER_NETWORK = 20;
/** Each costs a hash and rows, and offices share a network. */
const SIGN_UPS_PER_NETWORK = 60;

export class TooManyAttempts extends DomainError {
  readonly code = 'too_many_attempts';
  readonly refusal = 'too_many';
  readonly remedy = 'Wait a minute, then try again.';

  constructor(override readonly retryAfterSeconds: number) {
    super('Too many attempts in a short time.');
  }
}

/**
 * Counts attempts to get in, per minute and in the memory of this process. They are counted before anything is looked up, so the limits
 * say nothing about which accounts exist. Creators and staff have an instance each.
 */
@Injectable()
export class LoginAttempts {
  private readonly accounts = perMinute(PER_ACCOUNT);
  private readonly logins = perMinute(LOGINS_PER_NETWORK);
  private readonly signUps = perMinute(SIGN_UPS_PER_NETWORK);

  /** Counts a login from the network of an address. @throws TooManyAttempts */
  logIn(address: string): Promise<void> {
    return take(this.logins, networkOf(address));
  }

  /** Counts a sign-up from the network of an address. @throws TooManyAttempts */
  signUp(address: string): Promise<void> {
    return take(this.signUps, networkOf(address));
  }

  /**
   * Counts an attempt to show the password or the code of an account, unless `work` succeeds: that forgets those before as well, because
   * only its owner gets there. Five are allowed to fail, not five to succeed.
   * @param account an address or id; whatever is guessed in its place is counted under another one
   * @throws TooManyAttempts, and then `work` was not called
   */
  async guess<T>(account: string, work: () => Promise<T>): Promise<T> {
    await take(this.accounts, account);
    const done = await work();
    await this.accounts.delete(account);
    return done;
  }
}

const perMinute = (points: number) => new RateLimiterMemory({ points, duration: MINUTE / SECOND });

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  const { consumedPoints, msBeforeNext } = await limiter.penalty(key);
  if (consumedPoints > limiter.points) throw new TooManyAttempts(Math.max(1, Math.ceil(msBeforeNext / SECOND)));
}
