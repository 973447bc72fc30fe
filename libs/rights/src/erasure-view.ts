import { z } from 'zod';
import { publicId, type Shown, shownTime } from '#libs/kernel';
import type { ErasureRow } from '#libs/tenants';

export const erasureSchema = z
  .object({
    object: z.literal('erasure'),
    id: z.string(),
    buyer_telegram_id: z
      .int()
      .describe('Negative. It stands for the person in orders, charges and statements from now on.'),
    refundable_until: shownTime.describe('Until then who it was is kept, sealed, for refunds and nothing else.'),
    created_at: shownTime,
  })
  .meta({ id: 'Erasure' });

/** An erasure as the API and its event show it: without the person. */
export const erasureView = (row: ErasureRow): Shown<typeof erasureSchema> => ({
  object: 'erasure' as const,
  id: publicId('erasure', row.id),
  buyer_telegram_id: row.pseudonym,
  refundable_until: row.keepUntil.toISOString(),
  created_at: row.createdAt.toISOString(),
});
