import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database, type PlatformTx, type TenantTx } from '#libs/database';
import { EventStore, InboxKeeper } from '#libs/journal';
import { type Clock, DAY, MINUTE, SECOND } from '#libs/kernel';
import { CLOCK, redact } from '#libs/runtime';
import { OrderEndingService, type OrdersOfTenant, RefundService } from '#libs/sales';
import { SpendingStore } from '#libs/spending';

/** How long what Telegram told us is kept once it is handled. */
const KEEP_UPDATES_MS = 8 * DAY;
/** How long facts and their deliveries can be listed and sent again. */
const KEEP_EVENTS_MS = 90 * DAY;

/** Orders ended in one go, so that nobody waits long for a lock. */
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

/** Does what nobody asks for: ends orders whose time is up, gives back what was kept for them, forgets what need not be kept. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Sweeper');
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly running = new Map<string, Promise<void>>();
  private stopping = false;

  constructor(
    private readonly db: Database,
    private readonly endings: OrderEndingService,
    private readonly spendings: SpendingStore,
    private readonly refunds: RefundService,
    private readonly inbox: InboxKeeper,
    private readonly events: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.every(ORDERS_EVERY_MS, 'orders', () => this.sweepOrders());
    this.every(SPENDINGS_EVERY_MS, 'spendings', () => this.sweepSpendings());
    this.every(PROMISES_EVERY_MS, 'promises', () => this.sweepPromises());
    this.every(RETENTION_EVERY_MS, 'retention', () => this.forget());
  }

  /** Begins no further batch and waits for the present one. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all(this.running.values());
  }

  /** Gives up forsaken reservations and ends overdue orders. Any number of processes may do so at once. @returns how many of each */
  async sweepOrders(): Promise<{ readonly released: number; readonly expired: number }> {
    const { endings } = this;
    const released = await this.sweep(endings.forsaken.bind(endings), endings.release.bind(endings));
    const expired = await this.sweep(endings.overdue.bind(endings), endings.expire.bind(endings));
    return { released, expired };
  }

  /** Says of calls that move Stars and were cut off that nobody knows how they ended. Any number of processes may do so at once. */
  async sweepSpendings(): Promise<number> {
    const given = await this.untilShort(SPENDINGS_PER_BATCH, async () => {
      const now = this.clock.now();
      const found = await this.db.inPlatform('find calls that were cut off', (tx) =>
        this.spendings.cutOff(tx, now, SPENDINGS_PER_BATCH),
      );
      let count = 0;
      for (const { tenantId, ids } of found) {
        count += await this.db.inTenant(tenantId, (tx) => this.spendings.giveUp(tx, ids, now));
      }
      return count;
    });
    return given;
  }

  /** Takes up refunds that buyers were promised and that were given up. Any number of processes may do so at once. @returns how many */
  async sweepPromises(): Promise<number> {
    const now = this.clock.now();
    return this.untilShort(PROMISES_PER_BATCH, async () => {
      const dropped = await this.db.inPlatform('find promised refunds that were given up', (tx) =>
        this.refunds.dropped(tx, PROMISES_PER_BATCH),
      );
      let count = 0;
      for (const promise of dropped)
        if (await this.db.inTenant(promise.tenantId, (tx) => this.refunds.keep(tx, promise, now))) count += 1;
      return count;
    });
  }

  /** Forgets handled updates and old facts, batch by batch. @returns how many of each */
  async forget(): Promise<{ readonly updates: number; readonly events: number }> {
    const now = this.clock.now().getTime();
    const [updatesBefore, eventsBefore] = [new Date(now - KEEP_UPDATES_MS), new Date(now - KEEP_EVENTS_MS)];
    const updates = await this.untilShort(ROWS_PER_BATCH, () =>
      this.db.inPlatform('forget handled updates', (tx) => this.inbox.forgetHandled(tx, updatesBefore, ROWS_PER_BATCH)),
    );
    const events = await this.untilShort(ROWS_PER_BATCH, () =>
      this.db.inPlatform('forget old events', (tx) => this.events.forget(tx, eventsBefore, ROWS_PER_BATCH)),
    );
    return { updates, events };
  }

  private sweep(find: Find, end: End): Promise<number> {
    return this.untilShort(ORDERS_PER_BATCH, async () => {
      const now = this.clock.now();
      const found = await this.db.inPlatform('find orders whose time is up', (tx) => find(tx, now, ORDERS_PER_BATCH));
      let ended = 0;
      for (const { tenantId, orderIds } of found) {
        ended += await this.db.inTenant(tenantId, (tx) => end(tx, orderIds, now));
      }
      return ended;
    });
  }

  /** Repeats while batches come back full. One that another process was at, too, comes back short: then that one goes on. */
  private async untilShort(full: number, batch: () => Promise<number>): Promise<number> {
    let total = 0;
    for (;;) {
      const done = await batch();
      total += done;
      if (done < full || this.stopping) return total;
    }
  }

  private every(ms: number, name: string, sweep: () => Promise<unknown>): void {
    const run = async () => {
      try {
        await sweep();
      } catch (error) {
        this.log.error(`${name}: ${redact(error instanceof Error ? error.message : String(error))}`);
      } finally {
        this.running.delete(name);
      }
    };
    this.timers.push(setInterval(() => this.running.has(name) || this.running.set(name, run()), ms).unref());
  }
}
