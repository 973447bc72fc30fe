import { z } from 'zod';

export const closeSchema = z
  .strictObject({
    confirm: z.string().min(1).max(100).describe('The exact name of the workspace, to prevent accidents.'),
    reason: z.string().trim().min(1).max(500).optional(),
  })
  .meta({ id: 'CloseWorkspace', examples: [{ confirm: 'My shop' }] });
export type CloseForm = z.output<typeof closeSchema>;
