import type { DataSource } from 'typeorm';
import type { Sell } from './books-rows.js';
import type { BooksTenant, Insert } from './books-tenant.js';

/** Inserts a subscription in its second period. @param sell inserts a sale of any product */
export async function subscribed(insert: Insert, source: DataSource, t: BooksTenant, sell: Sell): Promise<void> {
  const terms = { period_seconds: 2_592_000, grace_seconds: 86_400 };
  const product = { bot_id: t.bot, title: 'Pro', description: 'Pro', price_version: 1, stars: 50 };
  await insert('products', { ...product, id: t.plan, kind: 'subscription' });
  await insert('price_versions', { product_id: t.plan, version: 1, stars: 50 });
  await insert('subscription_plans', { product_id: t.plan, ...terms, win_back: false });
  const until = new Date(Date.now() + 20 * 86_400_000);
  const paid = [
    { order: t.subOrder, charge: t.subCharge, telegramCharge: t.subTelegramCharge, ends: new Date() },
    { order: t.renewalOrder, charge: t.renewalCharge, telegramCharge: t.renewalTelegramCharge, ends: until },
  ];
  for (const { ends, ...ids } of paid) {
    await sell(insert, t, { ...ids, product: t.plan });
    await source.query(`update entitlements set ends_at = $3 where tenant_id = $1 and charge_id = $2`, [
      t.tenant,
      ids.charge,
      ends,
    ]);
  }
  await insert('subscriptions', {
    id: t.subOrder,
    bot_id: t.bot,
    buyer_id: t.buyer,
    product_id: t.plan,
    stars: 50,
    ...terms,
    state: 'active',
    paid_until: until,
    access_until: until,
    renewals: 1,
    first_charge_id: t.subTelegramCharge,
    updated_at: new Date(0),
  });
  await source.query(
    `update orders set subscription_id = $2, billing = case id when $2 then 'subscription_start' else 'subscription_renewal' end
     where tenant_id = $1 and id = any($3)`,
    [t.tenant, t.subOrder, [t.subOrder, t.renewalOrder]],
  );
}
