import { Inject, Injectable } from '@nestjs/common';
import { afterCommit, Database } from '#libs/database';
import { type Clock, SECOND } from '#libs/kernel';
import { CLOCK, ShortMemory } from '#libs/runtime';
import { type Capability, CAN, TenantRestricted, type TenantState } from './tenant.js';

const LIFETIME = 5 * SECOND;
const MOST = 10_000;

/**
 * Checks the states of workspaces. Cached for five seconds, so restrictions by other processes take effect within that
 * time.
 */
@Injectable()
export class TenantDirectory {
  private readonly states = new ShortMemory<TenantState>(LIFETIME, MOST, () => this.clock.now());

  constructor(
    private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws TenantRestricted when the tenant's state closes `capability` */
  async require(tenantId: string, capability: Capability): Promise<void> {
    const state = await this.states.get(tenantId, () => this.read(tenantId));
    if (state === undefined || !CAN[state][capability]) throw new TenantRestricted(capability);
  }

  /** Drops a cached workspace. Call it after a committed change. */
  forget(tenantId: string): void {
    afterCommit(() => this.states.forget((key) => key === tenantId));
  }

  private async read(tenantId: string): Promise<TenantState | undefined> {
    const rows = await this.db.inTenant(tenantId, (tx) =>
      tx.query<{ state: TenantState }>('select state from tenants where id = $1', [tenantId]),
    );
    return rows[0]?.state;
  }
}
