import { Inject, Injectable } from '@nestjs/common';
import { Database, type TenantTx } from '#libs/database';
import { alertJobs, EventStore, JobStore } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { OrderEndingService, SubscriptionService } from '#libs/sales';
import { BotEnding, type BotFacts, TenantStore } from '#libs/tenants';
import { LinkEnding } from './link-ending.service.js';
import { ObligationReader } from './obligation.reader.js';
import { BotOwes, lookAfter, nextOf, type ObligationRow, type RemovalRow } from './removal.js';
import { RemovalStore, type RemovalWish } from './removal.store.js';
import { type RemovalProgress, removalView } from './removal-view.js';

/** Maximum number of subscriptions, or of orders, per transaction. */
const BATCH = 100;
/** Failures that are shown with a bot; GET /v1/bots/{id}/obligations lists all. */
const SHOWN = 20;

/** The result of one step. */
export type Stepped =
  | { readonly kind: 'done' }
  | { readonly kind: 'wait'; readonly why: string; readonly afterMs: number };

/**
 * Removes bots. Once removal is requested, the bot sells nothing. A job then asks Telegram to stop every renewal,
 * cancels unpaid orders, revokes links, and waits for pending work; the webhook and the token are deleted last.
 * Obligations that cannot be ended are listed, and delay the removal until the creator accepts them.
 */
@Injectable()
export class RemovalService {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantStore,
    private readonly bots: BotEnding,
    private readonly store: RemovalStore,
    private readonly obligations: ObligationReader,
    private readonly subscriptions: SubscriptionService,
    private readonly orders: OrderEndingService,
    private readonly links: LinkEnding,
    private readonly events: EventStore,
    private readonly jobs: JobStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Requests a bot's removal for its creator.
   * @throws TenantRestricted, NotFound; BotOwes when its token does not work and it has obligations that are not
   * acknowledged
   */
  async ask(tenantId: string, botId: string, wish: RemovalWish): Promise<void> {
    await this.db.inTenant(tenantId, async (tx) => {
      await this.tenants.require(tx, 'configure');
      const { state } = await this.bots.lock(tx, botId);
      if (state === 'token_invalid' && !wish.acknowledged) await this.refuseIfOwing(tx, botId);
      await this.request(tx, botId, wish);
    });
    this.bots.forget(botId);
  }

  /**
   * Starts the removal of a bot. If it is already in progress, failures are retried; for a removed bot nothing happens.
   * Call {@link BotEnding.forget} after the commit.
   * @throws NotFound
   */
  async request(tx: TenantTx, botId: string, wish: RemovalWish): Promise<void> {
    const now = this.clock.now();
    const bot = await this.bots.lock(tx, botId);
    if (bot.state === 'removed') return;
    const open = await this.store.lockOpen(tx, botId);
    if (open === undefined) {
      await this.store.insert(tx, botId, wish, now);
      await this.bots.begin(tx, bot);
    } else await this.store.again(tx, open, wish.acknowledged, now);
    await this.subscriptions.retryStops(tx, botId);
    await this.jobs.enqueue(tx, [{ kind: 'bot.remove', subject: botId }]);
  }

  /** The progress of a removal; undefined when none was ever requested. */
  async progress(tx: TenantTx, botId: string): Promise<RemovalProgress | undefined> {
    const removal = await this.store.latest(tx, botId);
    return removal && this.progressOf(tx, removal);
  }

  /** Open obligations; for a removed bot, those that were left. */
  async left(tx: TenantTx, bot: Pick<BotFacts, 'id' | 'state'>, limit: number): Promise<ObligationRow[]> {
    const removal = bot.state === 'removed' ? await this.store.latest(tx, bot.id) : undefined;
    return removal === undefined
      ? this.obligations.list(tx, bot.id, { which: 'all', limit }, this.clock.now())
      : this.store.leftBehind(tx, removal.id, limit);
  }

