import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#libs/database';
import { type ClaimedUpdate, Doorbell, InboxStore } from '#libs/journal';
import { WorkLoop } from '../jobs/work-loop.js';
import { UpdateProcessor } from './update.processor.js';

/** Updates in work at once in one process. */
const CAPACITY = 16;

/** Works on stored updates for as long as the process lives: of one chat one after the other, of different chats side by side. */
@Injectable()
export class InboxLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop = new WorkLoop('inbox', () => this.round());
  private readonly inWork = new Set<Promise<void>>();
  private unlisten: (() => void) | undefined;

  constructor(
    private readonly db: Database,
    private readonly inbox: InboxStore,
    private readonly bell: Doorbell,
    private readonly processor: UpdateProcessor,
  ) {}

  onApplicationBootstrap(): void {
    this.unlisten = this.bell.listen('inbox', () => this.loop.wake());
    this.loop.start();
  }

  /** Claims nothing more and lets what was claimed end: no update takes longer than its calls to Telegram may. */
  async beforeApplicationShutdown(): Promise<void> {
    this.unlisten?.();
    await this.loop.stop();
    await Promise.all(this.inWork);
  }

  private async round(): Promise<boolean> {
    const limit = CAPACITY - this.inWork.size;
    // Whoever finishes wakes the loop.
    if (limit <= 0) return false;
    const claimed = await this.db.inPlatform('claim updates of all tenants', (tx) => this.inbox.claim(tx, limit));
    for (const update of claimed) this.begin(update);
    return claimed.length > 0;
  }

  private begin(update: ClaimedUpdate): void {
    const work: Promise<void> = this.processor.process(update).finally(() => {
      this.inWork.delete(work);
      this.loop.wake();
    });
    this.inWork.add(work);
  }
}
