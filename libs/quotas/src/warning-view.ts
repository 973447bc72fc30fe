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
    percent: z.int().nullable().describe('Whole percent of the limit, rounded down.'),
    month: z.string().describe('The month of the warning, in UTC, such as 2026-11.'),
  })
  .meta({ id: 'LimitWarning' });

/** The body of the event for a limit that is nearly or fully used. */
export const warningView = (limit: Limit, used: number, allowed: number, now: Date): Shown<typeof warningSchema> => ({
  object: 'limit',
  name: limit,
  state: usageState(used, allowed),
  used,
  allowed,
  percent: percentOf(used, allowed),
  month: monthOf(now).slice(0, 7),
});
