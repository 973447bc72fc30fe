import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { DomainError, MINUTE, SECOND } from '#libs/kernel';
import type { EarlierLogins } from '#libs/tenants';
import { networkOf } from './address.js';
import type { Origin } from './origin.js';

/** Failures at an account from one network or device. */
const PER_PLACE = 5;
/** Failures at an account from all networks together: high enough that it takes twenty networks to reach it. */
const PER_ACCOUNT = 100;
const LOGINS_PER_NETWORK = 20;
/** Sign-ups per network: each costs a hash and rows, but offices share a network. */
const SIGN_UPS_PER_NETWORK = 60;
/** Emails that can be requested per address and quarter of an hour. Their links work for longer than that. */
const MAILS_PER_ADDRESS = 3;
const MAILS_PER_NETWORK = 20;
const MAIL_WINDOW = 15 * MINUTE;

export class TooManyAttempts extends DomainError {
  static readonly code = 'too_many_attempts';
  static readonly refusal = 'too_many';
  readonly remedy = 'Wait for the seconds in `Retry-After`, then try again.';

  constructor(override readonly retryAfterSeconds: number) {
    super('Too many attempts in a short time.');
  }
}

/** A person who wants to log in. */
export interface Visitor {
  /** The email address, or whatever is guessed instead. */
  readonly account: string;
  readonly origin: Origin;
  /** A refresh token that this device received before. */
  readonly deviceToken?: string | undefined;
  readonly earlier: EarlierLogins;
}

/**
 * Limits attempts to log in, per minute, and requests for emails, in the memory of this process. They are counted
 * before anything is looked up, so the limits do not reveal which accounts exist. A stranger who guesses cannot lock
 * the owner out of networks and devices that the owner has used before: failures count for their network, and once
 * there are too many in total, networks and devices with an earlier login to the account are still accepted. Creators
 * and staff have separate instances.
 */
@Injectable()
export class LoginAttempts {
  private readonly places = perMinute(PER_PLACE);
  private readonly accounts = perMinute(PER_ACCOUNT);
  private readonly logins = perMinute(LOGINS_PER_NETWORK);
  private readonly signUps = perMinute(SIGN_UPS_PER_NETWORK);
  private readonly mailed = limitOf(MAILS_PER_ADDRESS, MAIL_WINDOW);
  private readonly mailing = limitOf(MAILS_PER_NETWORK, MAIL_WINDOW);

  /** Counts a sign-up from the network of an address. @throws TooManyAttempts */
  signUp(address: string): Promise<void> {
    return take(this.signUps, networkOf(address));
  }

  /**
   * Counts a request of a stranger for an email to the account with this address, if there is one.
   * @throws TooManyAttempts
   */
  async mail(email: string, address: string): Promise<void> {
    await take(this.mailing, networkOf(address));
    await take(this.mailed, email);
  }

  /** Counts a login, and a failed one as {@link guess} does. @throws TooManyAttempts, and then `work` was not called */
  async logIn<T>({ account, origin, deviceToken, earlier }: Visitor, work: () => Promise<T>): Promise<T> {
    const session = deviceToken === undefined ? undefined : await earlier.onDevice(deviceToken);
    if (session !== undefined) return this.guess(account, `device ${session}`, work, async () => true);
    await take(this.logins, networkOf(origin.address));
    const known = async () => origin.device.network !== null && earlier.fromNetwork(origin.device.network);
    return this.guess(account, networkOf(origin.address), work, known);
  }

  /**
   * Counts an attempt to present an account's password or code, unless `work` succeeds: success also forgets earlier
   * failures from the same place, because only the owner can succeed. The limit is five failures, not five successes.
   * @param account an address or id; anything guessed instead is counted separately
   * @param place the network, device or session of the attempt
   * @param known tells whether this place is the owner's; called only when too many others have failed
   * @throws TooManyAttempts, and then `work` was not called
   */
  async guess<T>(account: string, place: string, work: () => Promise<T>, known = async () => false): Promise<T> {
    const here = JSON.stringify([account, place]);
    await take(this.places, here);
    const { consumedPoints, msBeforeNext } = await this.accounts.penalty(account);
    if (consumedPoints > PER_ACCOUNT && !(await known())) throw tooMany(msBeforeNext);
    const done = await work();
    await this.places.delete(here);
    await this.accounts.reward(account);
    return done;
  }
}

const limitOf = (points: number, ms: number) => new RateLimiterMemory({ points, duration: ms / SECOND });

const perMinute = (points: number) => limitOf(points, MINUTE);

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  const { consumedPoints, msBeforeNext } = await limiter.penalty(key);
  if (consumedPoints > limiter.points) throw tooMany(msBeforeNext);
}

const tooMany = (msBeforeNext: number) => new TooManyAttempts(Math.max(1, Math.ceil(msBeforeNext / SECOND)));
