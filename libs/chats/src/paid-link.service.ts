import { Inject, Injectable } from '@nestjs/common';
import type { Api } from 'grammy';
import { type Cursor, Database, seekOptions, type TenantTx } from '#libs/database';
import { type Clock, newUuid, NotFound, type Stars } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { BotCalls } from '#libs/tenants';
import type { ChatRow } from './chat.entity.js';
import { ChatService } from './chat.service.js';
import { ChatIsPublic, NotAChannel } from './chat-refusals.js';
import { ChatWatch } from './chat-watch.service.js';
import { PaidLinkRow } from './paid-link.entity.js';

export interface NewPaidLink {
  readonly name: string | null;
  readonly stars: Stars;
}

/**
 * 30 days, the only period that Telegram accepts (Bot API, createChatSubscriptionInviteLink), and five minutes in its
 * test environment.
 */
const PERIOD_SECONDS = { production: 2_592_000, test: 300 } as const;

/**
 * Invite links of channels that Telegram itself charges for. The Stars go to the channel: the bot gets no reports of
 * the payments, does not find them in its transaction list, and cannot refund them.
 */
@Injectable()
export class PaidLinkService {
  constructor(
    private readonly db: Database,
    private readonly chats: ChatService,
    private readonly bots: BotCalls,
    private readonly watch: ChatWatch,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Has Telegram create a link. A link whose response was lost does no harm: no one has seen it. The link of a public
   * channel would admit people for free (tdlib/telegram-bot-api #628), so Telegram is first asked whether it is public.
   * @throws NotFound, NotAChannel, ChatIsPublic, BotNotInState, TelegramSaidNo, TelegramUnavailable
   */
  async create(tenantId: string, chatId: string, wish: NewPaidLink): Promise<PaidLinkRow> {
    const { type } = await this.db.inTenant(tenantId, (tx) => this.chats.get(tx, chatId));
    if (type !== 'channel') throw new NotAChannel('Paid invite links');
    const chat = await this.watch.look(tenantId, chatId);
    if (chat.username !== null) throw new ChatIsPublic(chat.username);
    const { name, stars } = wish;
    const other = name === null ? {} : { name };
    const bot = await this.bots.open(tenantId, chat.botId);
    const periodSeconds = PERIOD_SECONDS[bot.environment];
    const made = await this.bots.ask(bot, (api) =>
      api.createChatSubscriptionInviteLink(chat.telegramId, periodSeconds, stars, other),
    );
    const now = this.clock.now();
    const key = { tenantId, id: newUuid(now.getTime()), chatId };
    const link = { link: made.invite_link, periodSeconds, revokedAt: null };
    const row: PaidLinkRow = { ...key, ...wish, ...link, createdAt: now };
    await this.db.inTenant(tenantId, (tx) => tx.manager.insert(PaidLinkRow, row));
    return row;
  }

  /** Newest first. @throws NotFound */
  async list(
    tx: TenantTx,
    chatId: string,
    { limit, ...cursor }: Cursor & { readonly limit: number },
  ): Promise<PaidLinkRow[]> {
    await this.chats.get(tx, chatId);
    const { where, order } = seekOptions(cursor);
    return tx.manager.find(PaidLinkRow, { where: { tenantId: tx.tenantId, chatId, ...where }, order, take: limit });
  }

  /**
   * Revokes a link for new people; existing members stay and continue to pay. Idempotent.
   * @throws like {@link create}
   */
  async revoke(tenantId: string, chatId: string, id: string): Promise<PaidLinkRow> {
    const { chat, known } = await this.db.inTenant(tenantId, async (tx) => {
      const found = await tx.manager.findOneBy(PaidLinkRow, { tenantId, chatId, id });
      if (found === null) throw new NotFound('paid link');
      return { chat: await this.chats.get(tx, chatId), known: found };
    });
    if (known.revokedAt !== null) return known;
    await this.ask(chat, (api) => api.revokeChatInviteLink(chat.telegramId, known.link));
    const revokedAt = this.clock.now();
    await this.db.inTenant(tenantId, (tx) => tx.manager.update(PaidLinkRow, { tenantId, id }, { revokedAt }));
    return { ...known, revokedAt };
  }

  private async ask<T>({ tenantId, botId }: ChatRow, call: (api: Api) => Promise<T>): Promise<T> {
    return this.bots.ask(await this.bots.open(tenantId, botId), call);
  }
}
