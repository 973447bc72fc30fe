import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { idsMadeIn } from '#libs/kernel';
import {
  bestFirst,
  combine,
  everyDay,
  type Funnel,
  type Money,
  type SalesFigures,
  type SalesGroup,
  totalOf,
} from './metrics.js';
import type { Period } from './statement.js';

export const SALES_GROUPINGS = ['day', 'product', 'bot'] as const;
export type SalesGrouping = (typeof SALES_GROUPINGS)[number];

export interface SalesQuestion {
  readonly period: Period;
  readonly by: SalesGrouping;
  readonly botId?: string | undefined;
  readonly productId?: string | undefined;
}

export interface SalesMetrics {
  readonly totals: SalesFigures;
  /** Every day in order; otherwise groups with orders or money, highest income first. */
  readonly groups: readonly SalesGroup[];
}

/**
 * Sales figures, read from the original rows: orders by their ids, which sort by time, and the ledger by its index of
 * bookings. Nothing is precomputed, so there is no row that all sales of a day would contend for, and the cost depends
 * on the period, not on the shop's age. Purchases with credits are not sales: their packs were.
 */
@Injectable()
export class MetricsService {
  async sales(tx: TenantTx, question: SalesQuestion): Promise<SalesMetrics> {
    const [funnels, money] = await Promise.all([funnelOf(tx, question), moneyOf(tx, question)]);
    const groups = combine(funnels, money);
    const { by, period } = question;
    return { totals: totalOf(groups), groups: by === 'day' ? everyDay(groups, period) : bestFirst(groups) };
  }
}

const DAY_OF = `to_char(t.created_at at time zone 'UTC', 'YYYY-MM-DD')`;
const KEYS: Readonly<Record<SalesGrouping, string>> = { day: DAY_OF, product: 't.product_id', bot: 't.bot_id' };

function funnelOf(tx: TenantTx, { period, by, botId, productId }: SalesQuestion) {
  const { first, last } = idsMadeIn(period.from, period.to);
  return tx.query<Funnel & { key: string | null }>(
    `select ${KEYS[by]} as key, count(*)::int as placed, count(t.approved_at)::int as approved, count(t.paid_at)::int as paid,
       count(t.delivered_at)::int as delivered,
       coalesce(sum(t.list_stars - t.stars) filter (where t.paid_at is not null), 0)::bigint as "givenAway"
     from orders t where t.tenant_id = $1 and t.billing <> 'credits' and t.id >= $2 and t.id <= $3 and t.created_at >= $4 and t.created_at < $5
       ${botId === undefined ? '' : 'and t.bot_id = $6'} ${productId === undefined ? '' : `and t.product_id = $${botId === undefined ? 6 : 7}`}
     group by 1`,
    [tx.tenantId, first, last, period.from, period.to, ...[botId, productId].filter((id) => id !== undefined)],
  );
}

// Every charge that paid an order created one entitlement, which links money to its product in one step.
const PRODUCT = `left join lateral (
  select r.charge_id from refunds r where e.cause = 'refund' and r.tenant_id = $1 and r.id = e.cause_id limit 1) r on true
left join lateral (
  select n.product_id from entitlements n
  where n.tenant_id = $1 and n.charge_id = case e.cause when 'refund' then r.charge_id else e.cause_id end limit 1) n on true`;

function moneyOf(tx: TenantTx, { period, by, botId, productId }: SalesQuestion) {
  const needsProduct = by === 'product' || productId !== undefined;
  return tx.query<Money & { key: string | null }>(
    `select ${KEYS[by]} as key, (count(*) filter (where t.cause <> 'refund'))::int as sales,
       coalesce(-sum(t.stars) filter (where t.cause <> 'refund'), 0)::bigint as earned,
       (count(*) filter (where t.cause = 'refund'))::int as refunds,
       coalesce(sum(t.stars) filter (where t.cause = 'refund'), 0)::bigint as refunded
     from (
       select e.*, ${needsProduct ? 'n.product_id' : 'null::uuid as product_id'}
       from bots b join lateral (
         select bot_id, cause, cause_id, stars, created_at from ledger_entries
         where tenant_id = $1 and bot_id = b.id and created_at >= $2 and created_at < $3 and account = 'earned'
       ) e on true ${needsProduct ? PRODUCT : ''}
       where b.tenant_id = $1 and ($4::uuid is null or b.id = $4)
     ) t where ($5::uuid is null or t.product_id = $5) group by 1`,
    [tx.tenantId, period.from, period.to, botId ?? null, productId ?? null],
  );
}
