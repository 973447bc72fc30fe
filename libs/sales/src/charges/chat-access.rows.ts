import { type ChatAccessStore, endsOf, type PaidDays, type Purchase } from '#libs/chats';
import type { TenantTx } from '#libs/database';

/**
 * Recomputes a buyer's access to a chat after a payment or a refund. Lock order: order, charge, subscription, then the
 * access.
 */
export const settleAccess = (
  tx: TenantTx,
  accesses: ChatAccessStore,
  chatId: string,
  purchase: Purchase,
  now: Date,
): Promise<void> => accesses.settle(tx, chatId, purchase, () => setEnds(tx, purchase), now);

/** Payments of one product extend each other, those of different products run in parallel. */
async function setEnds(tx: TenantTx, { buyerId, productId }: Purchase): Promise<void> {
  const payments = await tx.query<PaidDays>(
    `select e.id, e.starts_at as "paidAt", t.days from entitlements e
     join chat_access_terms t on t.tenant_id = e.tenant_id and t.product_id = e.product_id
     where e.tenant_id = $1 and e.buyer_id = $2 and e.product_id = $3 and e.state = 'active' and t.days is not null
     order by e.starts_at, e.id`,
    [tx.tenantId, buyerId, productId],
  );
  if (payments.length === 0) return;
  const ends = endsOf(payments);
  await tx.query(
    `update entitlements e set ends_at = n.ends_at from unnest($2::uuid[], $3::timestamptz[]) n (id, ends_at)
     where e.tenant_id = $1 and e.id = n.id and e.ends_at is distinct from n.ends_at`,
    [tx.tenantId, ends.map(({ id }) => id), ends.map(({ endsAt }) => endsAt)],
  );
}
