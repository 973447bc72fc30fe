import { Inject, Injectable } from '@nestjs/common';
import { afterCommit, Database } from '#libs/database';
import { type Clock, SECOND } from '#libs/kernel';
import { CLOCK, ShortMemory } from '#libs/runtime';

/** Milliseconds after which a change of a plan takes effect. */
const LIFETIME = 30 * SECOND;
const MOST = 10_000;

/** Provides the rate limit of every request, read at most once every half minute per workspace. */
@Injectable()
export class PlanDirectory {
  private readonly rates = new ShortMemory<{ readonly allowed: number | null }>(LIFETIME, MOST, () => this.clock.now());

  constructor(
    private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Requests per minute for each credential of the workspace; undefined when its plan has no limit. */
  async requestsPerMinute(tenantId: string): Promise<number | undefined> {
    const rate = await this.rates.get(tenantId, () => this.read(tenantId));
    return rate?.allowed ?? undefined;
  }

  /**
   * Drops a workspace's cached plan. Call it after a plan or limit has changed; other processes follow within half a
   * minute.
   */
  forget(tenantId: string): void {
    afterCommit(() => this.rates.forget((key) => key === tenantId));
  }

  private async read(tenantId: string) {
    const [rate] = await this.db.inTenant(tenantId, (tx) =>
      tx.query<{ allowed: number | null }>(`select tenant_limit($1, 'api_requests_per_minute') as allowed`, [tenantId]),
    );
    return rate;
  }
}
