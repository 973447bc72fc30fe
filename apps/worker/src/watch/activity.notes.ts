import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ChatWatch } from '#libs/chats';
import { Database } from '#libs/database';
import { type Clock, MINUTE, SECOND } from '#libs/kernel';
import { Rounds } from '#libs/process';
import { CLOCK } from '#libs/runtime';
import { ReconciliationService } from '#libs/sales';
import { type BotKey, WebhookWatch } from '#libs/tenants';

const WRITE_EVERY_MS = 10 * SECOND;
/** Minimum milliseconds between two records of one bot's traffic by one process. */
const AGAIN_AFTER_MS = 5 * MINUTE;
const AT_ONCE = 1_000;

/**
 * Records which bots have traffic. Their webhooks, chats and books are then checked as often as those of active bots.
 */
@Injectable()
export class ActivityNotes implements OnApplicationBootstrap {
  private readonly written = new Map<string, number>();
  private readonly waiting = new Map<string, BotKey>();

  constructor(
    private readonly db: Database,
    private readonly webhooks: WebhookWatch,
    private readonly chats: ChatWatch,
    private readonly reconciliations: ReconciliationService,
    private readonly rounds: Rounds,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.every(WRITE_EVERY_MS, 'notes of traffic', (stop) => this.write(stop));
  }

  /** Notes a bot's traffic, in memory only: the bot's next update replaces a lost note. */
  note({ tenantId, botId }: BotKey): void {
    const before = this.written.get(botId);
    if (before === undefined || this.clock.now().getTime() - before >= AGAIN_AFTER_MS)
      this.waiting.set(botId, { tenantId, botId });
  }

  async write(stop?: AbortSignal): Promise<void> {
    const now = this.clock.now();
    for (const [botId, at] of this.written) if (now.getTime() - at >= AGAIN_AFTER_MS) this.written.delete(botId);
    const bots = [...this.waiting.values()];
    this.waiting.clear();
    for (let i = 0; i < bots.length && stop?.aborted !== true; i += AT_ONCE) {
      const some = bots.slice(i, i + AT_ONCE);
      await this.db.inPlatform('bots that have traffic', async (tx) => {
        await this.webhooks.noteActive(tx, some, now);
        await this.chats.noteActive(tx, some);
        await this.reconciliations.noteActive(tx, some, now);
      });
      for (const { botId } of some) this.written.set(botId, now.getTime());
    }
  }
}
