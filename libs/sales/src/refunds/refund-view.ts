import { z } from 'zod';
import { idOrNull, publicId, type Shown, shownNotes, shownTime, timeOrNull } from '#libs/kernel';
import { clawBackSchema, clawBackView } from '#libs/ledger';
import type { RefundRow } from './refund.entity.js';
import { REFUND_STATES } from './refund.js';

export const refundSchema = z
  .object({
    object: z.literal('refund'),
    id: z.string(),
    state: z.enum(REFUND_STATES),
    charge_id: z.string(),
    order_id: z.string().nullable(),
    reason: z.string().nullable(),
    requested_by: z.string(),
    failure: z
      .string()
      .nullable()
      .describe(
        'Why the Stars are not back: for a failed refund, or the last attempt. Telegram’s own words when it refused.',
      ),
    delayed_since: shownTime
      .nullable()
      .describe(
        'Since when Telegram delays the refund. A refund that Starwall began by itself (`requested_by` is ' +
          '`system`) is retried until it succeeds, and at once when Stars come in.',
      ),
    credits: clawBackSchema
      .nullable()
      .describe("The refund's effect on bought credits. null: none were bought, or the refund failed."),
    metadata: shownNotes,
    created_at: shownTime,
    updated_at: shownTime,
  })
  .meta({ id: 'Refund' });

/** A refund as the API and its events show it. */
export function refundView(refund: RefundRow): Shown<typeof refundSchema> {
  return {
    object: 'refund',
    id: publicId('refund', refund.id),
    state: refund.state,
    charge_id: publicId('charge', refund.chargeId),
    order_id: idOrNull('order', refund.orderId),
    reason: refund.reason,
    requested_by: refund.requestedBy,
    failure: refund.failure,
    delayed_since: timeOrNull(refund.delayedSince),
    credits: refund.credits === null ? null : clawBackView(refund.credits),
    metadata: refund.metadata,
    created_at: refund.createdAt.toISOString(),
    updated_at: refund.updatedAt.toISOString(),
  };
}
