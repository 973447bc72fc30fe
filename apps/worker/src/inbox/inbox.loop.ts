import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#libs/database';
import { type ClaimedUpdate, Doorbell, EXTEND_EVERY_MS, InboxQueue } from '#libs/journal';
import { Stopping } from '#libs/process';
import { messageOf } from '#libs/runtime';
import { WorkLoop } from '../jobs/work-loop.js';
import { ActivityNotes } from '../watch/activity.notes.js';
import { UpdateProcessor } from './update.processor.js';

/**
 * Updates in work at once in one process. The last few places are reserved for money, so that slow chats never delay
 * it.
 */
const CAPACITY = { any: 16, money: 20 };
/** Milliseconds until the next look when a look was cut short and found only updates that are not due. */
const LOOK_ON_MS = 20;

/**
 * Handles stored updates for the lifetime of the process: one after another within a chat, in parallel across chats.
 */
@Injectable()
export class InboxLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Updates');
  private readonly loop: WorkLoop;
  private readonly inWork = new Map<Promise<void>, ClaimedUpdate>();
  private unlisten: (() => void) | undefined;
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: Database,
    private readonly inbox: InboxQueue,
    private readonly bell: Doorbell,
    private readonly processor: UpdateProcessor,
    private readonly activity: ActivityNotes,
    private readonly stopping: Stopping,
  ) {
    this.loop = new WorkLoop('inbox', () => this.round(), stopping.signal);
  }

  onApplicationBootstrap(): void {
    this.unlisten = this.bell.listen('inbox', () => this.loop.wake());
    this.heartbeat = setInterval(() => void this.extend(), EXTEND_EVERY_MS).unref();
    this.loop.start();
  }

  /** Lets claimed updates finish; those that do not finish in time come back when their leases run out. */
  async beforeApplicationShutdown(): Promise<void> {
    this.unlisten?.();
    if (await this.stopping.waitFor([this.loop.ended])) await this.stopping.waitFor(this.inWork.keys());
    clearInterval(this.heartbeat);
    if (this.inWork.size > 0) this.log.warn(`${this.inWork.size} updates did not finish in time; they will be retried`);
  }

  private async round(): Promise<boolean> {
    const limits = {
      any: CAPACITY.any - this.inWork.size,
      money: CAPACITY.money - this.inWork.size,
      busy: this.busy(),
    };
    // An update that finishes wakes the loop.
    if (limits.money <= 0) return false;
    const { updates, more } = await this.db.inPlatform(
      'claim updates of all tenants',
      async (tx) => {
        const claim = await this.inbox.claim(tx, limits);
        if (!this.stopping.signal.aborted || claim.updates.length === 0) return claim;
        await this.inbox.release(tx, claim.updates);
        return { updates: [], more: false };
      },
      'soon',
    );
    for (const update of updates) this.begin(update);
    if (updates.length > 0 || !more) return updates.length > 0;
    await new Promise((resolve) => setTimeout(resolve, LOOK_ON_MS));
    return true;
  }

  private begin(update: ClaimedUpdate): void {
    this.activity.note(update);
    const work: Promise<void> = this.processor.process(update).finally(() => {
      this.inWork.delete(work);
      this.loop.wake();
    });
    this.inWork.set(work, update);
  }

  private busy(): ReadonlyMap<string, number> {
    const busy = new Map<string, number>();
    for (const { botId } of this.inWork.values()) busy.set(botId, (busy.get(botId) ?? 0) + 1);
    return busy;
  }

  private async extend(): Promise<void> {
    const updates = [...this.inWork.values()];
    if (updates.length === 0) return;
    try {
      await this.db.inPlatform('extend leases of updates in work', (tx) => this.inbox.extend(tx, updates), 'soon');
    } catch (error) {
      this.log.warn(`leases could not be extended: ${messageOf(error)}`);
    }
  }
}
