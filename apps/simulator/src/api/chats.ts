import type { Place, PrivateChat } from '../world/bot.js';
import { ApiError, badRequest } from '../world/errors.js';
import type { SharedChat } from '../world/shared-chat.js';
import type { Message } from '../world/telegram-types.js';
import type { Caller } from './caller.js';

/** A chat as a call names it. */
export type ChatRef = number | `@${string}`;

/** The place of a chat that the bot may write to. @throws ApiError with Telegram's reason why it may not */
export function writable(caller: Caller, chat: ChatRef): Place {
  if (typeof chat === 'number' && chat > 0) return writableChat(caller, chat);
  const place = sharedChat(caller, chat);
  if (place.type !== 'channel') return place;
  if (!place.isAdministrator(caller.bot.id)) throw badRequest('need administrator rights in the channel chat');
  if (!place.has(caller.bot.id, 'can_post_messages')) {
    throw badRequest('not enough rights to send text messages to the chat');
  }
  return place;
}

function writableChat({ world, bot }: Caller, chatId: number): PrivateChat {
  if (!world.people.has(chatId)) throw badRequest('chat not found');
  if (world.people.get(chatId)?.isDeactivated) throw new ApiError(403, 'Forbidden: user is deactivated');
  const chat = bot.chats.get(chatId);
  const isOpen = chat?.guestUntil === undefined || chat.guestUntil > world.clock.millis();
  if (chat === undefined || !isOpen) throw new ApiError(403, "Forbidden: bot can't initiate conversation with a user");
  if (chat.blocked) throw new ApiError(403, 'Forbidden: bot was blocked by the user');
  return chat;
}

/**
 * The group or channel. The bot has to be a member unless `mayBeOutside`, as for getChat of a public one (Client.cpp,
 * check_chat).
 */
export function sharedChat({ world, bot }: Caller, ref: ChatRef, mayBeOutside = false): SharedChat {
  const { sharedChats } = world;
  const chat = typeof ref === 'string' ? sharedChats.byUsername(ref.slice(1)) : sharedChats.byId.get(ref);
  if (chat === undefined) throw badRequest('chat not found');
  if (chat.migratedTo !== undefined) {
    const parameters = { migrate_to_chat_id: chat.migratedTo };
    throw new ApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', parameters);
  }
  const kind = `${chat.type} chat`;
  const { status } = chat.standing(bot.id);
  if (status === 'kicked') throw new ApiError(403, `Forbidden: bot was kicked from the ${kind}`);
  if (status !== 'left' || (mayBeOutside && chat.username !== undefined)) return chat;
  // A private chat that the bot has never joined does not exist for it.
  if (!chat.standings.has(bot.id) && chat.username === undefined) throw badRequest('chat not found');
  throw new ApiError(403, `Forbidden: bot is not a member of the ${kind}`);
}

/** `reply_to_message` of a new message, if it is a reply. */
export function replied(
  place: Place,
  reply: { readonly messageId: number; readonly mayBeMissing: boolean } | undefined,
): { reply_to_message?: Message } {
  if (reply === undefined) return {};
  const original = place.messages.get(reply.messageId);
  if (original === undefined && !reply.mayBeMissing) throw badRequest('message to be replied not found');
  if (original === undefined) return {};
  // One level deep, as on Telegram.
  const { reply_to_message: _, ...flat } = original.message;
  return { reply_to_message: flat };
}
