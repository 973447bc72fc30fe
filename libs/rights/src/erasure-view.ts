import { z } from 'zod';
import { publicId, type Shown, shownTime } from '#libs/kernel';
import type { ErasureRow } from '#libs/tenants';

export const erasureSchema = z
  .object({
    object: z.literal('erasure'),
    id: z.string(),
    buyer_telegram_id: z
      .int()
      .describe('A negative number, which now replaces the person in orders, charges and statements.'),
    refundable_until: shownTime.describe("Until then the person's identity is kept encrypted, only for refunds."),
    created_at: shownTime,
  })
  .meta({ id: 'Erasure' });

/** An erasure as the API and its event show it, without personal data. */
export const erasureView = (row: ErasureRow): Shown<typeof erasureSchema> => ({
  object: 'erasure' as const,
  id: publicId('erasure', row.id),
  buyer_telegram_id: row.pseudonym,
  refundable_until: row.keepUntil.toISOString(),
  created_at: row.createdAt.toISOString(),
});
