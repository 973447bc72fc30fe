import { z } from 'zod';
import { publicId, type Shown, shownTime, timeOrNull } from '#libs/kernel';
import { TENANT_STATES, type TenantState } from '../workspace/tenant.js';

export const standingSchema = z
  .object({
    object: z.literal('tenant'),
    id: z.string(),
    state: z.enum(TENANT_STATES),
    reason: z.string().nullable(),
    review_at: shownTime.nullable(),
  })
  .meta({ id: 'WorkspaceStanding' });

/** A workspace's state, as its events show it. */
export const standingView = (
  tenantId: string,
  state: TenantState,
  reason: string | null,
  reviewAt: Date | null,
): Shown<typeof standingSchema> => ({
  object: 'tenant' as const,
  id: publicId('tenant', tenantId),
  state,
  reason,
  review_at: timeOrNull(reviewAt),
});
