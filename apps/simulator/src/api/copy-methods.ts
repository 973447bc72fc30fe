import type { Place } from '../world/bot.js';
import { badRequest } from '../world/errors.js';
import type { StoredMessage } from '../world/stored-message.js';
import type { Message, MessageContent, MessageOrigin } from '../world/telegram-types.js';
import { type ChatRef, sharedChat } from './chats.js';
import type { Caller } from './caller.js';
import type { Handlers } from './handlers.js';
import { asCaption, withMarkup } from './message-content.js';
import { addressee, post, type Sending } from './sending.js';

type Part = keyof MessageContent;

const SHOWN = [
  'text',
  'photo',
  'document',
  'video',
  'voice',
  'audio',
  'animation',
  'location',
  'venue',
  'contact',
] as const;
const KEPT: readonly Part[] = [
  ...SHOWN,
  'entities',
  'caption',
  'caption_entities',
  'show_caption_above_media',
  'has_media_spoiler',
  'link_preview_options',
];
const SOLD: readonly Part[] = ['invoice', 'paid_media'];

/** A chat that the bot may read. */
function readable(caller: Caller, ref: ChatRef): Place {
  if (typeof ref !== 'number' || ref < 0) return sharedChat(caller, ref);
  const chat = caller.bot.chats.get(ref);
  if (chat === undefined) throw badRequest('chat not found');
  return chat;
}

/** The reason why the message cannot be forwarded or copied; undefined when it can be. */
function obstacle({ message }: StoredMessage, isCopy: boolean): string | undefined {
  if (message.has_protected_content === true) return "message has protected content and can't be forwarded";
  const parts: readonly Part[] = isCopy ? SHOWN : [...SHOWN, ...SOLD];
  const isOrdinary = parts.some((part) => message[part] !== undefined);
  return isOrdinary ? undefined : `the message can't be ${isCopy ? 'copied' : 'forwarded'}`;
}

function contentOf({ message }: StoredMessage, parts: readonly Part[]): MessageContent {
  return Object.fromEntries(parts.flatMap((part) => (message[part] === undefined ? [] : [[part, message[part]]])));
}

function originOf({ message }: StoredMessage): MessageOrigin {
  if (message.forward_origin !== undefined) return message.forward_origin;
  const { date, chat, from, message_id } = message;
  if (chat.type === 'channel') return { type: 'channel', date, chat, message_id };
  return from === undefined ? { type: 'chat', date, sender_chat: chat } : { type: 'user', date, sender_user: from };
}

/**
 * Posts the message again under its original author's name. A forwarded invoice with a start parameter becomes a link
 * to the bot.
 */
function forward(caller: Caller, to: Place, sending: Sending, stored: StoredMessage): Message {
  const { invoice, reply_markup } = stored.message;
  const start = invoice?.start_parameter ?? '';
  const url = `https://t.me/${caller.bot.username}?start=${start}`;
  const button = start === '' ? reply_markup : { inline_keyboard: [[{ text: 'Pay', url }]] };
  const content = { ...contentOf(stored, [...KEPT, ...SOLD]), forward_origin: originOf(stored) };
  const { offerId, mediaPayload } = stored;
  return post(
    caller,
    to,
    sending,
    { ...content, ...(invoice === undefined ? {} : withMarkup(button)) },
    {
      ...(offerId === undefined || start !== '' ? {} : { offerId }),
      ...(mediaPayload === undefined ? {} : { mediaPayload }),
    },
  );
}

/** @throws ApiError when the message does not exist or cannot be forwarded or copied */
function original(caller: Caller, ref: ChatRef, messageId: number, isCopy: boolean): StoredMessage {
  const stored = readable(caller, ref).messages.get(messageId);
  if (stored === undefined) throw badRequest(`message to ${isCopy ? 'copy' : 'forward'} not found`);
  const reason = obstacle(stored, isCopy);
  if (reason !== undefined) throw badRequest(reason);
  return stored;
}

/** The messages that exist and can be forwarded or copied. @throws ApiError when there are none */
function originals(caller: Caller, ref: ChatRef, ids: readonly number[], isCopy: boolean): readonly StoredMessage[] {
  if (ids.some((id, index) => index > 0 && id <= (ids[index - 1] ?? 0))) {
    throw badRequest('message identifiers must be in a strictly increasing order');
  }
  const { messages } = readable(caller, ref);
  const found = ids.flatMap((id) => messages.get(id) ?? []).filter((stored) => obstacle(stored, isCopy) === undefined);
  if (found.length === 0) throw badRequest('there are no messages to forward');
  return found;
}

const idOf = ({ message_id }: Message) => ({ message_id });

export const copyMethods: Handlers<'forwardMessage' | 'forwardMessages' | 'copyMessage' | 'copyMessages'> = {
  forwardMessage(caller, { from_chat_id, message_id, ...sending }) {
    const stored = original(caller, from_chat_id, message_id, false);
    return forward(caller, addressee(caller, sending), sending, stored);
  },

  forwardMessages(caller, { from_chat_id, message_ids, ...sending }) {
    const to = addressee(caller, sending);
    const found = originals(caller, from_chat_id, message_ids, false);
    return found.map((stored) => idOf(forward(caller, to, sending, stored)));
  },

  /** A copy without its own caption keeps the original's. */
  copyMessage(caller, { from_chat_id, message_id, caption, show_caption_above_media, ...sending }) {
    const stored = original(caller, from_chat_id, message_id, true);
    const to = addressee(caller, sending);
    const {
      caption: _text,
      caption_entities: _entities,
      show_caption_above_media: _above,
      ...bare
    } = contentOf(stored, KEPT);
    const above: MessageContent = show_caption_above_media ? { show_caption_above_media: true } : {};
    const words = caption === undefined ? contentOf(stored, KEPT) : { ...bare, ...asCaption(caption), ...above };
    return idOf(post(caller, to, sending, words));
  },

  copyMessages(caller, { from_chat_id, message_ids, remove_caption, ...sending }) {
    const to = addressee(caller, sending);
    const found = originals(caller, from_chat_id, message_ids, true);
    const parts = remove_caption ? KEPT.filter((part) => part !== 'caption' && part !== 'caption_entities') : KEPT;
    return found.map((stored) => idOf(post(caller, to, sending, contentOf(stored, parts))));
  },
};
