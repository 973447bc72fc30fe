import { Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import { DomainError, NotFound } from '#libs/kernel';
import { ringAfterCommit } from './doorbell.js';

export interface ParkedUpdate {
  readonly tenantId: string;
  readonly botId: string;
  readonly botUsername: string;
  readonly updateId: number;
  readonly kind: string;
  readonly attempts: number;
  readonly error: string | null;
  readonly receivedAt: Date;
}

export interface StoredUpdate extends ParkedUpdate {
  readonly state: 'waiting' | 'done' | 'parked';
  /** The reason that staff gave for resolving it. */
  readonly resolution: string | null;
  readonly handledAt: Date | null;
  readonly body: Record<string, unknown>;
}

export class UpdateNotParked extends DomainError {
  static readonly code = 'update_not_parked';
  static readonly refusal = 'conflict';
  readonly remedy = 'Only a parked update can be resolved. Check its state first.';

  constructor(state: string) {
    super(`The update is ${state}, not parked.`);
  }
}

const COLUMNS = `i.tenant_id as "tenantId", i.bot_id as "botId", b.username as "botUsername", i.update_id as "updateId", i.kind,
  i.attempts, i.error, i.received_at as "receivedAt"`;
const FROM = 'from inbox i join bots b on b.tenant_id = i.tenant_id and b.id = i.bot_id';

/** Operations of staff and sweepers on stored updates. A parked update is never deleted automatically. */
@Injectable()
export class InboxKeeper {
  /** Lists updates of all tenants that kept failing, oldest first. */
  parked(tx: PlatformTx, limit: number): Promise<ParkedUpdate[]> {
    return tx.query<ParkedUpdate>(
      `select ${COLUMNS} ${FROM} where i.state = 'parked' order by i.received_at, i.tenant_id, i.bot_id, i.update_id limit $1`,
      [limit],
    );
  }

  /** @throws NotFound */
  async get(tx: TenantTx, botId: string, updateId: number): Promise<StoredUpdate> {
    const rows = await tx.query<StoredUpdate>(
      `select ${COLUMNS}, i.state, i.resolution, i.handled_at as "handledAt", i.body
       ${FROM} where i.tenant_id = $1 and i.bot_id = $2 and i.update_id = $3`,
      [tx.tenantId, botId, updateId],
    );
    if (rows[0] === undefined) throw new NotFound('update');
    return rows[0];
  }

  /**
   * Makes a stored update, parked or handled, due again with all its attempts. Handling is idempotent, so a second run
   * changes nothing.
   * @returns false when it is already waiting or in progress: nothing was done
   * @throws NotFound
   */
  async replay(tx: TenantTx, botId: string, updateId: number): Promise<boolean> {
    await this.get(tx, botId, updateId);
    ringAfterCommit(tx, 'inbox');
    const rows = await tx.query(
      `update inbox set state = 'waiting', attempts = 0, due_at = now(), lease = null, lease_until = null, error = null,
         handled_at = null, resolution = null
       where tenant_id = $1 and bot_id = $2 and update_id = $3 and state <> 'waiting' returning 1`,
      [tx.tenantId, botId, updateId],
    );
    return rows.length === 1;
  }

  /**
   * Closes a parked update without handling it. It is then kept as long as a handled one.
   * @param resolution the reason, for later readers; 1 to 500 characters
   * @throws NotFound, UpdateNotParked
   */
  async resolve(tx: TenantTx, botId: string, updateId: number, resolution: string): Promise<void> {
    const { state } = await this.get(tx, botId, updateId);
    const rows = await tx.query(
      `update inbox set state = 'done', handled_at = now(), resolution = $4
       where tenant_id = $1 and bot_id = $2 and update_id = $3 and state = 'parked' returning 1`,
      [tx.tenantId, botId, updateId, resolution],
    );
    if (rows.length === 0) throw new UpdateNotParked(state);
  }

  /** Deletes updates handled before a time, at most `limit` at a time. @returns the number deleted */
  async forgetHandled(tx: PlatformTx, before: Date, limit: number): Promise<number> {
    const rows = await tx.query(
      `delete from inbox where ctid = any(array(
         select ctid from inbox where state = 'done' and handled_at < $1 order by handled_at limit $2 for update skip locked))
       returning 1`,
      [before, limit],
    );
    return rows.length;
  }
}
