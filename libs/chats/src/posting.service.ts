import { Inject, Injectable } from '@nestjs/common';
import type { Message } from 'grammy/types';
import { Database, type TenantTx } from '#libs/database';
import { type Clock, newUuid } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { judge, TelegramRefused } from '#libs/telegram';
import { BotCalls, type OpenBot, TelegramOutcomeUnknown, telegramRefusal, TelegramSaidNo } from '#libs/tenants';
import { ChatService } from './chat.service.js';
import { NotAChannel } from './chat-refusals.js';
import { ProductPostRow } from './product-post.entity.js';
import { BotNotInChat, chatProblem, type PostWish, requestOf } from './product-post.js';

type Outcome = Partial<Pick<ProductPostRow, 'chatId' | 'chatTitle' | 'messageId' | 'failure'>> &
  Pick<ProductPostRow, 'state'>;
type Posted = Pick<Message, 'chat' | 'message_id'>;

/**
 * Posts products in groups and channels. A request is stored before Telegram is called, so that nothing is posted
 * twice.
 */
@Injectable()
export class Posting {
  constructor(
    private readonly db: Database,
    private readonly chats: ChatService,
    private readonly bots: BotCalls,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Posts a product. Idempotent: a repeated request returns the existing post, and one that Telegram refused is tried
   * again.
   * @param send calls Telegram for the given chat, and throws the errors of the Bot API client
   * @throws BotNotInChat, BotMayNotPost, BotNotInState, TelegramSaidNo; TelegramUnavailable when Telegram asks to wait;
   * TelegramOutcomeUnknown when this request or an earlier one may have posted it
   */
  async post(bot: OpenBot, wish: PostWish, send: (chat: string) => Promise<Posted>): Promise<ProductPostRow> {
    const { tenantId } = bot;
    const post = await this.db.inTenant(tenantId, (tx) => this.begin(tx, bot.botId, wish));
    if (post.state === 'posted') return post;
    const { outcome, error } = await attempt(() => this.sendTo(tenantId, wish.chat, send));
    const after = await this.db.inTenant(tenantId, (tx) => this.conclude(tx, post, outcome));
    if (error !== undefined) throw error;
    return after;
  }

  /**
   * Makes sure that a chat is a channel: from stored facts, or by asking Telegram about an unknown chat.
   * @param chat `@name` or number
   * @throws NotAChannel, BotNotInChat, and the errors of {@link BotCalls.ask}
   */
  async requireChannel(bot: OpenBot, chat: string): Promise<void> {
    const known = await this.db.inTenant(bot.tenantId, (tx) => this.chats.findByName(tx, bot.botId, chat));
    const type = known?.type ?? (await this.typeOf(bot, chat));
    if (type !== 'channel') throw new NotAChannel('Paid media');
  }

  /** Retries with the new id if the group has become a supergroup. */
  private async sendTo(tenantId: string, chat: string, send: (chat: string) => Promise<Posted>): Promise<Posted> {
    try {
      return await send(chat);
    } catch (error) {
      if (!(error instanceof TelegramRefused) || error.migrateTo === undefined) throw error;
      const upgrade = { from: Number(chat), to: error.migrateTo };
      await this.db.inTenant(tenantId, (tx) => this.chats.migrated(tx, upgrade, this.clock.now()));
      return send(String(error.migrateTo));
    }
  }

  private async typeOf(bot: OpenBot, chat: string): Promise<string> {
    const told = await this.bots
      .ask(bot, (api) => api.getChat(chat))
      .catch((error: unknown) => {
        throw error instanceof TelegramSaidNo ? new BotNotInChat() : error;
      });
    return told.type;
  }

  /** Stores the intent. @throws TelegramOutcomeUnknown when an earlier request was interrupted */
  private async begin(tx: TenantTx, botId: string, wish: PostWish): Promise<ProductPostRow> {
    const { productId, chat, way, source = null, language, caption = null } = wish;
    const request = requestOf(wish);
    const now = this.clock.now();
    const inserted = await tx.query(
      `insert into product_posts
         (tenant_id, id, bot_id, product_id, chat, way, source, language, caption, request, state, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'sending', $11, $11)
       on conflict (tenant_id, request) do nothing returning 1`,
      [tx.tenantId, newUuid(now.getTime()), botId, productId, chat, way, source, language, caption, request, now],
    );
    const where = { tenantId: tx.tenantId, request };
    const post = await tx.manager.findOneOrFail(ProductPostRow, { where, lock: { mode: 'for_no_key_update' } });
    if (inserted.length > 0 || post.state === 'posted') return post;
    if (post.state !== 'refused') throw new TelegramOutcomeUnknown();
    return this.conclude(tx, post, { state: 'sending', failure: null });
  }

  private async conclude(tx: TenantTx, post: ProductPostRow, outcome: Outcome): Promise<ProductPostRow> {
    const changes = { ...outcome, updatedAt: this.clock.now() };
    await tx.manager.update(ProductPostRow, { tenantId: tx.tenantId, id: post.id }, changes);
    return { ...post, ...changes };
  }
}

/** The outcome of a call as the row stores it, and the error for the creator. */
async function attempt(send: () => Promise<Posted>): Promise<{ outcome: Outcome; error?: Error }> {
  try {
    const { chat, message_id: messageId } = await send();
    const chatTitle = chat.title ?? null;
    return { outcome: { state: 'posted', messageId, chatId: chat.id, chatTitle, failure: null } };
  } catch (thrown) {
    if (judge(thrown).kind === 'unknown')
      return { outcome: { state: 'unknown', failure: String(thrown) }, error: new TelegramOutcomeUnknown() };
    const { code, description } = thrown as TelegramRefused;
    const error = chatProblem(code, description) ?? telegramRefusal(thrown, new TelegramOutcomeUnknown());
    return { outcome: { state: 'refused', failure: description }, error };
  }
}
