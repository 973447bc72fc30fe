import { Inject, Injectable } from '@nestjs/common';
import { type Composer, InlineKeyboard } from 'grammy';
import type { Chat, ChatJoinRequest, ChatMemberUpdated } from 'grammy/types';
import {
  ChatAccessService,
  ChatDoor,
  type ChatRow,
  ChatService,
  CHAT_TYPES,
  presenceOf,
  rightsOf,
  type Upgrade,
} from '#libs/chats';
import type { TenantTx } from '#libs/database';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { judge } from '#libs/telegram';
import type { ShopContext } from './scope.js';

/** Updates about groups and channels: the bot's standing, and people who join, request and leave. */
@Injectable()
export class ChatHandlers {
  constructor(
    private readonly chats: ChatService,
    private readonly accesses: ChatAccessService,
    private readonly door: ChatDoor,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    bot.on('my_chat_member', (ctx) => this.hear(ctx, ctx.myChatMember));
    bot.on('chat_member', (ctx) => this.move(ctx, ctx.chatMember));
    bot.on('chat_join_request', (ctx) => this.answer(ctx, ctx.chatJoinRequest));
    bot.on('message:migrate_to_chat_id', (ctx) =>
      this.follow(ctx, { from: ctx.chat.id, to: ctx.message.migrate_to_chat_id }),
    );
    bot.on('message:migrate_from_chat_id', (ctx) =>
      this.follow(ctx, { from: ctx.message.migrate_from_chat_id, to: ctx.chat.id }),
    );
  }

  /** Records that a group became a supergroup; Telegram reports this in both chats. */
  private follow(ctx: ShopContext, upgrade: Upgrade): Promise<void> {
    return ctx.scope.inTenant((tx) => this.chats.migrated(tx, upgrade, this.clock.now()));
  }

  private async hear(ctx: ShopContext, { chat, new_chat_member: member }: ChatMemberUpdated): Promise<void> {
    const told = toldOf(chat);
    if (told === undefined) return;
    const { botId } = ctx.scope.bot;
    await ctx.scope.inTenant((tx) => this.chats.heard(tx, botId, told, rightsOf(member), this.clock.now()));
  }

  private async move(ctx: ShopContext, update: ChatMemberUpdated): Promise<void> {
    const { new_chat_member: member, invite_link: link, via_join_request: viaRequest = false } = update;
    const userId = member.user.id;
    const presence = presenceOf(member);
    const isIn = presence === 'in' || presence === 'administrator';
    await this.inChat(ctx, update.chat, async (tx, chat, now) => {
      if (!isIn) return this.accesses.left(tx, chat, userId, now);
      return this.accesses.entered(tx, chat, { userId, link: link?.invite_link, viaRequest }, now);
    });
  }

  /**
   * Approves buyers, whichever link they used. Declines others who used buyers' links; all other requests are left to
   * administrators.
   */
  private async answer(ctx: ShopContext, request: ChatJoinRequest): Promise<void> {
    const { from, invite_link: link } = request;
    const asked = await this.inChat(ctx, request.chat, async (tx, chat, now) => ({
      chat,
      welcome: await this.accesses.requested(tx, chat, from.id, now),
    }));
    if (asked === undefined || asked.welcome || link?.creator.id !== ctx.me.id) return;
    await this.door.decline(ctx.scope.bot, asked.chat, from.id);
    const shop = new InlineKeyboard().url(ctx.words.say('shop.open'), `https://t.me/${ctx.me.username}?start=shop`);
    const words = ctx.words.say('access.for_buyers', { chat: asked.chat.title });
    // They can be messaged for five minutes (Bot API, ChatJoinRequest); if that fails, the request was answered anyway.
    await ctx.api.sendMessage(request.user_chat_id, words, { reply_markup: shop }).catch((error: unknown) => {
      if (judge(error).kind === 'token_invalid') throw error;
    });
  }

  /**
   * Nothing is lost when the chat is not known yet, or the person has not paid yet: before a buyer is sent a link,
   * Telegram is asked for their standing and their request.
   * @returns undefined when the bot does not administer the chat
   */
  private inChat<T>(
    ctx: ShopContext,
    chat: Chat,
    work: (tx: TenantTx, chat: ChatRow, now: Date) => Promise<T>,
  ): Promise<T | undefined> {
    const [told, now] = [toldOf(chat), this.clock.now()];
    return ctx.scope.inTenant(async (tx) => {
      const known = await this.chats.find(tx, ctx.scope.bot.botId, chat.id);
      if (known === undefined) return undefined;
      if (told !== undefined) await this.chats.named(tx, known, told, now);
      return work(tx, known, now);
    });
  }
}

function toldOf(chat: Chat) {
  const type = CHAT_TYPES.find((known) => known === chat.type);
  if (type === undefined || chat.title === undefined) return undefined;
  return { telegramId: chat.id, type, title: chat.title, username: chat.username ?? null };
}
