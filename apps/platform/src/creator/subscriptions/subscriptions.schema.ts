import { z } from 'zod';
import { createdFilters, idOf, listOf, listQuery, notesChange, notesView } from '../../http/schema.js';

const time = z.iso.datetime();

const STATES = ['active', 'past_due', 'canceled', 'ended'] as const;

export const subscriptionSchema = z
  .object({
    object: z.literal('subscription'),
    id: z.string(),
    state: z
      .enum(STATES)
      .describe(
        '`active`: renews by itself. `past_due`: a renewal could not be taken, and may still. `canceled`: lasts until `paid_until`. ' +
          '`ended`: access is over.',
      ),
    renews: z.boolean(),
    bot_id: z.string(),
    product_id: z.string(),
    order_id: z.string().describe('The order that began it. Every renewal is an order of its own.'),
    buyer_telegram_id: z.int(),
    stars: z.int().describe('Whole Stars for each period, as agreed when it began.'),
    period_seconds: z.int(),
    paid_until: time,
    access_until: time.describe('`paid_until`, and the grace of the plan while a renewal is still to come.'),
    renewals: z.int(),
    pending: z
      .enum(['cancel', 'resume'])
      .nullable()
      .describe('What Telegram is being asked for. null: nothing is open.'),
    failure: z.string().nullable().describe("Telegram's own words when it refused the last wish."),
    resumable_by_buyer: z
      .boolean()
      .describe('False once the bot has switched renewal off: then only `resume` lets the buyer switch it on.'),
    canceled_by: z
      .enum(['buyer', 'creator', 'refund', 'telegram', 'removal'])
      .nullable()
      .describe('`removal`: with its bot, or with the workspace.'),
    metadata: notesView,
    canceled_at: time.nullable(),
    ended_at: time.nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Subscription' });

export const subscriptionListSchema = listOf(subscriptionSchema).meta({ id: 'SubscriptionList' });

export const updateSubscriptionSchema = notesChange('UpdateSubscription');

export const subscriptionQuerySchema = listQuery('subscription', {
  bot_id: idOf('bot').optional(),
  product_id: idOf('product').optional(),
  buyer_telegram_id: z.coerce.number().int().positive().optional(),
  state: z.enum(STATES).optional(),
  ...createdFilters,
});
export type ListSubscriptions = z.output<typeof subscriptionQuerySchema>;
