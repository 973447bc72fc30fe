import { Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import { NotFound } from '#libs/kernel';
import { type Limit, type Plan, PlanService, type Usage } from '#libs/quotas';
import { TenantStore } from './tenant.store.js';

/** Workspaces' plans, and overrides of single limits. Call {@link PlanDirectory.forget} after a change is committed. */
@Injectable()
export class TenantPlans {
  constructor(
    private readonly tenants: TenantStore,
    private readonly plans: PlanService,
  ) {}

  /** The workspace's plan, with the usage of every limit. @throws NotFound */
  async usage(tx: TenantTx, now: Date): Promise<{ readonly plan: Plan; readonly usage: readonly Usage[] }> {
    const { planId } = await this.tenants.get(tx);
    return this.plans.usage(tx, planId, now);
  }

  /**
   * Changes a workspace's plan. Anything beyond the new limits stays and keeps working. The caller records the person
   * and the reason.
   * @throws UnknownPlan; NotFound when the workspace does not exist
   */
  async change(tx: PlatformTx, tenantId: string, planId: string): Promise<void> {
    await this.plans.require(tx, planId);
    const changed = await tx.query('update tenants set plan_id = $2 where id = $1 returning 1', [tenantId, planId]);
    if (changed.length === 0) throw new NotFound('workspace');
  }

  /**
   * Overrides one limit of a workspace's plan, or removes the override.
   * @param value null: the plan's limit applies again
   * @throws NotFound when the workspace does not exist
   */
  async override(tx: PlatformTx, tenantId: string, limit: Limit, value: number | null, reason: string): Promise<void> {
    const [tenant] = await tx.query('select 1 from tenants where id = $1 for share', [tenantId]);
    if (tenant === undefined) throw new NotFound('workspace');
    await this.plans.override(tx.asTenant(tenantId), limit, value, reason);
  }
}
