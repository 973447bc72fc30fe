import { Injectable } from '@nestjs/common';
import type { PlatformTx } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { NotFound } from '#libs/kernel';
import { BotRow } from './bot.entity.js';
import type { BotFacts } from './bot.js';
import { botView } from './bot-view.js';

/**
 * Stops one bot at once: no sales, no deliveries, no requests for goods. Payments that Telegram confirms meanwhile are
 * recorded; refunds and replies to buyers stay possible. Every process follows within five seconds. Both methods are
 * idempotent; the first reason is kept. The creator is told by an event, and sees it on the bot. To stop a whole
 * workspace, restrict it to `outbound_stopped`.
 */
@Injectable()
export class KillSwitch {
  constructor(
    private readonly events: EventStore,
    private readonly jobs: JobStore,
  ) {}

  /** Stops a bot. @returns the changed bot @throws NotFound */
  async stop(tx: PlatformTx, tenantId: string, botId: string, reason: string, now: Date): Promise<BotFacts> {
    const before = await this.lock(tx, tenantId, botId);
    if (before.stoppedAt !== null) return before;
    return this.change(tx, before, { stoppedBecause: reason, stoppedAt: now });
  }

  /** Releases a bot and makes waiting work due. @returns the changed bot @throws NotFound */
  async release(tx: PlatformTx, tenantId: string, botId: string): Promise<BotFacts> {
    const before = await this.lock(tx, tenantId, botId);
    await this.jobs.wake(tx.asTenant(tenantId), 'lifting');
    if (before.stoppedAt === null) return before;
    return this.change(tx, before, { stoppedBecause: null, stoppedAt: null });
  }

  private async change(
    tx: PlatformTx,
    before: BotRow,
    changes: Pick<BotRow, 'stoppedBecause' | 'stoppedAt'>,
  ): Promise<BotRow> {
    const { tenantId, id } = before;
    const after = { ...before, ...changes };
    await tx.manager.update(BotRow, { tenantId, id }, changes);
    const stopped = changes.stoppedAt !== null;
    const previous = { stopped: botView(before).stopped };
    const event = {
      type: stopped ? 'bot.stopped' : 'bot.released',
      botId: id,
      data: botView(after),
      previous,
    } as const;
    await this.events.record(tx.asTenant(tenantId), event);
    return after;
  }

  private async lock(tx: PlatformTx, tenantId: string, id: string): Promise<BotRow> {
    const bot = await tx.manager.findOne(BotRow, { where: { tenantId, id }, lock: { mode: 'pessimistic_write' } });
    if (bot === null) throw new NotFound('bot');
    return bot;
  }
}
