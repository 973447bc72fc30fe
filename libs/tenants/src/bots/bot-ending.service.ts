import { Inject, Injectable } from '@nestjs/common';
import { Database, type TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { BotDirectory } from './bot-directory.service.js';
import type { BotRow } from './bot.entity.js';
import { BotRegistry } from './bot-registry.service.js';
import { TokenRefused } from './bot-refusals.js';
import { BotSetup } from './bot-setup.service.js';
import { BotStore } from './bot.store.js';
import { botView } from './bot-view.js';

/** Does the first and the last step of a bot's removal. The library `rights` handles the steps in between. */
@Injectable()
export class BotEnding {
  constructor(
    private readonly db: Database,
    private readonly bots: BotStore,
    private readonly registry: BotRegistry,
    private readonly setup: BotSetup,
    private readonly directory: BotDirectory,
    private readonly events: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Every bot that is not removed, including those that are being registered. */
  all(tx: TenantTx): Promise<BotRow[]> {
    return this.bots.all(tx);
  }

  /** Locks the bot for this transaction. @throws NotFound */
  lock(tx: TenantTx, botId: string): Promise<BotRow> {
    return this.bots.lock(tx, botId);
  }

  /** Stops a bot's sales for its removal. The caller holds its lock, and calls {@link forget} after the commit. */
  async begin(tx: TenantTx, bot: BotRow): Promise<void> {
    await this.bots.beginRemoval(tx, bot, this.clock.now());
    const data = botView({ ...bot, state: 'removing' });
    await this.events.record(tx, { type: 'bot.removing', botId: bot.id, data, previous: { state: bot.state } });
  }

  forget(botId: string): void {
    this.directory.forget(botId);
  }

  /**
   * Deletes the bot's webhook and menu at Telegram. Does not touch a webhook that another tool has set since then, and
   * does nothing when Telegram refuses the token. Idempotent.
   * @throws TelegramUnavailable, TelegramSaidNo
   */
  async leaveTelegram(tenantId: string, botId: string): Promise<void> {
    const token = await this.db.inTenant(tenantId, (tx) => this.registry.tokenOf(tx, botId));
    if (token === undefined) return;
    try {
      const { url = '' } = await this.setup.webhook(token);
      if (url === '' || (await this.registry.leadsTo(tenantId, botId, url))) await this.setup.leave(token);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
    }
  }

  /**
   * Deletes the bot's token and route. Its history stays. Idempotent.
   * @param conclude further writes for the same transaction
   */
  async end(tenantId: string, botId: string, conclude?: (tx: TenantTx) => Promise<void>): Promise<void> {
    await this.db.inPlatform('end the route of a bot', async (tx) => {
      const route = await this.bots.lockRoute(tx, { ownerTenant: tenantId, botId });
      if (route === undefined) return;
      const tenant = tx.asTenant(tenantId);
      const before = await this.bots.lockIfAny(tenant, botId);
      await this.bots.release(tx, route.pathKey, this.clock.now());
      if (before === null || before.state === 'registering') return;
      await conclude?.(tenant);
      const data = botView({ ...before, state: 'removed' });
      await this.events.record(tenant, { type: 'bot.removed', botId, data, previous: { state: before.state } });
    });
    this.directory.forget(botId);
  }
}
