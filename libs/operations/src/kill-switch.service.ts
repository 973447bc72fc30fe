import { Injectable } from '@nestjs/common';
import type { PlatformTx } from '#libs/database';
import { NotFound } from '#libs/kernel';
import { WAITS_FOR_LIFTING } from '#libs/tenants';

export interface Stopped {
  readonly since: Date | null;
  readonly because: string | null;
}

/**
 * Stops one bot at once: no sales, nothing handed over, nobody asked for goods. Payments that Telegram confirms meanwhile are recorded,
 * refunds and answers to buyers stay open. Every process follows within five seconds. Both are safe to repeat; the first reason stays.
 * A whole workspace is stopped by restricting it to `outbound_stopped`.
 */
@Injectable()
export class KillSwitch {
  /** @throws NotFound */
  async stop(tx: PlatformTx, tenantId: string, botId: string, reason: string, now: Date): Promise<Stopped> {
    await tx.query(
      `update bots set stopped_because = $3, stopped_at = $4 where tenant_id = $1 and id = $2 and stopped_at is null`,
      [tenantId, botId, reason, now],
    );
    return this.of(tx, tenantId, botId);
  }

  /** What waited is due now. @throws NotFound */
  async release(tx: PlatformTx, tenantId: string, botId: string): Promise<Stopped> {
    await tx.query('update bots set stopped_because = null, stopped_at = null where tenant_id = $1 and id = $2', [
      tenantId,
      botId,
    ]);
    // What may still not be done finds that out when it comes up, and waits again.
    await tx.query(
      `update jobs set due_at = now(), error = null where tenant_id = $1 and state = 'waiting' and error = $2`,
      [tenantId, WAITS_FOR_LIFTING],
    );
    return this.of(tx, tenantId, botId);
  }

  private async of(tx: PlatformTx, tenantId: string, botId: string): Promise<Stopped> {
    const [row] = await tx.query<Stopped>(
      'select stopped_at as since, stopped_because as because from bots where tenant_id = $1 and id = $2',
      [tenantId, botId],
    );
    if (row === undefined) throw new NotFound('bot');
    return row;
  }
}
