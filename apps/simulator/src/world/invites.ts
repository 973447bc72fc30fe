import { MINUTE } from '#libs/kernel';
import { badRequest, WorldError } from './errors.js';
import type { Ground } from './ground.js';
import { notEnough } from './offer.js';
import type { Person } from './person.js';
import type { InviteLink, SharedChat } from './shared-chat.js';
import type { Entrance, SharedChats } from './shared-chats.js';
import type { Seller, SellerRef, Subscription, Subscriptions } from './subscriptions.js';
import type { ChatInviteLink, User } from './telegram-types.js';
import type { Till } from './till.js';

export type LinkTerms = Pick<
  InviteLink,
  'name' | 'expiresAt' | 'memberLimit' | 'createsJoinRequest' | 'isPrimary' | 'subscription'
>;

/** The outcome of following an invite link. `text` is shown to the person. */
export interface JoinOutcome {
  readonly status: 'joined' | 'requested' | 'not_enough_stars';
  readonly chatId: number;
  readonly text: string;
}

const GUEST_TIME = 5 * MINUTE;

/** Ways to join groups and channels: links, requests, and links that cost Stars each month. */
export class Invites implements Seller {
  constructor(
    private readonly world: Ground,
    private readonly chats: SharedChats,
    private readonly till: Till,
    private readonly subscriptions: Subscriptions,
  ) {}

  create(chat: SharedChat, creatorId: number, terms: LinkTerms): InviteLink {
    const url = `https://t.me/+${this.world.random.text(16)}`;
    const link: InviteLink = { ...terms, url, creatorId, isRevoked: false, joined: 0 };
    chat.links.set(url, link);
    this.chats.tell(chat);
    return link;
  }

  /** The link as the Bot API writes it; a bot sees only the first half of links that others made. */
  view(chat: SharedChat, link: InviteLink, viewerId: number): ChatInviteLink {
    const pending = [...chat.requests.values()].filter((request) => request.link === link.url).length;
    const { name, expiresAt, memberLimit, subscription, url } = link;
    return {
      invite_link: link.creatorId === viewerId ? url : `${url.slice(0, 22)}...`,
      ...(name === undefined ? {} : { name }),
      creator: this.chats.user(link.creatorId),
      ...(expiresAt === undefined ? {} : { expire_date: expiresAt }),
      ...(memberLimit === undefined ? {} : { member_limit: memberLimit }),
      ...(pending === 0 ? {} : { pending_join_request_count: pending }),
      ...(subscription && { subscription_period: subscription.period, subscription_price: subscription.price }),
      creates_join_request: link.createsJoinRequest,
      is_primary: link.isPrimary,
      is_revoked: link.isRevoked,
    };
  }

  /** The chat of an address; without a link when the address is the name of a public chat. */
  find(url: string): { readonly chat: SharedChat; readonly link?: InviteLink } {
    const name = /^(?:@|https:\/\/t\.me\/)([a-zA-Z]\w{3,31})$/.exec(url)?.[1];
    const open = name === undefined ? undefined : this.chats.byUsername(name);
    if (open !== undefined && open.migratedTo === undefined) return { chat: open };
    for (const chat of this.chats.byId.values()) {
      const link = chat.links.get(url);
      if (link !== undefined && chat.migratedTo === undefined) return { chat, link };
    }
    throw new WorldError('link_not_found', 'There is no such invite link.', 404);
  }

