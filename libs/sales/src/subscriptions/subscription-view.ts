import { publicId, timeOrNull } from '#libs/kernel';
import type { SubscriptionRow } from './subscription.entity.js';

/** A subscription as the API and its events show it. */
export const subscriptionView = (row: SubscriptionRow) => ({
  object: 'subscription' as const,
  id: publicId('subscription', row.id),
  state: row.state,
  renews: row.state === 'active' || row.state === 'past_due',
  bot_id: publicId('bot', row.botId),
  product_id: publicId('product', row.productId),
  order_id: publicId('order', row.id),
  buyer_telegram_id: row.buyerId,
  stars: row.stars,
  period_seconds: row.periodSeconds,
  paid_until: row.paidUntil.toISOString(),
  access_until: row.accessUntil.toISOString(),
  renewals: row.renewals,
  pending: row.wish,
  failure: row.wishFailure,
  resumable_by_buyer: !row.locked,
  canceled_by: row.canceledBy,
  canceled_at: timeOrNull(row.canceledAt),
  ended_at: timeOrNull(row.endedAt),
  metadata: row.metadata,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});
