import { z } from 'zod';

export const becauseSchema = z
  .strictObject({
    reason: z.string().trim().min(1).max(500).describe('The reason. The workspace sees it in its audit log.'),
  })
  .meta({ id: 'Because', examples: [{ reason: 'As the buyer asked.' }] });
export type Because = z.output<typeof becauseSchema>;
