import { Inject, Injectable } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { type Clock, mayMove, newUuid, NotFound } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { BotDirectory } from '../bots/bot-directory.service.js';
import { TenantDirectory } from '../workspace/tenant-directory.service.js';
import { standingView } from './standing-view.js';
import { TENANT_MOVES, type TenantState, TenantStateConflict } from '../workspace/tenant.js';

export interface TenantMove {
  readonly to: TenantState;
  /** For the creator: 1 to 500 characters. Optional only for lifting. */
  readonly reason: string | undefined;
  /** For staff only, 1 to 2000 characters. */
  readonly note?: string | undefined;
  /** The time of the next review, which the creator also sees. */
  readonly reviewAt?: Date | undefined;
  readonly staffId: string;
}

/** A workspace's state, as shown to its creator. */
export interface TenantStanding {
  readonly state: TenantState;
  readonly reason: string | null;
  readonly since: Date;
  readonly reviewAt: Date | null;
}

/**
 * Restricts workspaces and lifts restrictions. The change, its history, and the event for the creator are one
 * transaction. Caches are invalidated at once in this process and within five seconds in the others.
 */
@Injectable()
export class TenantStates {
  constructor(
    private readonly db: Database,
    private readonly events: EventStore,
    private readonly jobs: JobStore,
    private readonly bots: BotDirectory,
    private readonly directory: TenantDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws NotFound, and TenantStateConflict when that is already its state or not a valid move */
  async move(tenantId: string, move: TenantMove): Promise<TenantStanding> {
    const now = this.clock.now();
    const standing = await this.db.inPlatform('restrict or lift', async (tx) => {
      const [tenant] = await tx.query<{ state: TenantState }>('select state from tenants where id = $1 for update', [
        tenantId,
      ]);
      if (tenant === undefined) throw new NotFound('workspace');
      const { state: from } = tenant;
      if (!mayMove(TENANT_MOVES, from, move.to)) throw new TenantStateConflict(from, move.to);
      await tx.query('update tenants set state = $2 where id = $1', [tenantId, move.to]);
      await this.remember(tx, tenantId, from, move, now);
      return { state: move.to, reason: move.reason ?? null, since: now, reviewAt: move.reviewAt ?? null };
    });
    this.bots.forgetTenant(tenantId);
    this.directory.forget(tenantId);
    return standing;
  }

  private async remember(tx: PlatformTx, tenantId: string, from: TenantState, move: TenantMove, now: Date) {
    const { to, reason, reviewAt, note, staffId } = move;
    const data = standingView(tenantId, to, reason ?? null, reviewAt ?? null);
    const type = to === 'active' ? 'workspace.lifted' : 'workspace.restricted';
    await Promise.all([
      tx.query(
        `insert into tenant_state_entries (tenant_id, id, from_state, to_state, reason, review_at, staff_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [tenantId, newUuid(now.getTime()), from, to, reason ?? null, reviewAt ?? null, staffId, now],
      ),
      this.events.record(tx.asTenant(tenantId), { type, data, previous: { state: from } }),
      this.jobs.wake(tx.asTenant(tenantId), 'lifting'),
    ]);
    if (note === undefined) return;
    await tx.query(
      'insert into staff_note_entries (id, owner_tenant, staff_id, note, created_at) values ($1, $2, $3, $4, $5)',
      [newUuid(now.getTime()), tenantId, staffId, note, now],
    );
  }
}
