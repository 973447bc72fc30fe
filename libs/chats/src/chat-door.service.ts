import { Inject, Injectable } from '@nestjs/common';
import type { Api } from 'grammy';
import { Database } from '#libs/database';
import { type Clock, DAY, HOUR, MINUTE, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { judge, Telegram, TelegramRefused } from '#libs/telegram';
import type { OpenBot } from '#libs/tenants';
import type { ChatRow } from './chat.entity.js';
import { ChatService } from './chat.service.js';
import { type Presence, presenceOf } from './chat-access.js';
import type { ChatAccessRow } from './chat-access.entity.js';
import { ChatAccessService } from './chat-access.service.js';
import { BuyerKeptOut, ChatClosed, keptOutBecause } from './chat-refusals.js';
import { ChatWatch } from './chat-watch.service.js';

/** What a buyer is told about their way in. */
export interface Invitation {
  readonly title: string;
  /** Until then it is paid, without grace; null: for good. */
  readonly until: Date | null;
  /** `over`: what they had bought is over or has gone back, so there is no way in. */
  readonly way: 'inside' | 'over' | { readonly link: string };
}

/** A link for one person waits so long for them; who comes later is given another. */
const SINGLE_USE_MS = DAY;
/** A link that expires sooner is not given out any more. */
const SOON_MS = HOUR;
/**
 * A ban is lifted at once. Should that fail, it runs out by itself: the way back stays open (Bot API, banChatMember: between 30
 * seconds and 366 days).
 */
const BAN_MS = 5 * MINUTE;

/**
 * The calls that let people into chats and put them out. Each may be made again. What Telegram does not let a bot do in a chat is thrown
 * as {@link ChatClosed}, and the chat is looked at; all else is thrown as the Bot API client throws it.
 */
@Injectable()
export class ChatDoor {
  constructor(
    private readonly db: Database,
    private readonly telegram: Telegram,
    private readonly chats: ChatService,
    private readonly accesses: ChatAccessService,
    private readonly watch: ChatWatch,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * A buyer's own way into a chat. Asked again it is the same link, as long as that is good.
   * @throws BuyerKeptOut when the buyer is banned or gone
   */
  async invitation(bot: OpenBot, chatId: string, buyerId: number): Promise<Invitation> {
    const { chat, access, live, paidUntil } = await this.db.inTenant(bot.tenantId, async (tx) => ({
      chat: await this.chats.get(tx, chatId),
      ...(await this.accesses.entitled(tx, chatId, buyerId, this.clock.now())),
    }));
    const told = { title: chat.title, until: paidUntil };
    if (!live) return { ...told, way: 'over' };
    const presence = await this.presence(bot, chat, buyerId);
    // A removal was begun before they paid again.
    if (access.state === 'ending' && presence === 'banned') await this.unban(bot, chat, buyerId);
    else if (presence === 'banned') throw new BuyerKeptOut('banned');
    const isLetIn = presence === 'out' && (await this.admitWhoAsked(bot, chat, buyerId));
    if (isLetIn || presence === 'in' || presence === 'administrator') {
      const entrance = { userId: buyerId, link: undefined, viaRequest: false };
      await this.db.inTenant(bot.tenantId, (tx) => this.accesses.entered(tx, chat, entrance, this.clock.now()));
      return { ...told, way: 'inside' };
    }
    const link = await this.linkFor(bot, chat, access);
    return { ...told, way: link === undefined ? 'over' : { link } };
  }

  /**
   * Lets in who has asked.
   * @returns false when they do not ask any more: somebody else has answered them, or the link by which they asked is dead
   * @throws BuyerKeptOut
   */
  async admit(bot: OpenBot, chat: ChatRow, userId: number): Promise<boolean> {
    return this.call(bot, chat, async (api, number) => {
      try {
        await api.approveChatJoinRequest(number, userId);
        return true;
      } catch (error) {
        if (says(error, /ALREADY_PARTICIPANT/)) return true;
        if (says(error, /HIDE_REQUESTER_MISSING|INVITE_HASH_(EXPIRED|INVALID)/)) return false;
        const because = error instanceof TelegramRefused ? keptOutBecause(error.description) : undefined;
        throw because === undefined ? error : new BuyerKeptOut(because);
      }
    });
  }

  /**
   * Lets in a buyer who asked before they had paid, by the public name or by somebody's link, or who was not let in when they asked: Telegram
   * keeps the request and does not take another. Where nobody can ask, a link is the way in. Who is in too many chats gets the link all the
   * same; the look that follows says what to do, and goes on trying.
   */
  private async admitWhoAsked(bot: OpenBot, chat: ChatRow, buyerId: number): Promise<boolean> {
    try {
      return await this.admit(bot, chat, buyerId);
    } catch (error) {
      if (error instanceof BuyerKeptOut && error.because === 'too_many_chats') {
        await this.db.inTenant(bot.tenantId, (tx) => this.accesses.requested(tx, chat, buyerId, this.clock.now()));
      } else if (chat.joinByRequest || !(error instanceof ChatClosed)) throw error;
      return false;
    }
  }

  /** A request that is none of a buyer's. One that was answered meanwhile is no matter. */
  async decline(bot: OpenBot, chat: ChatRow, userId: number): Promise<void> {
    await this.call(bot, chat, (api, number) => api.declineChatJoinRequest(number, userId)).catch((error: unknown) => {
      if (!(error instanceof ChatClosed)) throw error;
    });
  }

  async presence(bot: OpenBot, chat: ChatRow, userId: number): Promise<Presence> {
    // An erased buyer, whom nobody can find.
    if (userId < 0) return 'out';
    return this.call(bot, chat, async (api, number) => {
      try {
        return presenceOf(await api.getChatMember(number, userId));
      } catch (error) {
        if (says(error, /user not found|PARTICIPANT_ID_INVALID|member not found/i)) return 'out';
        throw error;
      }
    });
  }

  /** Puts somebody out, so that they can come back. */
  async remove(bot: OpenBot, chat: ChatRow, userId: number): Promise<void> {
    const until = Math.floor((this.clock.now().getTime() + BAN_MS) / 1_000);
    await this.call(bot, chat, (api, number) => api.banChatMember(number, userId, { until_date: until }));
    // It may have become a supergroup with the call before, and from that one they are banned.
    const now = await this.db.inTenant(bot.tenantId, (tx) => this.chats.get(tx, chat.id));
    await this.unban(bot, now, userId);
  }

  /** A link that leads nowhere any more is as good as revoked. */
  async revoke(bot: OpenBot, chat: ChatRow, link: string): Promise<void> {
    await this.call(bot, chat, async (api, number) => {
      try {
        await api.revokeChatInviteLink(number, link);
      } catch (error) {
        if (!says(error, /INVITE_HASH_(EXPIRED|INVALID)/)) throw error;
      }
    });
  }

  async unban(bot: OpenBot, chat: ChatRow, userId: number): Promise<void> {
    // Who is put out of a group that is no supergroup is not banned from it (Bot API, unbanChatMember).
    if (chat.type === 'group') return;
    await this.call(bot, chat, (api, number) => api.unbanChatMember(number, userId, { only_if_banned: true }));
  }

  private async linkFor(bot: OpenBot, chat: ChatRow, access: ChatAccessRow): Promise<string | undefined> {
    const now = this.clock.now();
    const { id, link: former, linkExpiresAt } = access;
    const soon = new Date(now.getTime() + SOON_MS);
    if (former !== null && (linkExpiresAt === null || linkExpiresAt > soon)) return former;
    const expiresAt = chat.admission === 'request' ? null : new Date(now.getTime() + SINGLE_USE_MS);
    const terms =
      expiresAt === null
        ? { creates_join_request: true }
        : { member_limit: 1, expire_date: Math.floor(expiresAt.getTime() / 1_000) };
    const name = publicId('chatAccess', id);
    const made = await this.call(bot, chat, (api, number) => api.createChatInviteLink(number, { name, ...terms }));
    const link = made.invite_link;
    const kept = await this.db.inTenant(bot.tenantId, (tx) =>
      this.accesses.keepLink(tx, id, { link, expiresAt, former }, now),
    );
    if (kept !== link) await this.revoke(bot, chat, link);
    return kept;
  }

  /** Once more under the new number when the group has become a supergroup. @param make gets the number to call */
  private async call<T>(bot: OpenBot, chat: ChatRow, make: (api: Api, number: number) => Promise<T>): Promise<T> {
    try {
      return await make(this.telegram.api(bot.token), chat.telegramId);
    } catch (error) {
      const grown = await this.watch.follow(chat, error);
      if (grown !== undefined) return this.call(bot, grown, make);
      const { kind } = judge(error);
      if (kind !== 'refused' && kind !== 'unreachable') throw error;
      await this.watch.look(chat.tenantId, chat.id);
      throw new ChatClosed(error instanceof Error ? error.message : String(error));
    }
  }
}

const says = (error: unknown, words: RegExp) => error instanceof TelegramRefused && words.test(error.description);
