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
        'The reason why the Stars were not returned: for a failed refund, or for the last attempt. Telegram’s error message if it refused.',
      ),
    delayed_since: shownTime
      .nullable()
      .describe(
        'The time since which Telegram has delayed the refund. A refund that Starwall started (`requested_by` is ' +
          '`system`) is retried until it succeeds, and sooner when Stars come in.',
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