  /**
   * Does everything that is possible now. Each part is stored before Telegram is called, and is repeatable: after a
   * failure the next step continues.
   * @throws Telegram's error when the call should be retried later
   */
  async step(tenantId: string, botId: string): Promise<Stepped> {
    const removal = await this.db.inTenant(tenantId, (tx) => this.store.lockOpen(tx, botId));
    if (removal === undefined) return { kind: 'done' };
    await this.inBatches(tenantId, (tx, now) => this.subscriptions.stopSome(tx, botId, BATCH, now));
    await this.inBatches(tenantId, (tx, now) => this.orders.cancelSome(tx, botId, BATCH, now));
    await this.links.revokeSome(tenantId, removal);
    const next = await this.look(tenantId, removal);
    if (next !== 'end') return waitFor(removal, next, this.clock.now());
    await this.bots.leaveTelegram(tenantId, botId);
    // Includes updates that arrived until a moment ago.
    const after = await this.look(tenantId, removal);
    if (after !== 'end') return waitFor(removal, after, this.clock.now());
    await this.bots.end(tenantId, botId, (tx) => this.conclude(tx, removal));
    return { kind: 'done' };
  }

  /**
   * Removes every bot of a workspace that is being closed. Idempotent.
   * @param wish obligations that cannot be ended keep the workspace open until they are acknowledged
   * @returns true when none is left
   */
  async removeAll(tenantId: string, wish: RemovalWish): Promise<boolean> {
    const bots = await this.db.inTenant(tenantId, (tx) => this.bots.all(tx));
    for (const bot of bots) {
      if (bot.state === 'registering') await this.bots.end(tenantId, bot.id);
      else if (bot.state !== 'removing' || wish.acknowledged) await this.requestOnce(tenantId, bot.id, wish);
    }
    return bots.length === 0;
  }

  /** Requests a removal once: the platform repeats its request every minute, and that must not restart everything. */
  private async requestOnce(tenantId: string, botId: string, wish: RemovalWish): Promise<void> {
    await this.db.inTenant(tenantId, async (tx) => {
      const known = await this.store.lockOpen(tx, botId);
      if (known !== undefined && known.acknowledgedAt !== null) return;
      await this.request(tx, botId, wish);
    });
    this.bots.forget(botId);
  }

  private async refuseIfOwing(tx: TenantTx, botId: string): Promise<void> {
    const left = await this.obligations.counts(tx, botId, this.clock.now());
    if (left.length > 0) throw new BotOwes(left);
  }

  private async inBatches(tenantId: string, some: (tx: TenantTx, now: Date) => Promise<number>): Promise<void> {
    for (let count = BATCH; count === BATCH; ) {
      count = await this.db.inTenant(tenantId, (tx) => some(tx, this.clock.now()));
    }
  }

  /** Chooses the next step. A stuck removal is reported once, until the removal is requested again. */
  private look(tenantId: string, { botId }: RemovalRow): Promise<'wait' | 'stuck' | 'end'> {
    return this.db.inTenant(tenantId, async (tx) => {
      const now = this.clock.now();
      const removal = await this.store.lockOpen(tx, botId);
      if (removal === undefined) return 'end';
      const next = nextOf(await this.obligations.counts(tx, botId, now), removal, now);
      const state = next === 'stuck' ? 'stuck' : 'running';
      if (state === removal.state) return next;
      await this.store.move(tx, removal.id, state, now);
      if (state === 'stuck') await this.tell(tx, { ...removal, state });
      return next;
    });
  }

  private async tell(tx: TenantTx, removal: RemovalRow): Promise<void> {
    const { botId } = removal;
    const data = removalView(await this.progressOf(tx, removal));
    const eventId = await this.events.record(tx, { type: 'bot.removal_stuck', botId, data });
    await this.jobs.enqueue(tx, alertJobs(eventId));
  }

  private async progressOf(tx: TenantTx, removal: RemovalRow): Promise<RemovalProgress> {
    const { botId, id } = removal;
    const now = this.clock.now();
    const stopped = await this.obligations.stopped(tx, botId);
    if (removal.state === 'done') {
      return { removal, stopped, left: [], failures: await this.store.leftBehind(tx, id, SHOWN) };
    }
    const left = await this.obligations.counts(tx, botId, now);
    const failures = await this.obligations.list(tx, botId, { which: 'failed', limit: SHOWN }, now);
    return { removal, stopped, left, failures };
  }

  private async conclude(tx: TenantTx, { botId, id }: RemovalRow): Promise<void> {
    const now = this.clock.now();
    await this.obligations.keep(tx, botId, id, now);
    await this.store.move(tx, id, 'done', now);
  }
}

const waitFor = (removal: RemovalRow, next: 'wait' | 'stuck', now: Date): Stepped => ({
  kind: 'wait',
  why: next === 'wait' ? 'something is still under way' : 'something could not be ended',
  afterMs: lookAfter(removal, next, now),
});
