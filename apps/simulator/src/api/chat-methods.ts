import { DAY, SECOND } from '#libs/kernel';
import { chatOf } from '../world/bot.js';
import { badRequest } from '../world/errors.js';
import type { SharedChat } from '../world/shared-chat.js';
import type { User } from '../world/telegram-types.js';
import { type ChatRef, sharedChat } from './chats.js';
import type { Caller } from './caller.js';
import type { Handlers } from './handlers.js';

const LONGEST_BAN = (366 * DAY) / SECOND;
const SHORTEST_BAN = 30;
const ALL_GIFTS = {
  unlimited_gifts: true,
  limited_gifts: true,
  unique_gifts: true,
  premium_subscription: true,
  gifts_from_channels: true,
};
const LOOKS = { accent_color_id: 0, max_reaction_count: 11 };

/** @throws ApiError when no person or bot has this id */
function someone({ world }: Caller, userId: number): User {
  if (!world.people.has(userId) && !world.bots.has(userId)) throw badRequest('user not found');
  return world.sharedChats.user(userId);
}

function privateChat({ world, bot }: Caller, chatId: number) {
  const person = world.people.get(chatId);
  if (person === undefined || !bot.chats.has(chatId)) throw badRequest('chat not found');
  return { ...chatOf(person), ...LOOKS, accepted_gift_types: ALL_GIFTS };
}

/** The member that the bot may remove. The wordings are TDLib's. @throws ApiError */
function removable(caller: Caller, ref: ChatRef, userId: number): { readonly chat: SharedChat; readonly user: User } {
  const chat = sharedChat(caller, ref);
  const user = someone(caller, userId);
  if (!chat.has(caller.bot.id, 'can_restrict_members')) {
    throw badRequest('not enough rights to restrict/unrestrict chat member');
  }
  const { status } = chat.standing(userId);
  if (status === 'creator') throw badRequest("can't remove chat owner");
  if (userId === caller.bot.id) throw badRequest("can't restrict self");
  if (status === 'administrator') throw badRequest('user is an administrator of the chat');
  return { chat, user };
}

/** Bans of less than 30 seconds or more than 366 days are permanent. */
function until(now: number, date: number): number {
  const length = date - now;
  return length < SHORTEST_BAN || length > LONGEST_BAN ? 0 : date;
}

export const chatMethods: Handlers<
  | 'getChat'
  | 'getChatMember'
  | 'getChatMemberCount'
  | 'getChatAdministrators'
  | 'leaveChat'
  | 'banChatMember'
  | 'unbanChatMember'
> = {
  getChat(caller, { chat_id }) {
    if (typeof chat_id === 'number' && chat_id > 0) return privateChat(caller, chat_id);
    const chat = sharedChat(caller, chat_id, true);
    const mayInvite = chat.has(caller.bot.id, 'can_invite_users');
    const primary = [...chat.links.values()].find(
      ({ isPrimary, isRevoked, creatorId }) => isPrimary && !isRevoked && creatorId === caller.bot.id,
    );
    return {
      ...chat.chat(),
      ...LOOKS,
      accepted_gift_types: ALL_GIFTS,
      ...(chat.username === undefined ? {} : { active_usernames: [chat.username] }),
      ...(chat.joinByRequest ? { join_by_request: true } : {}),
      ...(mayInvite && primary ? { invite_link: primary.url } : {}),
      ...(chat.type === 'channel' ? { can_send_paid_media: true } : { permissions: { can_send_messages: true } }),
    };
  },

  getChatMember(caller, { chat_id, user_id }) {
    const chat = sharedChat(caller, chat_id);
    if (chat.type === 'channel' && !chat.isAdministrator(caller.bot.id)) {
      throw badRequest('member list is inaccessible');
    }
    return chat.member(someone(caller, user_id));
  },

  getChatMemberCount(caller, { chat_id }) {
    const chat = sharedChat(caller, chat_id, true);
    return [...chat.standings.keys()].filter((id) => chat.isIn(id)).length;
  },

  getChatAdministrators(caller, { chat_id, return_bots }) {
    const chat = sharedChat(caller, chat_id, true);
    return caller.world.sharedChats
      .members(chat)
      .filter(({ status }) => status === 'creator' || status === 'administrator')
      .filter(({ user }) => !user.is_bot || return_bots || user.id === caller.bot.id);
  },

  leaveChat(caller, { chat_id }) {
    const chat = sharedChat(caller, chat_id);
    const self = caller.bot.user();
    caller.world.sharedChats.change(chat, self, self, { status: 'left' });
    return true;
  },

  banChatMember(caller, { chat_id, user_id, until_date }) {
    const { chat, user } = removable(caller, chat_id, user_id);
    const end = until(caller.world.clock.seconds(), until_date);
    caller.world.sharedChats.change(chat, user, caller.bot.user(), { status: 'kicked', until: end });
    return true;
  },

  /** Without `only_if_banned`, a member is removed as well and may come back. */
  unbanChatMember(caller, { chat_id, user_id, only_if_banned }) {
    const place = sharedChat(caller, chat_id);
    if (place.type === 'group') throw badRequest('method is available for supergroup and channel chats only');
    const { chat, user } = removable(caller, chat_id, user_id);
    if (chat.isIn(user_id) && only_if_banned) return true;
    caller.world.sharedChats.change(chat, user, caller.bot.user(), { status: 'left' });
    return true;
  },
};
