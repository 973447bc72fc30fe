import { Inject, Injectable } from '@nestjs/common';
import { FileService } from '#libs/catalog';
import {
  type ClosingPhase,
  Database,
  type PlatformTx,
  type Room,
  ROOMS,
  type Sql,
  type TenantTx,
} from '#libs/database';
import { EventStore } from '#libs/journal';
import { type Clock, DAY } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { ClosureService } from './closure.service.js';
import { pseudonymFrom } from './erasure.js';
import { ErasureStore } from './erasure.store.js';
import { busyQuery, closingPlan } from './plan.js';
import { RemovalService } from './removal.service.js';
import { closureView } from './closure-view.js';

/** Buyers erased in one transaction. */
const BUYERS = 200;
/**
 * Milliseconds for which failures to remove a bot keep its workspace open after its due time, so that they can be
 * fixed.
 */
const REMOVAL_GRACE_MS = 7 * DAY;

/**
 * Closes workspaces: deletes bots, tokens, keys, sessions, secrets, files and personal data, and keeps the books
 * without personal data.
 */
@Injectable()
export class ClosingService {
  private readonly busy: Sql;
  private readonly plan: Readonly<Record<ClosingPhase, readonly Sql[]>>;

  constructor(
    private readonly db: Database,
    private readonly closures: ClosureService,
    private readonly store: ErasureStore,
    private readonly removals: RemovalService,
    private readonly files: FileService,
    private readonly events: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ROOMS) rooms: readonly Room[],
  ) {
    this.busy = busyQuery(rooms);
    this.plan = closingPlan(rooms);
  }

  /**
   * Closes a workspace whose closure is due. Every step is repeatable: after a failure the next call continues. Its
   * bots are removed first, like any other bot, so that Telegram stops charging their buyers.
   * @returns false while something is still pending, or if another process was faster
   */
  async close(tenantId: string): Promise<boolean> {
    if (!(await this.removeBots(tenantId))) return false;
    if (!(await this.db.inTenant(tenantId, (tx) => this.isQuiet(tx)))) return false;
    await this.files.forgetAll(tenantId);
    for (let erased = BUYERS; erased === BUYERS; ) {
      erased = await this.db.inTenant(tenantId, (tx) => this.eraseSome(tx));
    }
    await this.db.inTenant(tenantId, (tx) => this.wipe(tx, 'workspace'));
    return this.db.inPlatform('the end of a workspace', (tx) => this.end(tx, tenantId));
  }

  private async removeBots(tenantId: string): Promise<boolean> {
    const dueAt = await this.db.inTenant(tenantId, (tx) => this.closures.dueSince(tx));
    if (dueAt === undefined) return false;
    const acknowledged = this.clock.now().getTime() - dueAt.getTime() > REMOVAL_GRACE_MS;
    return this.removals.removeAll(tenantId, { by: 'workspace.closing', acknowledged });
  }

  private async isQuiet(tx: TenantTx): Promise<boolean> {
    const [found] = await tx.query<{ busy: boolean }>(this.busy, [tx.tenantId, this.clock.now()]);
    return found?.busy === false;
  }

  private async eraseSome(tx: TenantTx): Promise<number> {
    const persons = await this.store.persons(tx, BUYERS);
    const pairs = persons.map((telegramId) => ({ telegramId, pseudonym: pseudonymFrom(Math.random()) }));
    await this.store.replace(tx, pairs);
    return pairs.length;
  }

  private async end(tx: PlatformTx, tenantId: string): Promise<boolean> {
    const own = tx.asTenant(tenantId);
    const ended = await this.closures.end(own);
    if (ended === undefined) return false;
    await this.wipe(own, 'platform');
    await this.wipe(own, 'end');
    // No one is left to receive it.
    await this.events.recordRelayed(own, { type: 'workspace.closed', data: closureView(ended) });
    return true;
  }

  private async wipe(tx: TenantTx, phase: ClosingPhase): Promise<void> {
    for (const statement of this.plan[phase]) await tx.query(statement, [tx.tenantId]);
  }
}
