import { Inject, Injectable } from '@nestjs/common';
import { type Cursor, Database, type TenantTx } from '#libs/database';
import { EventStore, previousOf } from '#libs/journal';
import { type Clock, mayMove } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { BotDirectory } from './bot-directory.service.js';
import { BotRow } from './bot.entity.js';
import { ALLOWED_UPDATES, BOT_MOVES, type BotState, hostOf } from './bot.js';
import { BotNotInState } from './bot-refusals.js';
import { BotRegistry, type NewBot } from './bot-registry.service.js';
import { BotSetup } from './bot-setup.service.js';
import { BotStore } from './bot.store.js';
import { TenantStore } from '../workspace/tenant.store.js';
import { botView } from './bot-view.js';

/** Null removes a text; omitted fields do not change. The metadata is replaced as a whole. */
export interface BotChange {
  readonly supportText?: string | null | undefined;
  readonly termsText?: string | null | undefined;
  readonly termsVersion?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export interface WebhookFacts {
  /** True when updates arrive at this bot's path here. */
  readonly ours: boolean;
  /** Null when no webhook is set. */
  readonly host: string | null;
  readonly pendingUpdates: number;
  readonly lastErrorAt: Date | null;
  readonly lastError: string | null;
  /** Types of updates that we need but that were not requested from Telegram, mostly by an earlier version. */
  readonly missingUpdates: readonly string[];
  /** True when the bot's owner has switched inline mode on. */
  readonly inlineMode: boolean;
}

/** Manages a tenant's bots. Every method throws NotFound for another tenant's bot. */
@Injectable()
export class BotService {
  constructor(
    private readonly db: Database,
    private readonly bots: BotStore,
    private readonly tenants: TenantStore,
    private readonly registry: BotRegistry,
    private readonly setup: BotSetup,
    private readonly directory: BotDirectory,
    private readonly events: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @see BotRegistry.register */
  async register(tenantId: string, bot: NewBot): Promise<BotRow> {
    await this.db.inTenant(tenantId, (tx) => this.tenants.require(tx, 'configure'));
    return this.registry.register(tenantId, bot);
  }

  /** Also allowed for restricted tenants: refunds need a working token. @see BotRegistry.rotate */
  async rotateToken(tenantId: string, botId: string, token: string): Promise<BotRow> {
    const bot = await this.get(tenantId, botId);
    if (bot.state === 'removed') throw new BotNotInState(bot.state);
    return this.registry.rotate(bot, token);
  }

  list(tenantId: string, limit: number, cursor: Cursor = {}): Promise<BotRow[]> {
    return this.db.inTenant(tenantId, (tx) => this.bots.list(tx, limit, cursor));
  }

  get(tenantId: string, botId: string): Promise<BotRow> {
    return this.db.inTenant(tenantId, (tx) => this.bots.get(tx, botId));
  }

  /** Pauses a bot: it sells nothing until it is resumed; updates are still received. Idempotent. */
  pause(tenantId: string, botId: string): Promise<BotRow> {
    return this.move(tenantId, botId, 'active', 'paused');
  }

  /** Resumes a bot. Idempotent. @throws BotNotInState if the bot needs a new token, or is removed */
  resume(tenantId: string, botId: string): Promise<BotRow> {
    return this.move(tenantId, botId, 'paused', 'active');
  }

  async update(tenantId: string, botId: string, change: BotChange): Promise<BotRow> {
    const bot = await this.db.inTenant(tenantId, async (tx) => {
      await this.tenants.require(tx, 'configure');
      const before = await this.bots.lock(tx, botId);
      const { state, supportText, termsText, termsVersion, metadata } = before;
      if (state === 'removed') throw new BotNotInState(state);
      const changed = {
        supportText: change.supportText === undefined ? supportText : change.supportText,
        termsText: change.termsText === undefined ? termsText : change.termsText,
        termsVersion: change.termsVersion === undefined ? termsVersion : change.termsVersion,
        metadata: { ...(change.metadata ?? metadata) },
        updatedAt: this.clock.now(),
      };
      await tx.manager.update(BotRow, { tenantId, id: botId }, changed);
      return this.recordChange(tx, before, 'bot.updated');
    });
    this.directory.forget(botId);
    return bot;
  }

  /**
   * Reads Telegram's current facts about the bot and its webhook. @throws TokenRefused, TelegramUnavailable, or
   * BotNotInState when removed
   */
  async webhook(tenantId: string, botId: string): Promise<WebhookFacts> {
    const token = await this.db.inTenant(tenantId, async (tx) => {
      await this.bots.get(tx, botId);
      return this.registry.tokenOf(tx, botId);
    });
    if (token === undefined) throw new BotNotInState('removed');
    const [info, me] = await Promise.all([this.setup.webhook(token), this.setup.identify(token)]);
    const { url = '', last_error_date: failedAt, allowed_updates: allowed } = info;
    return {
      ours: await this.registry.leadsTo(tenantId, botId, url),
      host: url === '' ? null : hostOf(url),
      pendingUpdates: info.pending_update_count,
      lastErrorAt: failedAt === undefined ? null : new Date(failedAt * 1_000),
      lastError: info.last_error_message ?? null,
      // Without a list Telegram sends its default kinds, which include all that we need except one (Bot API,
      // setWebhook).
      missingUpdates: ALLOWED_UPDATES.filter((kind) => !(allowed?.includes(kind) ?? kind !== 'chat_member')),
      inlineMode: me.supports_inline_queries,
    };
  }

  /**
   * Sets the bot's webhook again, with everything that this version needs. The token stays, the secret changes; no
   * update is lost.
   * @returns Telegram's facts about it afterwards
   * @throws the errors of {@link webhook} and {@link rotateToken}
   */
  async renewWebhook(tenantId: string, botId: string): Promise<WebhookFacts> {
    const { bot, token } = await this.db.inTenant(tenantId, async (tx) => ({
      bot: await this.bots.get(tx, botId),
      token: await this.registry.tokenOf(tx, botId),
    }));
    if (token === undefined) throw new BotNotInState('removed');
    await this.registry.renew(bot, token);
    return this.webhook(tenantId, botId);
  }

  /**
   * Records, once, that Telegram answered 401 to this bot, with the event `bot.token_invalid`.
   * @param token the one that was refused. Ignored if it was rotated meanwhile.
   */
  async markTokenInvalid(tx: TenantTx, botId: string, token: string): Promise<void> {
    const bot = await this.bots.lockIfAny(tx, botId);
    if (bot === null || !(bot.state === 'removing' || mayMove(BOT_MOVES, bot.state, 'token_invalid'))) return;
    if (token !== (await this.registry.tokenOf(tx, botId))) return;
    if (bot.state === 'removing') return this.bots.refuseToken(tx, botId, this.clock.now());
    await this.bots.move(tx, botId, 'token_invalid', this.clock.now());
    await this.events.record(tx, {
      type: 'bot.token_invalid',
      botId,
      data: botView({ ...bot, state: 'token_invalid' }),
      previous: { state: bot.state },
    });
    this.directory.forget(botId);
  }

  private async move(tenantId: string, botId: string, from: BotState, to: BotState): Promise<BotRow> {
    const bot = await this.db.inTenant(tenantId, async (tx) => {
      await this.tenants.require(tx, 'configure');
      const before = await this.bots.lock(tx, botId);
      if (before.state === to) return before;
      if (before.state !== from) throw new BotNotInState(before.state);
      await this.bots.move(tx, botId, to, this.clock.now());
      return this.recordChange(tx, before, to === 'paused' ? 'bot.paused' : 'bot.resumed');
    });
    this.directory.forget(botId);
    return bot;
  }

  private async recordChange(
    tx: TenantTx,
    before: BotRow,
    type: 'bot.updated' | 'bot.paused' | 'bot.resumed',
  ): Promise<BotRow> {
    const after = await this.bots.get(tx, before.id);
    const data = botView(after);
    await this.events.record(tx, { type, botId: after.id, data, previous: previousOf(botView(before), data) });
    return after;
  }
}
