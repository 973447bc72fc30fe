import type { TenantTx } from '#libs/database';
import type { ThreadState } from './support.js';
import { SupportThreadRow } from './support-thread.entity.js';

/** Records that a message was written in the thread. */
export async function touch(tx: TenantTx, threadId: string, state: ThreadState, now: Date): Promise<void> {
  const changes = { state, activeAt: now, lastMessageAt: now };
  await tx.manager.update(SupportThreadRow, { tenantId: tx.tenantId, id: threadId }, changes);
}
