import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import { newUuid } from '#libs/kernel';
import type { ObligationKind, ObligationRow, RemovalRow, RemovalState } from './removal.js';

const COLUMNS = `id, bot_id as "botId", state, acknowledged_at as "acknowledgedAt", created_at as "createdAt", ended_at as "endedAt"`;

export interface RemovalWish {
  /** Public id of an account, or the name of another requester. */
  readonly by: string;
  /** The bot may be removed although something cannot be ended. */
  readonly acknowledged: boolean;
}

/** Removals of bots. A bot has at most one that is not done. */
@Injectable()
export class RemovalStore {
  /** The latest; undefined when none was ever requested. */
  async latest(tx: TenantTx, botId: string): Promise<RemovalRow | undefined> {
    const [row] = await tx.query<RemovalRow>(
      `select ${COLUMNS} from bot_removals where tenant_id = $1 and bot_id = $2 order by (state = 'done'), created_at desc limit 1`,
      [tx.tenantId, botId],
    );
    return row;
  }

  /** Locks the open removal for this transaction; undefined when there is none. */
  async lockOpen(tx: TenantTx, botId: string): Promise<RemovalRow | undefined> {
    const [row] = await tx.query<RemovalRow>(
      `select ${COLUMNS} from bot_removals where tenant_id = $1 and bot_id = $2 and state <> 'done' for update`,
      [tx.tenantId, botId],
    );
    return row;
  }

  async insert(tx: TenantTx, botId: string, { by, acknowledged }: RemovalWish, now: Date): Promise<void> {
    await tx.query(
      `insert into bot_removals (tenant_id, id, bot_id, state, requested_by, acknowledged_at, created_at, updated_at)
       values ($1, $2, $3, 'running', $4, $5, $6, $6)`,
      [tx.tenantId, newUuid(now.getTime()), botId, by, acknowledged ? now : null, now],
    );
  }

  /** Records a repeated request, so that failures are retried. The caller holds the lock. */
  async again(tx: TenantTx, { id, acknowledgedAt }: RemovalRow, acknowledged: boolean, now: Date): Promise<void> {
    await tx.query(
      `update bot_removals set acknowledged_at = $3, state = 'running', updated_at = $4 where tenant_id = $1 and id = $2`,
      [tx.tenantId, id, acknowledgedAt ?? (acknowledged ? now : null), now],
    );
    await tx.query('delete from bot_removal_failures where tenant_id = $1 and removal_id = $2', [tx.tenantId, id]);
  }

  /** The caller holds the lock. */
  async move(tx: TenantTx, id: string, state: RemovalState, now: Date): Promise<void> {
    await tx.query(
      `update bot_removals set state = $3, updated_at = $4, ended_at = case when $3 = 'done' then $4::timestamptz end
       where tenant_id = $1 and id = $2`,
      [tx.tenantId, id, state, now],
    );
  }

  async fail(tx: TenantTx, id: string, kind: ObligationKind, subject: string, reason: string): Promise<void> {
    await tx.query(
      `insert into bot_removal_failures (tenant_id, removal_id, kind, subject, reason) values ($1, $2, $3, $4, left($5, 500))
       on conflict (tenant_id, removal_id, kind, subject) do nothing`,
      [tx.tenantId, id, kind, subject, reason],
    );
  }

  /** Obligations that a finished removal left. */
  leftBehind(tx: TenantTx, id: string, limit: number): Promise<ObligationRow[]> {
    return tx.query<ObligationRow>(
      `select kind, subject as id, reason as failure from bot_removal_failures where tenant_id = $1 and removal_id = $2
       order by kind, subject limit $3`,
      [tx.tenantId, id, limit],
    );
  }
}
