import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { DomainError, MINUTE, SECOND } from '#libs/kernel';
import { CONFIG, type Config } from '#libs/runtime';
import { networkOf } from './address.js';

const WINDOW_SECONDS = MINUTE / SECOND;

export class RateLimited extends DomainError {
  static readonly code = 'rate_limited';
  static readonly refusal = 'too_many';
  readonly remedy = 'Wait as many seconds as `Retry-After` says, then go on. `RateLimit-Remaining` tells beforehand.';

  constructor(
    override readonly retryAfterSeconds: number,
    who: 'This credential' | 'This network, without a valid credential,' = 'This credential',
  ) {
    super(`${who} has sent too many requests in a minute.`);
  }
}

/** What a credential has left, in the words of the answer's headers. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until the minute that began with its first request is over. */
  readonly resetSeconds: number;
}

/**
 * Counts the requests of each credential, and of each network those without one, per minute, in the memory of this process: behind a balancer n processes let up to n times
 * as many through. What this protects is the process, and that needs no network call on every request.
 */
@Injectable()
export class RateLimits {
  private readonly limit: number;
  // It only counts: what is allowed differs from plan to plan.
  private readonly limiter = new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: WINDOW_SECONDS });

  constructor(@Inject(CONFIG) config: Pick<Config, 'rateLimit'>) {
    this.limit = config.rateLimit;
  }

  /**
   * Counts a request that shows no credential, or none that is good, from the network of an address: as many as a credential's.
   * @throws RateLimited
   */
  async takeStranger(address: string): Promise<void> {
    const { exceeded, resetSeconds } = await this.take(`network ${networkOf(address)}`);
    if (exceeded) throw new RateLimited(resetSeconds, 'This network, without a valid credential,');
  }

  /**
   * Counts one request of a credential. It answers and does not throw, because a refusal shows what is left as well.
   * @param planned requests per minute that the plan of the credential's workspace allows; undefined: as many as the process is set to
   */
  async take(credentialId: string, planned?: number): Promise<Allowance & { readonly exceeded: boolean }> {
    const { consumedPoints, msBeforeNext } = await this.limiter.consume(credentialId);
    const limit = planned ?? this.limit;
    return {
      limit,
      remaining: Math.max(0, limit - consumedPoints),
      resetSeconds: Math.max(1, Math.ceil(msBeforeNext / SECOND)),
      exceeded: consumedPoints > limit,
    };
  }
}
