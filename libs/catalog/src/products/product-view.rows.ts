import type { PlatformTx } from '#libs/database';

/** Deletes product views from days before `before`. @returns the number of rows deleted, at most `limit` */
export async function forgetViews(tx: PlatformTx, before: Date, limit: number): Promise<number> {
  const rows = await tx.query(
    `delete from product_views v using (
       select tenant_id, product_id, day, buyer_id, source from product_views
       where day < ($1::timestamptz at time zone 'UTC')::date limit $2 for update skip locked
     ) old
     where (v.tenant_id, v.product_id, v.day, v.buyer_id, v.source) = (old.tenant_id, old.product_id, old.day, old.buyer_id, old.source)
     returning 1`,
    [before, limit],
  );
  return rows.length;
}
