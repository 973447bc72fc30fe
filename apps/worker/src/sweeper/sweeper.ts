import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, type PlatformTx, type TenantTx } from '#libs/database';
import { InboxKeeper } from '#libs/journal';
import { type Clock, DAY, MINUTE, SECOND } from '#libs/kernel';
import { Rounds } from '#libs/process';
import { CLOCK } from '#libs/runtime';
import { OrderEndingService, type OrdersOfTenant, RefundService } from '#libs/sales';
import { SpendingStore } from '#libs/spending';
import { untilShort } from './until-short.js';

/** Retention of handled updates. */
const KEEP_UPDATES_MS = 8 * DAY;

/** Orders ended per transaction, so that no lock is held for long. */
const ORDERS_PER_BATCH = 100;
const ROWS_PER_BATCH = 1_000;
const SPENDINGS_PER_BATCH = 100;

const ORDERS_EVERY_MS = 5 * SECOND;
const PROMISES_PER_BATCH = 50;

const SPENDINGS_EVERY_MS = MINUTE;
const PROMISES_EVERY_MS = 10 * MINUTE;
const RETENTION_EVERY_MS = 10 * MINUTE;

type Find = (tx: PlatformTx, now: Date, limit: number) => Promise<readonly OrdersOfTenant[]>;
type End = (tx: TenantTx, orderIds: readonly string[], now: Date) => Promise<number>;

/** Periodic work: ends overdue orders, releases their reservations, deletes handled updates. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap {
  constructor(
    private readonly db: Database,
    private readonly endings: OrderEndingService,
    private readonly spendings: SpendingStore,
    private readonly refunds: RefundService,
    private readonly inbox: InboxKeeper,
    private readonly rounds: Rounds,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.every(ORDERS_EVERY_MS, 'orders', (stop) => this.sweepOrders(stop));
    this.rounds.every(SPENDINGS_EVERY_MS, 'spendings', (stop) => this.sweepSpendings(stop));
    this.rounds.every(PROMISES_EVERY_MS, 'promises', (stop) => this.sweepPromises(stop));
    this.rounds.every(RETENTION_EVERY_MS, 'retention', (stop) => this.forget(stop));
  }

  /**
   * Releases abandoned reservations and ends overdue orders. Any number of processes may do so concurrently.
   * @returns the number of each
   */
  async sweepOrders(stop?: AbortSignal): Promise<{ readonly released: number; readonly expired: number }> {
    const { endings } = this;
    const released = await this.sweep(endings.forsaken.bind(endings), endings.release.bind(endings), stop);
    const expired = await this.sweep(endings.overdue.bind(endings), endings.expire.bind(endings), stop);
    return { released, expired };
  }

  /** Marks interrupted calls that move Stars as unknown. Any number of processes may do so concurrently. */
  sweepSpendings(stop?: AbortSignal): Promise<number> {
    return untilShort(SPENDINGS_PER_BATCH, stop, async () => {
      const now = this.clock.now();
      const found = await this.db.inPlatform('find calls that were interrupted', (tx) =>
        this.spendings.cutOff(tx, now, SPENDINGS_PER_BATCH),
      );
      let count = 0;
      for (const { tenantId, ids } of found) {
        if (stop?.aborted) break;
        count += await this.db.inTenant(tenantId, (tx) => this.spendings.giveUp(tx, ids, now));
      }
      return count;
    });
  }

  /**
   * Resumes promised refunds that were given up. Any number of processes may do so concurrently.
   * @returns their number
   */
  async sweepPromises(stop?: AbortSignal): Promise<number> {
    const now = this.clock.now();
    return untilShort(PROMISES_PER_BATCH, stop, async () => {
      const dropped = await this.db.inPlatform('find promised refunds that were given up', (tx) =>
        this.refunds.dropped(tx, PROMISES_PER_BATCH),
      );
      let count = 0;
      for (const promise of dropped) {
        if (stop?.aborted) break;
        if (await this.db.inTenant(promise.tenantId, (tx) => this.refunds.keep(tx, promise, now))) count += 1;
      }
      return count;
    });
  }

  /** Deletes handled updates, batch by batch. @returns their number */
  forget(stop?: AbortSignal): Promise<number> {
    const before = new Date(this.clock.now().getTime() - KEEP_UPDATES_MS);
    return untilShort(ROWS_PER_BATCH, stop, () =>
      this.db.inPlatform('delete handled updates', (tx) => this.inbox.forgetHandled(tx, before, ROWS_PER_BATCH)),
    );
  }

  private sweep(find: Find, end: End, stop?: AbortSignal): Promise<number> {
    return untilShort(ORDERS_PER_BATCH, stop, async () => {
      const now = this.clock.now();
      const found = await this.db.inPlatform('find overdue orders', (tx) => find(tx, now, ORDERS_PER_BATCH));
      let ended = 0;
      for (const { tenantId, orderIds } of found) {
        if (stop?.aborted) break;
        ended += await this.db.inTenant(tenantId, (tx) => end(tx, orderIds, now));
      }
      return ended;
    });
  }
}