  /** The person opens a link, or a public chat by its name, and presses Join. */
  join(person: Person, url: string): JoinOutcome {
    const { chat, link } = this.find(url);
    const { id } = person.user;
    const joined = { status: 'joined', chatId: chat.id, text: `You are in ${chat.title}.` } as const;
    if (chat.isIn(id)) return joined;
    if (chat.standing(id).status === 'kicked') {
      throw new WorldError('banned', `${person.user.first_name} is banned from ${chat.title}.`, 403);
    }
    if (link !== undefined) this.#checkOpen(link);
    // A paid link of a public channel costs nothing (tdlib/telegram-bot-api #628).
    if (link?.subscription !== undefined && chat.username === undefined) {
      return this.#subscribe(person, chat, link, link.subscription) ?? joined;
    }
    if (link?.createsJoinRequest ?? chat.joinByRequest) {
      this.#request(person, chat, link);
      return { status: 'requested', chatId: chat.id, text: 'An administrator has to approve your request.' };
    }
    if (link !== undefined) link.joined += 1;
    this.chats.change(chat, person.user, person.user, { status: 'member' }, this.#entrance(chat, link, false));
    return joined;
  }

  /** @throws ApiError in Telegram's words */
  decide(chat: SharedChat, userId: number, by: User, approve: boolean): void {
    const request = chat.requests.get(userId);
    if (request === undefined)
      throw badRequest(chat.isIn(userId) ? 'USER_ALREADY_PARTICIPANT' : 'HIDE_REQUESTER_MISSING');
    chat.requests.delete(userId);
    if (!approve) return this.chats.tell(chat);
    const link = request.link === undefined ? undefined : chat.links.get(request.link);
    if (link !== undefined) link.joined += 1;
    this.chats.change(chat, this.chats.user(userId), by, { status: 'member' }, this.#entrance(chat, link, true));
  }

  /** Assumption: a person who has left or was removed is not charged again. */
  isWanted({ seller, userId }: Subscription): boolean {
    return seller.type === 'channel' && this.chats.get(seller.chatId).isIn(userId);
  }

  renewed(subscription: Subscription, person: Person): void {
    const { seller, expiresAt } = subscription;
    if (seller.type !== 'channel') return;
    const chat = this.chats.get(seller.chatId);
    this.#charge(person, chat, subscription.amount);
    if (chat.standing(person.user.id).status === 'member') {
      chat.standings.set(person.user.id, { status: 'member', until: expiresAt });
    }
  }

  /** Bots get no update for it. */
  changed(): void {}

  /** Telegram removes people who have not paid. Assumption: the update looks as if they had left. */
  ended({ seller }: Subscription, person: Person): void {
    if (seller.type !== 'channel') return;
    const chat = this.chats.get(seller.chatId);
    if (chat.standing(person.user.id).status !== 'member') return;
    this.chats.change(chat, person.user, person.user, { status: 'left' });
  }

  #checkOpen({ isRevoked, expiresAt, memberLimit, joined }: InviteLink): void {
    const isOver = expiresAt !== undefined && expiresAt <= this.world.clock.seconds();
    const isFull = memberLimit !== undefined && joined >= memberLimit;
    if (isRevoked || isOver || isFull) throw new WorldError('link_expired', 'This invite link has expired.');
  }

  #request(person: Person, chat: SharedChat, link: InviteLink | undefined): void {
    const { user } = person;
    const date = this.world.clock.seconds();
    if (chat.requests.has(user.id)) return;
    chat.requests.set(user.id, { userId: user.id, date, ...(link === undefined ? {} : { link: link.url }) });
    for (const bot of this.world.bots.values()) {
      if (!chat.has(bot.id, 'can_invite_users')) continue;
      if (!bot.chats.has(user.id)) this.world.chat(bot, person).guestUntil = 0;
      const own = this.world.chat(bot, person);
      if (own.guestUntil !== undefined) own.guestUntil = this.world.clock.millis() + GUEST_TIME;
      this.world.publish(bot, 'chat_join_request', user.id, {
        chat: chat.chat(),
        from: user,
        user_chat_id: user.id,
        date,
        ...(link === undefined ? {} : { invite_link: this.view(chat, link, bot.id) }),
      });
    }
    this.chats.tell(chat);
  }

  /** A person who left within the paid time comes back free. Undefined when the person has joined. */
  #subscribe(
    person: Person,
    chat: SharedChat,
    link: InviteLink,
    { period, price }: { readonly period: number; readonly price: number },
  ): JoinOutcome | undefined {
    const seller: SellerRef = { type: 'channel', chatId: chat.id, inviteLink: link.url };
    const { id } = person.user;
    const running = this.subscriptions.running(id, seller);
    let until = running?.expiresAt;
    if (until === undefined) {
      const lack = notEnough(price, person.wallet.balance());
      if (person.wallet.balance() < price) return { status: 'not_enough_stars', chatId: chat.id, text: lack.text };
      until = this.world.clock.seconds() + period;
      const firstChargeId = this.#charge(person, chat, price);
      const terms = { userId: id, seller, title: chat.title, amount: price, period, firstChargeId };
      this.subscriptions.begin({ ...terms, expiresAt: until });
    }
    link.joined += 1;
    this.chats.change(chat, person.user, person.user, { status: 'member', until }, this.#entrance(chat, link, false));
    return undefined;
  }

  #charge(person: Person, chat: SharedChat, amount: number): string {
    const chargeId = this.till.payChannel(person, chat, amount, 'subscription');
    this.chats.tell(chat);
    return chargeId;
  }

  #entrance(chat: SharedChat, link: InviteLink | undefined, viaRequest: boolean): Entrance {
    return { link: (botId) => link && this.view(chat, link, botId), viaRequest };
  }
}
