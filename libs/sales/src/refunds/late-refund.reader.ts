import type { PlatformTx } from '#libs/database';
import type { Hastened, StoredEvent } from '#libs/journal';
import { MINUTE } from '#libs/kernel';
import { refundIsOpen } from './refund.js';

/** Minimum milliseconds between two attempts of a refused refund, however many Stars arrive. */
const PAUSE_MS = MINUTE;

/**
 * Refused refunds for which a bot may have enough Stars after these events: their next attempts are due, but not within
 * a minute of the last.
 * @param events events of any types and tenants
 */
export async function lateRefunds(tx: PlatformTx, events: readonly StoredEvent[]): Promise<Hastened[]> {
  const paid = events.filter(({ type }) => type === 'order.paid' || type === 'charge.unmatched').map(({ id }) => id);
  if (paid.length === 0) return [];
  const late = await tx.query<{ tenantId: string; subject: string; triedAt: Date }>(
    `select r.tenant_id as "tenantId", r.id as subject, r.updated_at as "triedAt"
     from refunds r join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
     where r.delayed_since is not null and ${refundIsOpen('r')}
       and exists (select from events e where e.tenant_id = c.tenant_id and e.bot_id = c.bot_id and e.id = any($1::uuid[]))`,
    [paid],
  );
  return late.map(({ triedAt, ...job }) => ({
    ...job,
    kind: 'refund.execute',
    notBefore: new Date(triedAt.getTime() + PAUSE_MS),
  }));
}
