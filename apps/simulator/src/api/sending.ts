import type { Place } from '../world/bot.js';
import { isPrivate } from '../world/bot.js';
import { badRequest } from '../world/errors.js';
import type { StoredMessage } from '../world/stored-message.js';
import type { InlineKeyboardMarkup, Message, MessageContent } from '../world/telegram-types.js';
import { type ChatRef, replied, writable } from './chats.js';
import type { Caller } from './caller.js';
import { chatId, type Fields, flag, integer, jsonObject, type Reader, text, unseen } from './readers.js';
import { replyMarkup } from './keyboards.js';

export interface ReplyTarget {
  readonly messageId: number;
  readonly mayBeMissing: boolean;
}

/** The message to reply to; undefined when this is not a reply. */
const replyTo: Reader<ReplyTarget | undefined> = (input, name) => {
  const value = jsonObject('reply parameters')(input, name);
  if (value === undefined || Object.keys(value).length === 0) return undefined;
  const { message_id, allow_sending_without_reply } = value;
  if (message_id === undefined) throw badRequest('Can\'t find field "message_id"');
  return { messageId: Number(message_id), mayBeMissing: allow_sending_without_reply === true };
};

const effect: Reader<string> = (input, name) => {
  const value = text(input, name);
  return value !== '' && !/^[1-9]\d*$/.test(value) ? '' : value;
};

/** Refuses messages that only one member of a group sees. */
const notEphemeral: Reader<undefined> = (input, name) => {
  if (jsonObject('ephemeral message parameters')(input, name) === undefined) return undefined;
  throw badRequest('the simulator has no ephemeral messages');
};

const suggestedPost: Reader<Fields | undefined> = jsonObject('suggested post parameters');

const where = { chat_id: chatId, message_thread_id: integer(0), direct_messages_topic_id: unseen };
const how = { disable_notification: unseen, protect_content: flag };
const answering = { reply_parameters: replyTo, reply_markup: replyMarkup };

export const BUSINESS = { business_connection_id: text };
/** Parameters of methods that forward or copy many messages. */
export const FORWARDED = { ...where, ...how };
export const EFFECT = { message_effect_id: effect };
export const SUGGESTED = { suggested_post_parameters: suggestedPost };
/** Parameters of methods that send one message. */
export const SENT = { ...FORWARDED, allow_paid_broadcast: unseen, ...SUGGESTED, ...answering };
/** The same, for methods that can also send in a person's name, with an effect, or to one member only. */
export const MESSAGE = { ...BUSINESS, ...SENT, ...EFFECT, ephemeral_message_parameters: notEphemeral };

/** The chat and the options of a message that is sent. */
export interface Sending {
  readonly chat_id: ChatRef;
  readonly message_thread_id: number;
  readonly business_connection_id?: string;
  readonly protect_content: boolean;
  readonly message_effect_id?: string;
  readonly suggested_post_parameters?: Fields | undefined;
  readonly reply_parameters?: ReplyTarget | undefined;
  readonly reply_markup?: InlineKeyboardMarkup | undefined;
}

/** Refuses any business connection: the simulator has no chats of connected accounts. */
export function noBusinessChat({ world, bot }: Caller, connectionId: string | undefined): void {
  if (connectionId === undefined || connectionId === '') return;
  world.business.find(bot, connectionId);
  throw badRequest('BUSINESS_PEER_INVALID');
}

/**
 * The chat to send to. There are no topics here. `BUSINESS_PEER_INVALID` is MTProto's word for a chat in which the
 * bot may not speak for the account.
 * @throws ApiError with Telegram's reason when the bot may not write there
 */
export function addressee(caller: Caller, sending: Sending): Place {
  noBusinessChat(caller, sending.business_connection_id);
  const place = writable(caller, sending.chat_id);
  if (sending.message_thread_id > 0) throw badRequest('message thread not found');
  if (!isPrivate(place) && (sending.message_effect_id ?? '') !== '') {
    throw badRequest("can't use message effects in the chat");
  }
  if (sending.suggested_post_parameters !== undefined) {
    throw badRequest('suggested posts can be sent only to channel direct messages');
  }
  return place;
}

/** Posts the bot's message with the options of the call. */
export function post(
  caller: Caller,
  place: Place,
  sending: Sending,
  content: MessageContent,
  extra: Partial<StoredMessage> = {},
): Message {
  const { protect_content, message_effect_id = '', reply_parameters, reply_markup } = sending;
  const whole: MessageContent = {
    ...replied(place, reply_parameters),
    ...content,
    ...(protect_content ? { has_protected_content: true } : {}),
    ...(message_effect_id === '' ? {} : { effect_id: message_effect_id }),
    ...(reply_markup === undefined ? {} : { reply_markup }),
  };
  return caller.world.conversations.botSays(caller.bot, place, whole, extra);
}
