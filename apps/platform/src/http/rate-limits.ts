import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { DomainError, MINUTE, SECOND } from '#libs/kernel';
import { CONFIG, type Config } from '#libs/runtime';
import { networkOf } from './address.js';

const WINDOW_SECONDS = MINUTE / SECOND;

export class RateLimited extends DomainError {
  static readonly code = 'rate_limited';
  static readonly refusal = 'too_many';
  readonly remedy = 'Wait for the seconds in `Retry-After`, then continue. `RateLimit-Remaining` tells you in advance.';

  constructor(
    override readonly retryAfterSeconds: number,
    who: 'This credential' | 'This network, without a valid credential,' = 'This credential',
  ) {
    super(`${who} has sent too many requests within a minute.`);
  }
}

/** A credential's remaining requests, as the response headers show them. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until the end of the minute that began with its first request. */
  readonly resetSeconds: number;
}

/**
 * Counts the requests of each credential, and of each network without one, per minute, in the memory of this process:
 * behind a balancer n processes allow up to n times as many. The limit protects the process, without a network call per
 * request.
 */
@Injectable()
export class RateLimits {
  private readonly limit: number;
  // It only counts, because the limits differ between plans.
  private readonly limiter = new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: WINDOW_SECONDS });

  constructor(@Inject(CONFIG) config: Pick<Config, 'rateLimit'>) {
    this.limit = config.rateLimit;
  }

  /**
   * Counts a request without a valid credential for the network of its address, with the limit of a credential.
   * @throws RateLimited
   */
  async takeStranger(address: string): Promise<void> {
    const { exceeded, resetSeconds } = await this.take(`network ${networkOf(address)}`);
    if (exceeded) throw new RateLimited(resetSeconds, 'This network, without a valid credential,');
  }

  /**
   * Counts one request of a credential. Returns instead of throwing, because a refusal also shows the remaining
   * requests.
   * @param planned requests per minute that the plan of the credential's workspace allows; undefined: the process's own
   * limit
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
