import { z } from 'zod';
import { type Shown, shownTime, timeOrNull } from '#libs/kernel';
import { FULFILMENT_STATES, type FulfilmentFacts } from './fulfilment.js';

export const fulfilmentSchema = z.object({
  state: z
    .enum(FULFILMENT_STATES)
    .describe('`ready`: your server has made the goods; whether the buyer has them is `delivery_state`.'),
  attempts: z.int().describe('How often your server was asked.'),
  last_error: z.string().nullable(),
  refused_since: shownTime
    .nullable()
    .describe('Since when your server has done nothing but refuse. null: its last answer was no refusal.'),
  deadline_at: shownTime,
});

/** As the API and events show it. The goods themselves are in neither. */
export const fulfilmentView = (fulfilment: FulfilmentFacts): Shown<typeof fulfilmentSchema> => ({
  state: fulfilment.state,
  attempts: fulfilment.attempts,
  last_error: fulfilment.lastError,
  refused_since: timeOrNull(fulfilment.refusedSince),
  deadline_at: fulfilment.deadlineAt.toISOString(),
});
