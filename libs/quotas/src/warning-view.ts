import { z } from 'zod';
import type { Shown } from '#libs/kernel';
import { type Limit, LIMITS, monthOf, percentOf, USAGE_STATES, usageState } from './quota.js';

export const warningSchema = z
  .object({
    object: z.literal('limit'),
    name: z.enum(LIMITS),
    state: z.enum(USAGE_STATES),
    used: z.int(),
    allowed: z.int(),
    percent: z.int().nullable().describe('Whole percent of what is allowed, rounded down.'),
    month: z.string().describe('Of the warning, in UTC, such as 2026-11.'),
  })
  .meta({ id: 'LimitWarning' });

/** A workspace comes near one of its limits, or has reached it. What its event shows. */
export const warningView = (limit: Limit, used: number, allowed: number, now: Date): Shown<typeof warningSchema> => ({
  object: 'limit',
  name: limit,
  state: usageState(used, allowed),
  used,
  allowed,
  percent: percentOf(used, allowed),
  month: monthOf(now).slice(0, 7),
});
