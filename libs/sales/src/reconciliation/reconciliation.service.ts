import { Injectable } from '@nestjs/common';
import { type Cursor, type PlatformTx, seek, type TenantTx } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { DAY, HOUR, MINUTE, NotFound } from '#libs/kernel';
import { type BotKey, isActive } from '#libs/tenants';
import {
  BotNotReadable,
  explain,
  FAILING_MS,
  nextReconciliation,
  ON_ITS_WAY_MS,
  RECONCILE_EVERY_MS,
  type StarSum,
  UNKNOWN_THERE_MS,
} from './reconciliation.js';
import { ReconciliationRow } from './reconciliation.entity.js';
import { ReconciliationStore } from './reconciliation.store.js';
import { reconciliationView } from './reconciliation-view.js';
import type { PageRead } from './star-transaction.reader.js';
import { StarTransactionStore } from './star-transaction.store.js';

export interface ReconciliationFilter extends Cursor {
  readonly botId: string;
  readonly limit: number;
}

/** Telegram's report of a balance. */
export interface Measured {
  readonly balance: StarSum;
  /** The list of transactions was the same before and after. */
  readonly stoodStill: boolean;
}

/** Milliseconds for which scheduled reconciliations are kept. */
const KEPT_MS = 30 * DAY;
/** Maximum milliseconds that a bot waits after an outage. */
const SOON_MS = MINUTE;
/**
 * Milliseconds for which the charge of unlocked paid media is searched for more often; later the usual reconciliations
 * find it.
 */
const AWAITED_MS = HOUR;
/** Must be zero in correct books. */
const ALARMING = ['unexplained', 'unknownHere', 'unknownThere'] as const;
/** Bots per sweep. */
const SWEEP = 1_000;

/** Compares bots' books with Telegram's, one reconciliation at a time for each bot. */
@Injectable()
export class ReconciliationService {
  constructor(
    private readonly store: ReconciliationStore,
    private readonly stars: StarTransactionStore,
    private readonly jobs: JobStore,
    private readonly events: EventStore,
  ) {}

  /** Requests a reconciliation now. If one is running, returns that one. @throws NotFound, BotNotReadable */
  async request(tx: TenantTx, botId: string, now: Date): Promise<ReconciliationRow> {
    await this.assertReadable(tx, botId);
    await this.stars.lockCursor(tx, botId);
    const running = await this.store.running(tx, botId);
    // A running one continues at its own pace, since Telegram may have asked it to wait. Only one without a job is
    // woken.
    if (running === null || !(await this.hasJob(tx, botId))) await this.schedule(tx, botId, now);
    return running ?? this.store.insert(tx, botId, 'request', now);
  }

  /**
   * The reconciliation to work on.
   * @param begin starts one if none is running; so does a charge of paid media that only Telegram's list can report
   * @returns undefined when none is running
   */
  async current(tx: TenantTx, botId: string, begin: boolean, now: Date): Promise<ReconciliationRow | undefined> {
    await this.stars.lockCursor(tx, botId);
    const running = await this.store.running(tx, botId);
    if (running !== null) return running;
    return begin || (await this.awaitsCharge(tx, botId, now))
      ? this.store.insert(tx, botId, 'schedule', now)
      : undefined;
  }

  /** Counts a page in the transaction that stores it. */
  async count(tx: TenantTx, id: string, page: PageRead): Promise<void> {
    await this.store.add(tx, id, { rowsRead: page.rows, rowsNew: page.brought });
    if (page.disorder !== undefined) await this.store.update(tx, id, { fullReadBecause: page.disorder });
  }

  /**
   * Explains the difference, stores the result and schedules the next reconciliation. Tells the creator about new kinds
   * of differences.
   */
  async conclude(tx: TenantTx, id: string, measured: Measured, now: Date): Promise<void> {
    const row = await this.lockRunning(tx, id);
    if (row === undefined) return;
    const { botId } = row;
    const old = new Date(now.getTime() - UNKNOWN_THERE_MS);
    const facts = await this.store.facts(tx, botId, measured.balance, old);
    const explanation = explain(facts);
    const unknownThere = facts.chargesNotListed.count + facts.refundsNotListed.count;
    const unknownHere = await this.store.unknownHere(tx, botId);
    const former = await this.store.lastAtRest(tx, botId);
    const changes = {
      state: 'succeeded',
      unknownHere: unknownHere.count,
      unknownThere,
      balanceTelegram: explanation.telegram.stars,
      balanceOurs: explanation.ours,
      difference: explanation.difference.stars,
      unexplained: explanation.unexplained.stars,
      explanation: {
        ...explanation,
        stoodStill: measured.stoodStill,
        unknownThere: unknownThere === 0 ? [] : await this.store.unknownThere(tx, botId, old),
        unknownHere: unknownHere.shown,
      },
      finishedAt: now,
    } as const;
    await this.store.update(tx, id, changes);
    await this.stars.noteFailing(tx, botId, { failingSince: null, failingToldAt: null });
    await this.alarm(tx, { ...row, ...changes }, former);
    await this.store.forget(tx, botId, new Date(now.getTime() - KEPT_MS));
    const soon = (await this.store.hasOpen(tx, botId)) || (await this.awaitsCharge(tx, botId, now));
    const delay = soon ? ON_ITS_WAY_MS : await this.usualDelay(tx, botId);
    await this.schedule(tx, botId, new Date(now.getTime() + delay));
  }

