import { z } from 'zod';
import { createdFilters, idOf, listOf, listQuery, notesChange } from '../../http/schema.js';
import { SUBSCRIPTION_STATES, subscriptionSchema } from '#libs/sales';

export const subscriptionListSchema = listOf(subscriptionSchema).meta({ id: 'SubscriptionList' });

export const updateSubscriptionSchema = notesChange('UpdateSubscription');

export const subscriptionQuerySchema = listQuery('subscription', {
  bot_id: idOf('bot').optional(),
  product_id: idOf('product').optional(),
  buyer_telegram_id: z.coerce.number().int().positive().optional(),
  state: z.enum(SUBSCRIPTION_STATES).optional(),
  ...createdFilters,
});
export type ListSubscriptions = z.output<typeof subscriptionQuerySchema>;
