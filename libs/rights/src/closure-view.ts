import { z } from 'zod';
import { publicId, type Shown, shownTime, timeOrNull } from '#libs/kernel';
import { CLOSURE_STATES, type ClosureRow } from './closure.js';

export const closureSchema = z
  .object({
    object: z.literal('closure'),
    id: z.string(),
    state: z.enum(CLOSURE_STATES),
    requested_by: z.string(),
    reason: z.string().nullable(),
    due_at: shownTime.describe('The time at which the workspace closes. Until then the closure can be cancelled.'),
    created_at: shownTime,
    ended_at: shownTime.nullable(),
  })
  .meta({ id: 'Closure' });

/** A requested closure, as the API and its events show it. */
export const closureView = (row: ClosureRow): Shown<typeof closureSchema> => ({
  object: 'closure' as const,
  id: publicId('closure', row.id),
  state: row.state,
  requested_by: row.requestedBy,
  reason: row.reason,
  due_at: row.dueAt.toISOString(),
  created_at: row.createdAt.toISOString(),
  ended_at: timeOrNull(row.endedAt),
});
