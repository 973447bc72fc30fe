import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import { type Claim, type ClaimedUpdate, Doorbell, EXTEND_EVERY_MS, type InboxLimits, InboxQueue } from '#libs/journal';
import { Stopping } from '#libs/process';
import { messageOf } from '#libs/runtime';
import { WorkLoop } from '../jobs/work-loop.js';
import { ActivityNotes } from '../watch/activity.notes.js';
import { UpdateProcessor } from './update.processor.js';

/**
 * Maximum number of updates in progress in one process. The last few places are reserved for money, so that slow chats
 * never delay it.
 */
const CAPACITY = { any: 16, money: 20 };
/** With at least this many updates in progress, rounds are spaced out and gather updates. */
const BUSY = 4;
/** Milliseconds for which rounds gather. With fewer in progress, only finished updates wait that long for a round. */
const SPACING_MS = 10;
/** Milliseconds until the next scan after one that was cut short and found only updates that are not due. */
const LOOK_ON_MS = 20;

/** An update whose only effect was messages, and which is not marked as handled yet. */
interface Finished {
  readonly update: ClaimedUpdate;
  readonly marked: () => void;
}

/**
 * Handles stored updates for the lifetime of the process: one after another within a chat, in parallel across chats.
 */
@Injectable()
export class InboxLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Updates');
  private readonly loop: WorkLoop;
  private readonly inWork = new Map<Promise<void>, ClaimedUpdate>();
  private finished: Finished[] = [];
  private unlisten: (() => void) | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: Database,
    private readonly inbox: InboxQueue,
    private readonly bell: Doorbell,
    private readonly processor: UpdateProcessor,
    private readonly activity: ActivityNotes,
    private readonly stopping: Stopping,
  ) {
    const spacing = () => (this.inWork.size < BUSY ? 0 : SPACING_MS);
    this.loop = new WorkLoop('inbox', () => this.round(), stopping.signal, spacing);
  }

  onApplicationBootstrap(): void {
    this.unlisten = this.bell.listen('inbox', () => this.loop.wake());
    this.heartbeat = setInterval(() => void this.extend(), EXTEND_EVERY_MS).unref();
    this.loop.start();
  }

  /** Lets claimed updates finish; those that do not finish in time become available again when their leases expire. */
  async beforeApplicationShutdown(): Promise<void> {
    this.unlisten?.();
    if (await this.stopping.waitFor([this.loop.ended])) {
      void this.markLast();
      await this.stopping.waitFor(this.inWork.keys());
    }
    clearInterval(this.heartbeat);
    if (this.inWork.size > 0) this.log.warn(`${this.inWork.size} updates did not finish in time; they will be retried`);
  }

  /** Marks finished updates and claims waiting ones, in one transaction. */
  private async round(): Promise<boolean> {
    clearTimeout(this.soon);
    const finished = this.finished.splice(0);
    const [isFinished, working] = [new Set(finished.map(({ update }) => update)), [...this.inWork.values()]];
    const limits = limitsBeside(working.filter((update) => !isFinished.has(update)));
    // An update that finishes wakes the loop.
    if (limits.money <= 0 && finished.length === 0) return false;
    try {
      const { updates, more } = await this.db.inPlatform(
        'claim updates of all tenants',
        (tx) => this.markAndClaim(tx, [...isFinished], limits),
        'soon',
      );
      for (const { marked } of finished) marked();
      for (const update of updates) this.begin(update);
      if (updates.length > 0 || !more) return more;
    } catch (error) {
      this.finished.unshift(...finished);
      throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_ON_MS));
    return true;
  }

  private async markAndClaim(tx: PlatformTx, finished: readonly ClaimedUpdate[], limits: InboxLimits): Promise<Claim> {
    // The lanes of finished updates are free for the claim, which is sent afterwards.
    const marks = finished.length === 0 ? undefined : this.inbox.doneAll(tx, finished);
    const [claim] = await Promise.all([this.inbox.claim(tx, limits), marks]);
    if (!this.stopping.signal.aborted || claim.updates.length === 0) return claim;
    await this.inbox.release(tx, claim.updates);
    return { updates: [], more: false };
  }

  private begin(update: ClaimedUpdate): void {
    this.activity.note(update);
    const work: Promise<void> = this.handle(update).finally(() => this.inWork.delete(work));
    this.inWork.set(work, update);
  }

  private async handle(update: ClaimedUpdate): Promise<void> {
    const outcome = await this.processor.process(update);
    if (outcome === 'concluded') return this.wakeSoon();
    await new Promise<void>((marked) => {
      this.finished.push({ update, marked });
      this.wakeSoon();
      if (this.stopping.signal.aborted) void this.markLast();
    });
  }

  /**
   * Schedules a round for finished updates, so that their chats can continue. The next buyer's ring usually comes
   * first.
   */
  private wakeSoon(): void {
    if (this.inWork.size >= BUSY) return this.loop.wake();
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.loop.wake(), SPACING_MS).unref();
  }

  /** Marks the updates that the last rounds have handled. */
  private async markLast(): Promise<void> {
    const finished = this.finished.splice(0);
    if (finished.length === 0) return;
    const updates = finished.map(({ update }) => update);
    await this.db
      .confirmInPlatform('mark updates as handled', (tx) => this.inbox.doneAll(tx, updates), 'soon')
      .catch((error: unknown) => this.log.warn(`updates could not be marked as handled: ${messageOf(error)}`));
    for (const { marked } of finished) marked();
  }

  private async extend(): Promise<void> {
    const updates = [...this.inWork.values()];
    if (updates.length === 0) return;
    try {
      await this.db.inPlatform('extend leases of updates in progress', (tx) => this.inbox.extend(tx, updates), 'soon');
    } catch (error) {
      this.log.warn(`leases could not be extended: ${messageOf(error)}`);
    }
  }
}

/** Returns the remaining capacity. */
function limitsBeside(working: readonly ClaimedUpdate[]): InboxLimits {
  const busy = new Map<string, number>();
  for (const { botId } of working) busy.set(botId, (busy.get(botId) ?? 0) + 1);
  return { any: CAPACITY.any - working.length, money: CAPACITY.money - working.length, busy };
}
