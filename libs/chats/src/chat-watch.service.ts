import { Inject, Injectable } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import { type Clock, HOUR, someAtOnce } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { judge, Telegram, TelegramRefused } from '#libs/telegram';
import { BotDirectory, type BotKey, isActive, nextCheck, type OpenBot } from '#libs/tenants';
import { NO_RIGHTS, rightsOf } from './chat.js';
import type { ChatRow } from './chat.entity.js';
import { ChatService } from './chat.service.js';

/** Milliseconds between two checks of a chat of an active bot. */
const LOOK_EVERY_MS = HOUR;
/** Number of chats checked per round, and concurrently; there is a round every half minute. */
const PER_ROUND = 200;
const AT_ONCE = 4;

/**
 * Regularly asks Telegram about bots' rights in their chats and whether anyone can join: updates can be lost, and there
 * are none about a chat that is deleted or becomes public. Every hour while the bot has traffic, and once a day
 * otherwise.
 */
@Injectable()
export class ChatWatch {
  constructor(
    private readonly db: Database,
    private readonly chats: ChatService,
    private readonly directory: BotDirectory,
    private readonly telegram: Telegram,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Checks chats whose check is due, the longest overdue first. Processes may do so concurrently.
   * @param stop no further check starts once it is aborted
   * @returns the number of claimed chats whose bots are active or paused
   */
  async round(stop?: AbortSignal): Promise<number> {
    const now = this.clock.now();
    // Claimed by storing the time of the next check beforehand: other processes skip them, and a crash costs one check.
    const claimed = await this.db.inPlatform('chats whose check is due', (tx) =>
      tx.query<{ tenantId: string; id: string; works: boolean }>(
        `update chats c set looked_at = $1, look_due_at = $1::timestamptz + ${nextCheck(isActive('c.tenant_id', 'c.bot_id'), LOOK_EVERY_MS)}
         from (
           select d.tenant_id, d.id, b.state from chats d join bots b on b.tenant_id = d.tenant_id and b.id = d.bot_id
           where d.look_due_at <= $1 and d.merged_into is null order by d.look_due_at limit ${PER_ROUND} for update of d skip locked
         ) due where c.tenant_id = due.tenant_id and c.id = due.id
         returning c.tenant_id as "tenantId", c.id, due.state in ('active', 'paused') as works`,
        [now],
      ),
    );
    const due = claimed.filter((chat) => chat.works);
    await someAtOnce(due, AT_ONCE, stop, async ({ tenantId, id }) => void (await this.look(tenantId, id)));
    return due.length;
  }

  /** Records that these bots have traffic, and moves the next checks of their chats forward accordingly. */
  async noteActive(tx: PlatformTx, bots: readonly BotKey[]): Promise<void> {
    await tx.query(
      `update chats c set look_due_at = c.looked_at + interval '${LOOK_EVERY_MS} milliseconds'
       from unnest($1::uuid[], $2::uuid[]) as a (tenant_id, bot_id)
       where c.tenant_id = a.tenant_id and c.bot_id = a.bot_id and c.look_due_at > c.looked_at + interval '${LOOK_EVERY_MS} milliseconds'`,
      [bots.map((bot) => bot.tenantId), bots.map((bot) => bot.botId)],
    );
  }

  /**
   * Checks one chat now. Changes nothing if the bot has no working token or Telegram does not respond.
   * @throws NotFound
   */
  async look(tenantId: string, id: string): Promise<ChatRow> {
    const chat = await this.db.inTenant(tenantId, (tx) => this.chats.get(tx, id));
    const bot = await this.directory.open(tenantId, chat.botId);
    if (bot !== undefined && bot.state !== 'token_invalid') await this.ask(bot, chat);
    return this.db.inTenant(tenantId, (tx) => this.chats.get(tx, id));
  }

  /**
   * Checks whether a call to a chat failed because the group has become a supergroup, and if so records that.
   * @returns the chat with its new id; undefined when the call failed for another reason
   */
  async follow({ tenantId, id, telegramId }: ChatRow, error: unknown): Promise<ChatRow | undefined> {
    if (!(error instanceof TelegramRefused) || error.migrateTo === undefined) return undefined;
    const upgrade = { from: telegramId, to: error.migrateTo };
    const chat = await this.db.inTenant(tenantId, async (tx) => {
      await this.chats.migrated(tx, upgrade, this.clock.now());
      return this.chats.get(tx, id);
    });
    return chat.telegramId === telegramId ? undefined : chat;
  }

  private async ask(bot: OpenBot, chat: ChatRow): Promise<void> {
    const api = this.telegram.api(bot.token);
    try {
      const rights = rightsOf(await api.getChatMember(chat.telegramId, bot.telegramId));
      const [{ title = chat.title, username = null, join_by_request: joinByRequest = false }, memberCount] =
        await Promise.all([api.getChat(chat.telegramId), api.getChatMemberCount(chat.telegramId)]);
      await this.keep(chat, { ...rights, title, username, joinByRequest, memberCount });
    } catch (error) {
      if (!(error instanceof TelegramRefused)) return void judge(error);
      const grown = await this.follow(chat, error);
      if (grown !== undefined) return this.ask(bot, grown);
      const { kind } = judge(error);
      // The chat no longer exists, or the bot was removed from it.
      if (kind === 'refused' || kind === 'unreachable') await this.keep(chat, NO_RIGHTS);
    }
  }

  private keep(chat: ChatRow, seen: Omit<Parameters<ChatService['seen']>[2], 'lookedAt'>): Promise<void> {
    const now = this.clock.now();
    return this.db.inTenant(chat.tenantId, (tx) => this.chats.seen(tx, chat, { ...seen, lookedAt: now }, now));
  }
}
