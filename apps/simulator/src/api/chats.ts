import type { PrivateChat } from '../world/bot.js';
import { ApiError, badRequest } from '../world/errors.js';
import type { Message } from '../world/telegram-types.js';
import type { Caller } from './handlers.js';

/** The chat a bot may write to, or Telegram's reason why not. */
export function writableChat({ world, bot }: Caller, chatId: number): PrivateChat {
  if (!world.people.has(chatId)) throw badRequest('chat not found');
  const chat = bot.chats.get(chatId);
  if (chat === undefined) throw new ApiError(403, "Forbidden: bot can't initiate conversation with a user");
  if (chat.blocked) throw new ApiError(403, 'Forbidden: bot was blocked by the user');
  return chat;
}

/** `reply_to_message` of a new message, when it answers one. */
export function replied(
  chat: PrivateChat,
  reply: { readonly messageId: number; readonly mayBeMissing: boolean } | undefined,
): { reply_to_message?: Message } {
  if (reply === undefined) return {};
  const original = chat.messages.get(reply.messageId);
  if (original === undefined && !reply.mayBeMissing) throw badRequest('message to be replied not found');
  if (original === undefined) return {};
  // One level deep, as on Telegram.
  const { reply_to_message: _, ...flat } = original.message;
  return { reply_to_message: flat };
}
