import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { idsMadeIn } from '#libs/kernel';
import type { Period } from './statement.js';

/** The progress of buyers from one source with one product. */
export interface FunnelRow {
  readonly productId: string;
  /** Empty for buyers without a source. */
  readonly source: string;
  /** Buyers who viewed the product, each once a day. */
  readonly seen: number;
  readonly invoiced: number;
  readonly approved: number;
  readonly paid: number;
  readonly delivered: number;
}

export interface FunnelQuestion {
  readonly period: Period;
  readonly productId?: string | undefined;
  readonly limit: number;
}

/** Buyers' sources and their progress, read from the original rows: nothing is precomputed. */
@Injectable()
export class FunnelService {
  /** Most paid orders first. Orders count on the day of their placement. */
  rows(tx: TenantTx, { period, productId, limit }: FunnelQuestion): Promise<FunnelRow[]> {
    const { first, last } = idsMadeIn(period.from, period.to);
    return tx.query<FunnelRow>(
      `with seen as (
         select product_id, source, count(*)::int as seen from product_views
         where tenant_id = $1 and day >= ($2::timestamptz at time zone 'UTC')::date and day < ($3::timestamptz at time zone 'UTC')::date
           and ($6::uuid is null or product_id = $6)
         group by 1, 2
       ), placed as (
         select product_id, coalesce(source, '') as source, count(*)::int as invoiced, count(coalesce(approved_at, unlocked_at))::int as approved,
           count(paid_at)::int as paid, count(delivered_at)::int as delivered
         from orders where tenant_id = $1 and billing <> 'credits' and id >= $4 and id <= $5 and created_at >= $2 and created_at < $3
           and ($6::uuid is null or product_id = $6)
         group by 1, 2
       )
       select product_id as "productId", source, coalesce(seen, 0) as seen, coalesce(invoiced, 0) as invoiced,
         coalesce(approved, 0) as approved, coalesce(paid, 0) as paid, coalesce(delivered, 0) as delivered
       from seen full join placed using (product_id, source)
       order by paid desc, invoiced desc, seen desc, product_id, source limit $7`,
      [tx.tenantId, period.from, period.to, first, last, productId ?? null, limit],
    );
  }
}
