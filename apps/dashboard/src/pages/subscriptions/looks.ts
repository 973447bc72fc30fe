import type { Schema } from '#libs/client';
import type { Tone } from '../../parts/badge';

export type SubscriptionState = Schema<'Subscription'>['state'];

export const STATES = ['active', 'past_due', 'canceled', 'ended'] as const satisfies readonly SubscriptionState[];

export const SUBSCRIPTION_TONES: Readonly<Record<SubscriptionState, Tone>> = {
  active: 'good',
  past_due: 'warn',
  canceled: 'plain',
  ended: 'plain',
};
