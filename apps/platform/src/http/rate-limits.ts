import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { DomainError, MINUTE, SECOND } from '#libs/kernel';
import { CONFIG, type Config } from '#libs/runtime';

const WINDOW_SECONDS = MINUTE / SECOND;

export class RateLimited extends DomainError {
  readonly code = 'rate_limited';
  readonly refusal = 'too_many';
  readonly remedy = 'Wait as many seconds as `Retry-After` says, then go on. `RateLimit-Remaining` tells beforehand.';

  constructor(override readonly retryAfterSeconds: number) {
    super('This credential has sent too many requests in a minute.');
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
 * Counts the requests of each credential per minute, in the memory of this process: behind a balancer n processes let up to n times
 * as many through. What this protects is the process, and that needs no network call on every request.
 */
@Injectable()
export class RateLimits {
  private readonly limiter: RateLimiterMemory;

  constructor(@Inject(CONFIG) config: Pick<Config, 'rateLimit'>) {
    this.limiter = new RateLimiterMemory({ points: config.rateLimit, duration: WINDOW_SECONDS });
  }

  /** Counts one request. It answers and does not throw, because a refusal shows what is left as well. */
  async take(credentialId: string): Promise<Allowance & { readonly exceeded: boolean }> {
    const counted = await this.limiter.consume(credentialId).then(
      (result) => ({ result, exceeded: false }),
      (result: unknown) => {
        if (result instanceof RateLimiterRes) return { result, exceeded: true };
        throw result;
      },
    );
    return {
      limit: this.limiter.points,
      remaining: counted.result.remainingPoints,
      resetSeconds: Math.max(1, Math.ceil(counted.result.msBeforeNext / SECOND)),
      exceeded: counted.exceeded,
    };
  }
}
