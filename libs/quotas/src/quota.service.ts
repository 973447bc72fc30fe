import { Inject, Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { type Holding, type Limit, LIMITS, monthOf, QuotaExhausted, type Usage, usageState } from './quota.js';
import { warningView } from './warning-view.js';

interface Found {
  readonly used: number;
  readonly allowed: number | null;
}

/** SQL that counts usage: `$1` is the tenant, `$2` the time. */
const HELD: Readonly<Record<Holding, string>> = {
  bots: `(select count(*) from bots where tenant_id = $1 and state <> 'removed')`,
  products: `(select count(*) from products where tenant_id = $1 and state <> 'archived')`,
  endpoints: `(select count(*) from endpoints where tenant_id = $1)`,
  storage_bytes: `(select coalesce(sum(bytes), 0)::bigint from files where tenant_id = $1)`,
  members: `(select count(*) from memberships where tenant_id = $1)`,
  api_keys: `(select count(*) from api_keys where tenant_id = $1 and revoked_at is null and (expires_at is null or expires_at > $2))`,
};

/** Paid orders of a month: `$3` is its first day. */
const PAID = '(select coalesce(sum(paid), 0)::bigint from order_counts where tenant_id = $1 and month = $3::date)';

/** Availability of new sales. `closing`: the workspace is about to be closed. */
export type Selling = 'open' | 'month_used_up' | 'closing';

/**
 * Enforces a workspace's plan. Soft limits warn; hard limits refuse additions, never the completion of work that has
 * begun.
 */
@Injectable()
export class Quotas {
  constructor(
    private readonly events: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Ensures that there is room for `more`. Concurrent callers wait until the transaction ends, so that exactly as many
   * succeed as there is room for. Call it right before writing the new row. @param more the amount to add: one row, or
   * bytes
   * @throws QuotaExhausted
   */
  async require(tx: TenantTx, limit: Holding, more = 1): Promise<void> {
    // Pipelined: the second statement sees rows that were committed while the first one waited.
    const [, rows] = await Promise.all([
      tx.query(`select pg_advisory_xact_lock(hashtextextended('quota ' || $2 || ' ' || $1, 0))`, [tx.tenantId, limit]),
      tx.query<Found>(`select ${HELD[limit]} as used, tenant_limit($1, $3) as allowed, $2::timestamptz as at`, [
        tx.tenantId,
        this.clock.now(),
        limit,
      ]),
    ]);
    const { used, allowed } = rows[0] ?? { used: 0, allowed: null };
    if (allowed === null) return;
    if (used + more > allowed) throw new QuotaExhausted(limit, allowed);
    if (usageState(used + more, allowed) !== 'ok') await this.warn(tx, limit, used + more, allowed, this.clock.now());
  }

  /**
   * The availability of new sales. Only paid orders count towards a month, so payments in progress may still exceed
   * it.
   */
  async selling(tx: TenantTx, now: Date): Promise<Selling> {
    const [found] = await tx.query<{ selling: Selling }>('select selling_state($1, $2) as selling', [
      tx.tenantId,
      monthOf(now),
    ]);
    return found?.selling ?? 'closing';
  }

  /**
   * Counts a paid order, whatever the plan allows. Call it once per order, in the transaction that records the
   * payment.
   */
  async countPaid(tx: TenantTx, paidAt: Date): Promise<void> {
    const [found] = await tx.query<Found & { warned: boolean }>(COUNT, [tx.tenantId, monthOf(paidAt)]);
    if (found === undefined || found.allowed === null || found.warned) return;
    if (usageState(found.used, found.allowed) === 'ok') return;
    await this.warn(tx, 'orders_per_month', found.used, found.allowed, paidAt);
  }

  /** Every limit with its current usage. */
  async usage(tx: TenantTx, now: Date): Promise<Usage[]> {
    const used = LIMITS.map((name) => `${usedOf(name)} as "${name}"`);
    const allowed = LIMITS.map((name) => `tenant_limit($1, '${name}') as "allowed_${name}"`);
    const [row = {}] = await tx.query<Partial<Record<string, number | null>>>(
      `select ${[...used, ...allowed].join(', ')}`,
      [tx.tenantId, now, monthOf(now)],
    );
    return LIMITS.map((limit) => ({ limit, used: row[limit] ?? null, allowed: row[`allowed_${limit}`] ?? null }));
  }

  private async warn(tx: TenantTx, limit: Limit, used: number, allowed: number, now: Date): Promise<void> {
    const first = await tx.query(
      `insert into quota_warnings (tenant_id, name, month) values ($1, $2, $3) on conflict do nothing returning 1`,
      [tx.tenantId, limit, monthOf(now)],
    );
    if (first.length === 0) return;
    await this.events.record(tx, { type: 'quota.warning', data: warningView(limit, used, allowed, now) });
  }
}

function usedOf(limit: Limit): string {
  if (limit === 'orders_per_month') return PAID;
  return limit === 'api_requests_per_minute' ? 'null::bigint' : HELD[limit];
}

// Concurrent counts are not visible here; the next payment warns instead.
const COUNT = `
insert into order_counts as c (tenant_id, month, slot, paid) values ($1, $2, floor(random() * 16)::int, 1)
on conflict (tenant_id, month, slot) do update set paid = c.paid + 1
returning
  1 + (select coalesce(sum(o.paid), 0)::bigint from order_counts o where o.tenant_id = $1 and o.month = $2) as used,
  tenant_limit($1, 'orders_per_month') as allowed,
  exists (select from quota_warnings w where w.tenant_id = $1 and w.name = 'orders_per_month' and w.month = $2) as warned`;
