import { Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import { DomainError } from '#libs/kernel';
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

/** Plans, and the limits that staff set for single workspaces. */
@Injectable()
export class PlanService {
  constructor(private readonly quotas: Quotas) {}

  /** A plan, with the workspace's usage of every limit. @throws UnknownPlan */
  async usage(tx: TenantTx, id: string, now: Date): Promise<{ readonly plan: Plan; readonly usage: readonly Usage[] }> {
    const [plan, usage] = await Promise.all([this.require(tx, id), this.quotas.usage(tx, now)]);
    return { plan, usage };
  }

  /** @throws UnknownPlan */
  async require(tx: TenantTx | PlatformTx, id: string): Promise<Plan> {
    const [plan] = await tx.query<PlanColumns>(`select ${COLUMNS} from plans where id = $1`, [id]);
    if (plan === undefined) throw new UnknownPlan(id);
    return planOf(plan);
  }

  /** All plans, smallest first. */
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

  /** Overrides one limit of the workspace's plan. @param value null: the plan's limit applies again */
  async override(tx: TenantTx, limit: Limit, value: number | null, reason: string): Promise<void> {
    if (value === null) {
      await tx.query('delete from limit_overrides where tenant_id = $1 and name = $2', [tx.tenantId, limit]);
      return;
    }
    await tx.query(
      `insert into limit_overrides (tenant_id, name, value, reason) values ($1, $2, $3, $4)
       on conflict (tenant_id, name) do update
         set value = excluded.value, reason = excluded.reason, created_at = now()`,
      [tx.tenantId, limit, value, reason],
    );
  }
}

type PlanColumns = { readonly id: string; readonly name: string } & Readonly<Record<Limit, number | null>>;

const planOf = ({ id, name, ...limits }: PlanColumns): Plan => ({ id, name, limits });
