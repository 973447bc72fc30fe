import { Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import { ringAfterCommit } from './doorbell.js';
import type { Envelope } from './inbox.js';

export interface IncomingUpdate extends Envelope {
  readonly tenantId: string;
  readonly botId: string;
  /** The update as JSON text, exactly as received. */
  readonly body: string;
}

/** Updates from Telegram. The primary key (tenant, bot, update_id) makes repeated deliveries harmless. */
@Injectable()
export class InboxStore {
  /** Stores updates of any bots, and commits; known ones are ignored. */
  async store(tx: PlatformTx, updates: readonly IncomingUpdate[]): Promise<void> {
    ringAfterCommit(tx, 'inbox');
    await tx.conclude(
      `insert into inbox (tenant_id, bot_id, update_id, lane, kind, body)
       select * from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::jsonb[])
       on conflict (tenant_id, bot_id, update_id) do nothing`,
      [
        updates.map((u) => u.tenantId),
        updates.map((u) => u.botId),
        updates.map((u) => u.updateId),
        updates.map((u) => u.lane),
        updates.map((u) => u.kind),
        updates.map((u) => u.body),
      ],
    );
  }

  /**
   * Stores an update that was answered synchronously as handled, because it belongs to the order's history, and
   * commits.
   */
  async recordHandled(
    tx: TenantTx,
    botId: string,
    envelope: Envelope,
    body: object,
    orderId: string | undefined,
  ): Promise<void> {
    await tx.conclude(
      `insert into inbox (tenant_id, bot_id, update_id, lane, kind, body, state, handled_at, order_id)
       values ($1, $2, $3, $4, $5, $6, 'done', now(), $7) on conflict (tenant_id, bot_id, update_id) do nothing`,
      [tx.tenantId, botId, envelope.updateId, envelope.lane, envelope.kind, body, orderId ?? null],
    );
  }
}
