import { z } from 'zod';
import { type Shown, shownTime, timeOrNull } from '#libs/kernel';
import { FULFILMENT_STATES, type FulfilmentFacts } from './fulfilment.js';

export const fulfilmentSchema = z.object({
  state: z
    .enum(FULFILMENT_STATES)
    .describe('`ready`: your server has made the goods; `delivery_state` shows whether the buyer has them.'),
  attempts: z.int().describe('Number of requests to your server.'),
  last_error: z.string().nullable(),
  refused_since: shownTime
    .nullable()
    .describe(
      "The beginning of your server's current series of refusals. null if its last response was not a refusal.",
    ),
  deadline_at: shownTime,
});

/** Shows a fulfilment in the API and events, without the goods themselves. */
export const fulfilmentView = (fulfilment: FulfilmentFacts): Shown<typeof fulfilmentSchema> => ({
  state: fulfilment.state,
  attempts: fulfilment.attempts,
  last_error: fulfilment.lastError,
  refused_since: timeOrNull(fulfilment.refusedSince),
  deadline_at: fulfilment.deadlineAt.toISOString(),
});
