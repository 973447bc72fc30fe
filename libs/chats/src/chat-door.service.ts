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

/** A buyer's way into a chat. */
export interface Invitation {
  readonly title: string;
  /** End of the paid time, without grace; null: no end. */
  readonly until: Date | null;
  /** `over`: the purchase has ended or was refunded, so there is no way in. */
  readonly way: 'inside' | 'over' | { readonly link: string };
}

/** Lifetime of a single-use link in milliseconds; later the buyer gets another one. */
const SINGLE_USE_MS = DAY;
/** A link that expires sooner than this many milliseconds is not handed out. */
const SOON_MS = HOUR;
/**
 * A ban is lifted at once. If that fails, it expires automatically, so that the person can come back (Bot API,
 * banChatMember: between 30 seconds and 366 days).
 */
const BAN_MS = 5 * MINUTE;

/**
 * The calls that admit people to chats and remove them. Each is repeatable. If Telegram does not let the bot act in a
 * chat, {@link ChatClosed} is thrown and the chat is checked; other errors are those of the Bot API client.
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
   * Returns a buyer's personal link to a chat. Repeated calls return the same link as long as it is valid.
   * @throws BuyerKeptOut when the buyer is banned or no longer has an account
   */
  async invitation(bot: OpenBot, chatId: string, buyerId: number): Promise<Invitation> {
    const { chat, access, live, paidUntil } = await this.db.inTenant(bot.tenantId, async (tx) => ({
      chat: await this.chats.get(tx, chatId),
      ...(await this.accesses.entitled(tx, chatId, buyerId, this.clock.now())),
    }));
    const told = { title: chat.title, until: paidUntil };
    if (!live) return { ...told, way: 'over' };
    const presence = await this.presence(bot, chat, buyerId);
    // Their removal had begun before they paid again.
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
   * Approves a join request.
   * @returns false when there is no longer a request: it was answered, or its link no longer works
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
   * Approves the request of a buyer who asked before paying, by the public name or another person's link, or whose
   * approval failed: Telegram keeps the request and does not accept another. Chats without requests use a link. A buyer
   * in too many chats gets the link anyway; the next check tells them what to do, and retries.
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

  /** Declines the request of a person who is not a buyer. Ignores a request that has already been answered. */
  async decline(bot: OpenBot, chat: ChatRow, userId: number): Promise<void> {
    await this.call(bot, chat, (api, number) => api.declineChatJoinRequest(number, userId)).catch((error: unknown) => {
      if (!(error instanceof ChatClosed)) throw error;
    });
  }

  async presence(bot: OpenBot, chat: ChatRow, userId: number): Promise<Presence> {
    // An erased buyer, whose id is unknown.
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

  /** Removes a person without a lasting ban, so that they can come back. */
  async remove(bot: OpenBot, chat: ChatRow, userId: number): Promise<void> {
    const until = Math.floor((this.clock.now().getTime() + BAN_MS) / 1_000);
    await this.call(bot, chat, (api, number) => api.banChatMember(number, userId, { until_date: until }));
    // The previous call may have found that the group is now a supergroup; then they are banned from that one.
    const now = await this.db.inTenant(bot.tenantId, (tx) => this.chats.get(tx, chat.id));
    await this.unban(bot, now, userId);
  }

  /** Revokes a link. One that no longer works counts as revoked. */
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
    // A person removed from a basic group is not banned from it (Bot API, unbanChatMember).
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

  /** Retries with the new id if the group has become a supergroup. @param make receives the chat id to call */
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
