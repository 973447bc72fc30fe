import type { Bot } from './bot.js';
import type { StoredMessage } from './stored-message.js';
import { WorldError } from './errors.js';
import type { Ground } from './ground.js';
import type { Person } from './person.js';
import { RIGHTS, SharedChat, type SharedChatType, type Standing } from './shared-chat.js';
import type { ChatInviteLink, ChatMember, Message, MessageContent, User } from './telegram-types.js';

export interface NewSharedChat {
  readonly type: SharedChatType;
  readonly title: string;
  readonly username?: string | undefined;
  readonly ownerId: number;
}

/** Settings of a chat that its owner may change. A chat without a public name is private. */
export interface Openness {
  readonly username?: string | null | undefined;
  readonly joinByRequest?: boolean | undefined;
}

/** The way in which a person joined. */
export interface Entrance {
  /** The link as the bot with this id may see it; undefined when there was none. */
  readonly link: (botId: number) => ChatInviteLink | undefined;
  readonly viaRequest: boolean;
}

/** Groups and channels, their members, and the updates that bots get about them. */
export class SharedChats {
  readonly byId = new Map<number, SharedChat>();

  constructor(private readonly world: Ground) {}

  create({ type, title, username, ownerId }: NewSharedChat): SharedChat {
    const owner = this.world.person(ownerId);
    if (username !== undefined) this.#needFree(username);
    const digits = this.world.random.between(1_000_000_000, 3_999_999_999);
    const id = type === 'group' ? -digits : -1_000_000_000_000 - digits;
    const instance = this.world.random.digits(19);
    const chat = new SharedChat({ id, type, title, username, instance }, this.world.clock);
    chat.standings.set(owner.user.id, { status: 'creator' });
    this.byId.set(id, chat);
    this.tell(chat);
    return chat;
  }

  get(id: number): SharedChat {
    const chat = this.byId.get(id);
    if (chat === undefined) throw new WorldError('chat_not_found', `There is no chat ${id}.`, 404);
    return chat;
  }

  /** Changes the settings. Bots get no update (the Bot API has none for it). */
  open(chat: SharedChat, { username, joinByRequest }: Openness): void {
    if (joinByRequest === true && chat.type !== 'supergroup') {
      throw new WorldError(
        'not_a_supergroup',
        'Only a supergroup can require requests from people who come by its public name.',
      );
    }
    if (typeof username === 'string' && this.byUsername(username) !== chat) this.#needFree(username);
    if (username !== undefined) chat.username = username ?? undefined;
    chat.joinByRequest = joinByRequest ?? chat.joinByRequest;
    this.tell(chat);
  }

  byUsername(username: string): SharedChat | undefined {
    return [...this.byId.values()].find((chat) => chat.username?.toLowerCase() === username.toLowerCase());
  }

  /** A person or a bot. */
  user(id: number): User {
    return this.world.bots.get(id)?.user() ?? this.world.person(id).user;
  }

  members(chat: SharedChat): readonly ChatMember[] {
    return [...chat.standings.keys()].map((id) => chat.member(this.user(id)));
  }

  /** An administrator, or the person themselves, changes a membership. */
  setStanding(chat: SharedChat, memberId: number, byId: number, standing: Standing): void {
    if (chat.migratedTo !== undefined) throw new WorldError('chat_upgraded', 'The group has become a supergroup.');
    const isOwnDoing = byId === memberId && mayDoAlone(chat, standing);
    if (!isOwnDoing && !chat.isAdministrator(byId)) {
      throw new WorldError('not_an_administrator', `${this.user(byId).first_name} is not an administrator here.`, 403);
    }
    if (chat.standing(memberId).status === 'creator') throw new WorldError('owner', 'The owner cannot be changed.');
    const isBot = this.world.bots.has(memberId);
    if (isBot && chat.type === 'channel' && standing.status === 'member') {
      throw new WorldError('bots_administrate', 'A bot can only be in a channel as an administrator.');
    }
    const unknown =
      'rights' in standing && Object.keys(standing.rights).find((name) => !RIGHTS[chat.type].includes(name));
    if (unknown) throw new WorldError('unknown_right', `There is no right ${unknown} in a ${chat.type}.`, 400);
    this.change(chat, this.user(memberId), this.user(byId), standing);
  }

  /**
   * Changes a membership. Notifies the bot concerned and the bots that administer the chat; in groups it also posts a
   * service message.
   */
  change(chat: SharedChat, user: User, by: User, standing: Standing, entrance?: Entrance): void {
    const before = chat.member(user);
    const wasIn = chat.isIn(user.id);
    chat.standings.set(user.id, standing.status === 'administrator' ? managing(standing) : standing);
    const after = chat.member(user);
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    const date = this.world.clock.seconds();
    const update = { chat: chat.chat(), from: by, date, old_chat_member: before, new_chat_member: after };
    const how = (botId: number) => {
      const link = entrance?.link(botId);
      return {
        ...(link === undefined ? {} : { invite_link: link }),
        ...(entrance?.viaRequest === true ? { via_join_request: true as const } : {}),
      };
    };
    const self = this.world.bots.get(user.id);
    if (self !== undefined) this.world.publish(self, 'my_chat_member', chat.id, update);
    for (const bot of this.#bots(chat)) {
      if (bot === self || !chat.isAdministrator(bot.id)) continue;
      this.world.publish(bot, 'chat_member', user.id, { ...update, ...how(bot.id) });
    }
    if (chat.type !== 'channel' && wasIn !== chat.isIn(user.id)) {
      this.post(chat, by, wasIn ? { left_chat_member: user } : { new_chat_members: [user] }, {});
    }
    this.tell(chat);
  }

