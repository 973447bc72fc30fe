import { Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import { DomainError, NotFound } from '#libs/kernel';
import { type Limit, LIMITS, type Usage } from './quota.js';
import { Quotas } from './quota.service.js';

export interface Plan {
  readonly id: string;
  readonly name: string;
  /** Null: unlimited. */
  readonly limits: Readonly<Record<Limit, number | null>>;
}

/** A limit that staff set for one workspace. */
export interface Override {
  readonly name: Limit;
  readonly value: number;
  readonly reason: string;
  readonly createdAt: Date;
}

export class UnknownPlan extends DomainError {
  static readonly code = 'unknown_plan';
  static readonly refusal = 'unprocessable';
  readonly remedy = 'Use the id of an existing plan, as in the list of plans.';

  constructor(id: string) {
    super(`There is no plan ${id}.`);
  }
}

const COLUMNS = `id, name, ${LIMITS.join(', ')}`;

/** Workspaces' plans, and the limits that staff set for single workspaces. */
@Injectable()
export class PlanService {
  constructor(private readonly quotas: Quotas) {}

  /** The workspace's plan, with the usage of every limit. */
  async usage(tx: TenantTx, now: Date): Promise<{ readonly plan: Plan; readonly usage: readonly Usage[] }> {
    const [plans, usage] = await Promise.all([
      tx.query<PlanColumns>(`select ${COLUMNS} from plans where id = (select plan_id from tenants where id = $1)`, [
        tx.tenantId,
      ]),
      this.quotas.usage(tx, now),
    ]);
    if (plans[0] === undefined) throw new NotFound('workspace');
    return { plan: planOf(plans[0]), usage };
  }

  /** All plans, the smallest first. */
  async list(tx: PlatformTx): Promise<Plan[]> {
    const rows = await tx.query<PlanColumns>(`select ${COLUMNS} from plans order by bots nulls last, id`);
    return rows.map(planOf);
  }

  /** Limits that staff set for this workspace. */
  overrides(tx: TenantTx): Promise<Override[]> {
    return tx.query<Override>(
      `select name, value, reason, created_at as "createdAt" from limit_overrides where tenant_id = $1 order by name`,
      [tx.tenantId],
    );
  }

  /**
   * Changes a workspace's plan. Existing things beyond the new limits stay and work. The caller records who did it
   * and why.
   * @returns the id of the previous plan
   * @throws UnknownPlan; NotFound when the workspace does not exist
   */
  async change(tx: PlatformTx, tenantId: string, planId: string): Promise<string> {
    const [plan] = await tx.query('select 1 from plans where id = $1', [planId]);
    if (plan === undefined) throw new UnknownPlan(planId);
    const [tenant] = await tx.query<{ planId: string }>(
      'select plan_id as "planId" from tenants where id = $1 for update',
      [tenantId],
    );
    if (tenant === undefined) throw new NotFound('workspace');
    await tx.query('update tenants set plan_id = $2 where id = $1', [tenantId, planId]);
    return tenant.planId;
  }

  /**
   * Overrides one limit of a workspace's plan, or removes the override.
   * @param value null: the plan's limit applies again
   * @throws NotFound when the workspace does not exist
   */
  async override(tx: PlatformTx, tenantId: string, limit: Limit, value: number | null, reason: string): Promise<void> {
    const [tenant] = await tx.query('select 1 from tenants where id = $1 for share', [tenantId]);
    if (tenant === undefined) throw new NotFound('workspace');
    if (value === null) {
      await tx.query('delete from limit_overrides where tenant_id = $1 and name = $2', [tenantId, limit]);
      return;
    }
    await tx.query(
      `insert into limit_overrides (tenant_id, name, value, reason) values ($1, $2, $3, $4)
       on conflict (tenant_id, name) do update
         set value = excluded.value, reason = excluded.reason, created_at = now()`,
      [tenantId, limit, value, reason],
    );
  }
}

type PlanColumns = { readonly id: string; readonly name: string } & Readonly<Record<Limit, number | null>>;

const planOf = ({ id, name, ...limits }: PlanColumns): Plan => ({ id, name, limits });
