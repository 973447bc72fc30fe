import { idOrNull, publicId, timeOrNull } from '#libs/kernel';
import { clawBackView } from '#libs/ledger';
import type { RefundRow } from './refund.entity.js';

/** A refund as the API and its events show it. */
export function refundView(refund: RefundRow) {
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