  personSays(chat: SharedChat, person: Person, content: MessageContent, extra: Partial<StoredMessage> = {}): Message {
    const id = person.user.id;
    if (!chat.isIn(id)) throw new WorldError('not_a_member', `${person.user.first_name} is not in ${chat.title}.`, 403);
    if (chat.type === 'channel' && !chat.has(id, 'can_post_messages')) {
      throw new WorldError('not_an_administrator', 'Only administrators post to a channel.', 403);
    }
    return this.post(chat, person.user, content, extra);
  }

  /** Posts the message; all bots that may see it receive it, except its author. */
  post(chat: SharedChat, from: User, content: MessageContent, extra: Partial<StoredMessage>): Message {
    const author = chat.type === 'channel' ? { sender_chat: chat.chat() } : { from };
    const message: Message = {
      message_id: chat.newMessageId(),
      ...author,
      chat: chat.chat(),
      date: this.world.clock.seconds(),
      ...content,
    };
    const stored: StoredMessage = {
      message,
      outgoing: from.is_bot,
      ...(from.is_bot ? { botId: from.id } : {}),
      ...extra,
    };
    chat.messages.set(message.message_id, stored);
    for (const bot of this.#bots(chat)) {
      if (bot.id === from.id || !this.#hears(bot, chat, message)) continue;
      this.world.publish(bot, chat.type === 'channel' ? 'channel_post' : 'message', chat.id, message);
    }
    this.tell(chat);
    return message;
  }

  /**
   * The owner turns a group into a supergroup: it gets another id, and calls with the old one are refused from then
   * on. Bots are told in both chats, and that they are in the new one.
   * @param membershipFirst bots learn that they are in the new chat before they learn that the group was upgraded
   */
  upgrade(chat: SharedChat, membershipFirst = false): SharedChat {
    if (chat.type !== 'group' || chat.migratedTo !== undefined) {
      throw new WorldError('not_a_group', 'Only a group can become a supergroup.');
    }
    const [owner] = [...chat.standings].find(([, { status }]) => status === 'creator') ?? [0];
    const grown = this.create({ type: 'supergroup', title: chat.title, ownerId: owner });
    for (const [id, standing] of chat.standings) grown.standings.set(id, standing);
    if (membershipFirst) this.#greet(grown, this.user(owner));
    this.post(chat, this.user(owner), { migrate_to_chat_id: grown.id }, {});
    chat.migratedTo = grown.id;
    this.post(grown, this.user(owner), { migrate_from_chat_id: chat.id }, {});
    if (!membershipFirst) this.#greet(grown, this.user(owner));
    return grown;
  }

  /** Tells the bots of a new chat that they are in it. */
  #greet(chat: SharedChat, by: User): void {
    const told = { chat: chat.chat(), from: by, date: this.world.clock.seconds() };
    for (const bot of this.#bots(chat)) {
      const members = {
        old_chat_member: chat.member(bot.user(), { status: 'left' }),
        new_chat_member: chat.member(bot.user()),
      };
      this.world.publish(bot, 'my_chat_member', chat.id, { ...told, ...members });
    }
  }

  tell(chat: SharedChat): void {
    this.world.changes.tell({ type: 'shared_chat', chatId: chat.id });
  }

  clear(): void {
    this.byId.clear();
  }

  #needFree(username: string): void {
    if (this.byUsername(username) === undefined) return;
    throw new WorldError('username_taken', `There is a chat @${username} already.`);
  }

  #bots(chat: SharedChat): readonly Bot[] {
    return [...chat.standings.keys()].flatMap((id) => (chat.isIn(id) ? (this.world.bots.get(id) ?? []) : []));
  }

  /**
   * Privacy mode is on: in a group, a bot that is not an administrator gets commands, replies to its messages and
   * service messages.
   */
  #hears(bot: Bot, chat: SharedChat, message: Message): boolean {
    if (chat.isAdministrator(bot.id)) return true;
    const { text, via_bot, reply_to_message } = message;
    const addressee = /^\/\w+(?:@(\w+))?/.exec(text ?? '');
    if (addressee) return addressee[1] === undefined || addressee[1].toLowerCase() === bot.username.toLowerCase();
    const isService = text === undefined && message.invoice === undefined && via_bot === undefined;
    return isService || via_bot?.id === bot.id || reply_to_message?.from?.id === bot.id;
  }
}

/** Anyone may leave, and join a public chat that does not require a request. */
function mayDoAlone(chat: SharedChat, { status }: Standing): boolean {
  return status === 'left' || (status === 'member' && chat.username !== undefined && !chat.joinByRequest);
}

/** Any right implies the right to manage the chat. */
function managing(standing: Standing & { readonly status: 'administrator' }): Standing {
  return { status: 'administrator', rights: { ...standing.rights, can_manage_chat: true } };
}
