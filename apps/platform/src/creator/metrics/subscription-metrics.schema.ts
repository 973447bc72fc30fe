import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import type { Period, SubscriptionFigures } from '#libs/sales';
import { asOfSchema, asOfView } from '../../http/as-of.js';
import { idOf } from '../../http/schema.js';
import { statementQuerySchema } from '../statements/statements.schema.js';

const figures = {
  active: z.int(),
  past_due: z.int().describe('A renewal has failed, and may still succeed.'),
  canceled: z.int().describe('Access continues until the end of the paid time.'),
  monthly_stars: z.int().describe('Income per 30 days from subscriptions that renew: active and past due.'),
  started: z.int().describe('Began in the period.'),
  ended: z.int().describe('Ended in the period: churn.'),
};

export const subscriptionMetricsSchema = z
  .object({
    object: z.literal('subscription_metrics'),
    from: z.iso.date(),
    to: z.iso.date().describe('Exclusive.'),
    as_of: asOfSchema,
    currency: z.literal('XTR'),
    totals: z.object(figures),
    data: z.array(z.object({ product_id: z.string(), ...figures })).describe('By plan.'),
  })
  .meta({ id: 'SubscriptionMetrics' });

export const subscriptionMetricsQuerySchema = statementQuerySchema.extend({ bot_id: idOf('bot').optional() });
export type SubscriptionMetricsQuery = z.output<typeof subscriptionMetricsQuerySchema>;

const day = (time: Date) => time.toISOString().slice(0, 10);

const figuresView = (it: SubscriptionFigures) => ({
  active: it.active,
  past_due: it.pastDue,
  canceled: it.canceled,
  monthly_stars: it.monthlyStars,
  started: it.started,
  ended: it.ended,
});

/** @param figures the totals first, as {@link SubscriptionFigures} without a product */
export const subscriptionMetricsView = (
  period: Period,
  [totals, ...plans]: readonly SubscriptionFigures[],
  asOf: string,
): Shown<typeof subscriptionMetricsSchema> => ({
  object: 'subscription_metrics' as const,
  from: day(period.from),
  to: day(period.to),
  as_of: asOfView(asOf),
  currency: 'XTR' as const,
  totals: figuresView(totals ?? NOTHING),
  data: plans.flatMap(({ productId, ...it }) =>
    productId === null ? [] : [{ product_id: publicId('product', productId), ...figuresView({ productId, ...it }) }],
  ),
});

const NOTHING: SubscriptionFigures = {
  productId: null,
  active: 0,
  pastDue: 0,
  canceled: 0,
  monthlyStars: 0,
  started: 0,
  ended: 0,
};
