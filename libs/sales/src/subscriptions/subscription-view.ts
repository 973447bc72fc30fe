import { z } from 'zod';
import { publicId, type Shown, shownNotes, shownTime, timeOrNull } from '#libs/kernel';
import type { SubscriptionRow } from './subscription.entity.js';
import { CANCELED_BY, SUBSCRIPTION_STATES, SUBSCRIPTION_WISHES } from './subscription.js';

export const subscriptionSchema = z
  .object({
    object: z.literal('subscription'),
    id: z.string(),
    state: z
      .enum(SUBSCRIPTION_STATES)
      .describe(
        '`active`: renews automatically. `past_due`: a renewal failed, and may still succeed. `canceled`: ' +
          'lasts until `paid_until`. `ended`: access has ended.',
      ),
    renews: z.boolean(),
    bot_id: z.string(),
    product_id: z.string(),
    order_id: z.string().describe('The order that began it. Every renewal is a separate order.'),
    buyer_telegram_id: z.int(),
    stars: z.int().describe('Whole Stars for each period, as agreed when it began.'),
    period_seconds: z.int(),
    paid_until: shownTime,
    access_until: shownTime.describe('`paid_until`, and the grace of the plan while a renewal is still to come.'),
    renewals: z.int(),
    pending: z.enum(SUBSCRIPTION_WISHES).nullable().describe('The pending request to Telegram. null: none.'),
    failure: z.string().nullable().describe("Telegram's own words when it refused the last request."),
    resumable_by_buyer: z
      .boolean()
      .describe('False once the bot has switched renewal off: then the buyer can enable it only after `resume`.'),
    canceled_by: z.enum(CANCELED_BY).nullable().describe('`removal`: with its bot, or with the workspace.'),
    metadata: shownNotes,
    canceled_at: shownTime.nullable(),
    ended_at: shownTime.nullable(),
    created_at: shownTime,
    updated_at: shownTime,
  })
  .meta({ id: 'Subscription' });

/** A subscription as the API and its events show it. */
export const subscriptionView = (row: SubscriptionRow): Shown<typeof subscriptionSchema> => ({
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
