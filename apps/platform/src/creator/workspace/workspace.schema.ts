import { z } from 'zod';

const time = z.iso.datetime();

export const closeSchema = z
  .strictObject({
    confirm: z.string().min(1).max(100).describe('The exact name of the workspace, so that it is no accident.'),
    reason: z.string().trim().min(1).max(500).optional(),
  })
  .meta({ id: 'CloseWorkspace', examples: [{ confirm: 'My shop' }] });
export type CloseForm = z.output<typeof closeSchema>;

export const closureSchema = z
  .object({
    object: z.literal('closure'),
    id: z.string(),
    state: z.enum(['pending', 'cancelled', 'done']),
    requested_by: z.string(),
    reason: z.string().nullable(),
    due_at: time.describe('When the workspace ends. Until then it can be cancelled.'),
    created_at: time,
    ended_at: time.nullable(),
  })
  .meta({ id: 'Closure' });
