import { z } from 'zod';
import { LIMITS, monthBounds, percentOf, type Usage, usageState } from '#libs/quotas';
import { type Shown } from '#libs/kernel';

const limitSchema = z.object({
  object: z.literal('limit'),
  name: z.enum(LIMITS),
  state: z
    .enum(['ok', 'warning', 'exhausted'])
    .describe('`warning` from 80 percent on. `exhausted`: additions are refused; everything existing continues.'),
  used: z
    .int()
    .nullable()
    .describe('null for requests: the headers `RateLimit-*` of every response show it per credential.'),
  allowed: z.int().nullable().describe('null: unlimited.'),
  percent: z.int().nullable().describe('Whole percent of the limit, rounded down.'),
  period: z
    .object({ from: z.iso.datetime(), to: z.iso.datetime().describe('Exclusive.') })
    .nullable()
    .describe('null for limits that do not depend on time. Months are in UTC.'),
});

export const usageSchema = z
  .object({
    object: z.literal('usage'),
    plan: z.object({ id: z.string(), name: z.string() }),
    data: z.array(limitSchema),
  })
  .meta({ id: 'Usage' });

export interface PlanName {
  readonly id: string;
  readonly name: string;
}

export const usageView = (
  plan: PlanName,
  usage: readonly Usage[],
  defaultRate: number,
  now: Date,
): Shown<typeof usageSchema> => ({
  object: 'usage' as const,
  plan: { id: plan.id, name: plan.name },
  data: usage.map((one) => limitView(one, defaultRate, now)),
});

function limitView(
  { limit, used, allowed: planned }: Usage,
  defaultRate: number,
  now: Date,
): Shown<typeof limitSchema> {
  const allowed = limit === 'api_requests_per_minute' ? (planned ?? defaultRate) : planned;
  const { from, to } = monthBounds(now);
  return {
    object: 'limit' as const,
    name: limit,
    state: used === null ? ('ok' as const) : usageState(used, allowed),
    used,
    allowed,
    percent: used === null ? null : percentOf(used, allowed),
    period: limit === 'orders_per_month' ? { from: from.toISOString(), to: to.toISOString() } : null,
  };
}