  /**
   * Ends a running reconciliation without a result. Tells the creator once when all have failed for an hour.
   * @param again true if the next one is scheduled
   */
  async fail(tx: TenantTx, botId: string, error: string, again: boolean, now: Date): Promise<void> {
    const { failingSince, failingToldAt } = await this.stars.lockCursor(tx, botId);
    const running = await this.store.running(tx, botId);
    if (running !== null) {
      const changes = { state: 'failed', error, finishedAt: now } as const;
      await this.store.update(tx, running.id, changes);
      const since = failingSince ?? now;
      const tells = failingToldAt === null && now.getTime() - since.getTime() >= FAILING_MS;
      await this.stars.noteFailing(tx, botId, { failingSince: since, failingToldAt: tells ? now : failingToldAt });
      const data = reconciliationView({ ...running, ...changes });
      if (tells) await this.events.record(tx, { type: 'reconciliation.failing', botId, data });
    }
    if (again) await this.schedule(tx, botId, new Date(now.getTime() + (await this.usualDelay(tx, botId))));
  }

  /** Newest first, one more than `limit`. @throws NotFound when there is no such bot */
  async list(tx: TenantTx, filter: ReconciliationFilter): Promise<ReconciliationRow[]> {
    await this.botState(tx, filter.botId);
    const query = tx.manager
      .createQueryBuilder(ReconciliationRow, 'r')
      .where('r.tenantId = :tenantId and r.botId = :botId', { tenantId: tx.tenantId, botId: filter.botId });
    return seek(query, 'r.id', filter)
      .limit(filter.limit + 1)
      .getMany();
  }

  /** @throws NotFound */
  async get(tx: TenantTx, botId: string, id: string): Promise<ReconciliationRow> {
    const row = await tx.manager.findOneBy(ReconciliationRow, { tenantId: tx.tenantId, botId, id });
    if (row === null) throw new NotFound('reconciliation');
    return row;
  }

  /**
   * Schedules a reconciliation for bots without one, spread over time.
   * @param changedSince only bots that changed later; all if omitted
   * @returns their number
   */
  async sweep(tx: PlatformTx, now: Date, changedSince?: Date): Promise<number> {
    const bots = await this.store.unscheduled(tx, SWEEP, changedSince);
    const planned = bots.map(({ tenantId, botId, failedLast }) => {
      const within = failedLast ? SOON_MS : RECONCILE_EVERY_MS;
      const dueAt = new Date(now.getTime() + Math.random() * within);
      return { tenantId, kind: 'bot.reconcile' as const, subject: botId, dueAt };
    });
    await this.jobs.enqueueAll(tx, planned);
    return planned.length;
  }

  /** Records that these bots have traffic: their next reconciliation is due as for active bots. */
  async noteActive(tx: PlatformTx, bots: readonly BotKey[], now: Date): Promise<void> {
    const soonest = now.getTime() + RECONCILE_EVERY_MS;
    await this.jobs.hasten(
      tx,
      bots.map(({ tenantId, botId }) => {
        const notBefore = new Date(soonest + Math.random() * MINUTE);
        return { tenantId, kind: 'bot.reconcile', subject: botId, notBefore };
      }),
    );
  }

  /** Milliseconds until the next reconciliation of a bot: once a day when it has no traffic. */
  private async usualDelay(tx: TenantTx, botId: string): Promise<number> {
    const [row] = await tx.query<{ active: boolean }>(`select ${isActive('$1', '$2')} as active`, [tx.tenantId, botId]);
    return nextReconciliation(Math.random(), row?.active === false ? 'idle' : 'active');
  }

  private awaitsCharge(tx: TenantTx, botId: string, now: Date): Promise<boolean> {
    return this.store.awaitsCharge(tx, botId, new Date(now.getTime() - AWAITED_MS));
  }

  private async alarm(tx: TenantTx, row: ReconciliationRow, former: ReconciliationRow | null): Promise<void> {
    const { explanation } = row;
    if (explanation?.stoodStill !== true) return;
    const differs = ALARMING.some((name) => row[name] !== 0);
    await this.stars.noteDifference(tx, row.botId, differs, row.finishedAt ?? row.startedAt);
    if (!differs) return;
    if (former !== null && ALARMING.every((name) => row[name] === former[name])) return;
    const data = reconciliationView(row);
    await this.events.record(tx, { type: 'reconciliation.difference', botId: row.botId, data });
  }

  private async lockRunning(tx: TenantTx, id: string): Promise<ReconciliationRow | undefined> {
    const known = await tx.manager.findOneBy(ReconciliationRow, { tenantId: tx.tenantId, id });
    if (known === null) return undefined;
    await this.stars.lockCursor(tx, known.botId);
    const running = await this.store.running(tx, known.botId);
    return running?.id === id ? running : undefined;
  }

  private async assertReadable(tx: TenantTx, botId: string): Promise<void> {
    const state = await this.botState(tx, botId);
    if (state === 'removed' || state === 'token_invalid') throw new BotNotReadable();
  }

  private async botState(tx: TenantTx, botId: string): Promise<string> {
    const [bot] = await tx.query<{ state: string }>(`select state from bots where tenant_id = $1 and id = $2`, [
      tx.tenantId,
      botId,
    ]);
    if (bot === undefined || bot.state === 'registering') throw new NotFound('bot');
    return bot.state;
  }

  private async hasJob(tx: TenantTx, botId: string): Promise<boolean> {
    const rows = await tx.query(
      `select from jobs where tenant_id = $1 and kind = 'bot.reconcile' and subject = $2 and state = 'waiting'`,
      [tx.tenantId, botId],
    );
    return rows.length > 0;
  }

  private async schedule(tx: TenantTx, botId: string, dueAt: Date): Promise<void> {
    await this.jobs.enqueue(tx, [{ kind: 'bot.reconcile', subject: botId, dueAt }]);
  }
}
