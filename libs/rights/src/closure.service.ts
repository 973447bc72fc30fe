import { Inject, Injectable } from '@nestjs/common';
import type { PlatformTx, TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { type Clock, DAY, newUuid, NotFound } from '#libs/kernel';
import { CLOCK, CONFIG, type Config } from '#libs/runtime';
import { TenantStore } from '#libs/tenants';
import { AlreadyClosed, type ClosureRow, NameDiffers } from './closure.js';
import { closureView } from './closure-view.js';

const COLUMNS = `id, state, requested_by as "requestedBy", reason, due_at as "dueAt", created_at as "createdAt", ended_at as "endedAt"`;

export interface ClosureWish {
  /** Public id of an account or a member of staff. */
  readonly by: string;
  readonly reason: string | null;
}

/**
 * Closures of workspaces: requested, cancellable for some weeks in which nothing new is sold and everything else
 * continues, then final (closing.service.ts).
 */
@Injectable()
export class ClosureService {
  constructor(
    private readonly tenants: TenantStore,
    private readonly events: EventStore,
    @Inject(CONFIG) private readonly config: Pick<Config, 'closeAfterDays'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws NameDiffers */
  async confirm(tx: TenantTx, name: string): Promise<void> {
    if ((await this.tenants.get(tx)).name !== name) throw new NameDiffers();
  }

  /** Requests a closure, or returns the pending one. @throws AlreadyClosed; NotFound when there is no such workspace */
  async request(tx: TenantTx, { by, reason }: ClosureWish): Promise<ClosureRow> {
    if ((await this.tenants.get(tx)).state === 'closed') throw new AlreadyClosed();
    const now = this.clock.now();
    const made = await tx.query<ClosureRow>(
      `insert into closures (tenant_id, id, state, requested_by, reason, due_at, created_at)
       values ($1, $2, 'pending', $3, $4, $5, $6) on conflict (tenant_id) where state = 'pending' do nothing returning ${COLUMNS}`,
      [
        tx.tenantId,
        newUuid(now.getTime()),
        by,
        reason,
        new Date(now.getTime() + this.config.closeAfterDays * DAY),
        now,
      ],
    );
    if (made[0] === undefined) return this.current(tx);
    await this.events.record(tx, { type: 'workspace.closing', data: closureView(made[0]) });
    return made[0];
  }

  /**
   * Cancels the pending closure; sales resume at once. @throws NotFound when none is pending; AlreadyClosed when it is
   * due, because much may already be deleted
   */
  async cancel(tx: TenantTx): Promise<ClosureRow> {
    const cancelled = await tx.query<ClosureRow>(
      `update closures set state = 'cancelled', ended_at = $2 where tenant_id = $1 and state = 'pending' and due_at > $2
       returning ${COLUMNS}`,
      [tx.tenantId, this.clock.now()],
    );
    if (cancelled[0] === undefined)
      throw (await this.current(tx)).state === 'cancelled' ? new NotFound('closure') : new AlreadyClosed();
    const data = closureView(cancelled[0]);
    await this.events.record(tx, { type: 'workspace.kept', data, previous: { state: 'pending', ended_at: null } });
    return cancelled[0];
  }

  /** The latest closure. @throws NotFound when there never was one */
  async current(tx: TenantTx): Promise<ClosureRow> {
    const [row] = await tx.query<ClosureRow>(
      `select ${COLUMNS} from closures where tenant_id = $1 order by id desc limit 1`,
      [tx.tenantId],
    );
    if (row === undefined) throw new NotFound('closure');
    return row;
  }

  /** The pending closure, if there is one. */
  async pending(tx: TenantTx): Promise<ClosureRow | undefined> {
    const [row] = await tx.query<ClosureRow>(
      `select ${COLUMNS} from closures where tenant_id = $1 and state = 'pending'`,
      [tx.tenantId],
    );
    return row;
  }

  /** The due time of the pending closure; undefined when it is in the future or none is pending. */
  async dueSince(tx: TenantTx): Promise<Date | undefined> {
    const [row] = await tx.query<{ dueAt: Date }>(
      `select due_at as "dueAt" from closures where tenant_id = $1 and state = 'pending' and due_at <= $2`,
      [tx.tenantId, this.clock.now()],
    );
    return row?.dueAt;
  }

  /** Marks the workspace as closed. @returns undefined when no due closure is pending */
  async end(tx: TenantTx): Promise<ClosureRow | undefined> {
    const [row] = await tx.query<ClosureRow>(
      `update closures set state = 'done', ended_at = $2 where tenant_id = $1 and state = 'pending' and due_at <= $2
       returning ${COLUMNS}`,
      [tx.tenantId, this.clock.now()],
    );
    return row;
  }

  /** Workspaces whose closure is due, the longest overdue first. */
  async due(tx: PlatformTx, limit: number): Promise<string[]> {
    const rows = await tx.query<{ tenantId: string }>(
      `select tenant_id as "tenantId" from closures where state = 'pending' and due_at <= $1 order by due_at limit $2`,
      [this.clock.now(), limit],
    );
    return rows.map((row) => row.tenantId);
  }
}
