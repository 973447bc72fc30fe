import { isPrivate, type Place } from '../world/bot.js';
import { badRequest } from '../world/errors.js';
import type { StoredMessage } from '../world/stored-message.js';
import type { Message, MessageContent } from '../world/telegram-types.js';
import { type ChatRef, writable } from './chats.js';
import type { Caller } from './caller.js';
import type { Handlers } from './handlers.js';
import { mediaContent } from './input-media.js';
import { checkPayButtons } from './keyboards.js';
import { asCaption, asText, withMarkup } from './message-content.js';
import { noBusinessChat } from './sending.js';

type Part = keyof MessageContent;

const NOT_MODIFIED =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message';
const MEDIA: readonly Part[] = ['photo', 'video', 'animation', 'audio', 'document'];
const CAPTION: readonly Part[] = ['caption', 'caption_entities', 'show_caption_above_media'];

/** Identifies a message of a chat, or one that a person sent via the bot. */
interface Named {
  readonly business_connection_id: string;
  readonly chat_id: ChatRef | undefined;
  readonly message_id: number;
  readonly inline_message_id: string;
}

interface Target {
  readonly place: Place;
  readonly stored: StoredMessage;
  readonly isInline: boolean;
}

/** The bot's own message that the call edits. */
function editable(caller: Caller, { business_connection_id, chat_id, message_id, inline_message_id }: Named): Target {
  if (chat_id === undefined && message_id === 0) {
    if (inline_message_id === '') throw badRequest('message identifier is not specified');
    const found = caller.world.conversations.inlineMessage(caller.bot, inline_message_id);
    if (found === undefined) throw badRequest('MESSAGE_ID_INVALID');
    return { ...found, isInline: true };
  }
  noBusinessChat(caller, business_connection_id);
  if (chat_id === undefined) throw badRequest('chat_id is empty');
  const place = writable(caller, chat_id);
  const stored = place.messages.get(message_id);
  if (stored === undefined) throw badRequest('message to edit not found');
  const isOwn = stored.outgoing && (stored.botId ?? caller.bot.id) === caller.bot.id;
  if (!isOwn || stored.message.refunded_payment !== undefined) throw badRequest("message can't be edited");
  return { place, stored, isInline: false };
}

/** The bot does not see a message that was sent via it, so it gets `true` instead. */
function edit(caller: Caller, target: Target, content: readonly Part[], change: MessageContent): Message | true {
  const { place, stored, isInline } = target;
  const parts: readonly Part[] = [...content, 'reply_markup'];
  checkPayButtons(change.reply_markup, stored.offerId !== undefined);
  const same = parts.every((part) => JSON.stringify(stored.message[part]) === JSON.stringify(change[part]));
  if (same) throw badRequest(NOT_MODIFIED);
  const message = caller.world.conversations.edit(caller.bot, place, stored, parts, change);
  return isInline ? true : message;
}

/** In groups and channels, deleting other people's messages requires a right. */
function remove({ world, bot }: Caller, place: Place, messageId: number): boolean {
  const stored = place.messages.get(messageId);
  const isForeign = stored !== undefined && !isPrivate(place) && stored.botId !== bot.id;
  if (isForeign && !place.has(bot.id, 'can_delete_messages')) throw badRequest("message can't be deleted");
  return world.conversations.delete(bot, place, messageId);
}

export const editMethods: Handlers<
  | 'editMessageText'
  | 'editMessageCaption'
  | 'editMessageMedia'
  | 'editMessageReplyMarkup'
  | 'deleteMessage'
  | 'deleteMessages'
> = {
  editMessageText(caller, { text, link_preview_options, reply_markup, ...named }) {
    const target = editable(caller, named);
    if (target.stored.message.text === undefined) throw badRequest('there is no text in the message to edit');
    const preview = link_preview_options === undefined ? {} : { link_preview_options };
    const change = { ...asText(text), ...preview, ...withMarkup(reply_markup) };
    return edit(caller, target, ['text', 'entities', 'link_preview_options'], change);
  },

  editMessageCaption(caller, { caption, show_caption_above_media, reply_markup, ...named }) {
    const target = editable(caller, named);
    const { message } = target.stored;
    const isCaptioned = [...MEDIA, 'voice' as const, 'paid_media' as const].some((part) => message[part] !== undefined);
    if (!isCaptioned) throw badRequest('there is no caption in the message to edit');
    const above: MessageContent = show_caption_above_media ? { show_caption_above_media: true } : {};
    return edit(caller, target, CAPTION, { ...asCaption(caption), ...above, ...withMarkup(reply_markup) });
  },

  async editMessageMedia(caller, { media, reply_markup, ...named }) {
    const target = editable(caller, named);
    if (!MEDIA.some((part) => target.stored.message[part] !== undefined)) {
      throw badRequest('there is no media in the message to edit');
    }
    const content = await mediaContent(caller, media);
    const parts: readonly Part[] = [...MEDIA, ...CAPTION, 'has_media_spoiler'];
    return edit(caller, target, parts, { ...content, ...withMarkup(reply_markup) });
  },

  editMessageReplyMarkup(caller, { reply_markup, ...named }) {
    return edit(caller, editable(caller, named), [], withMarkup(reply_markup));
  },

  deleteMessage(caller, { chat_id, message_id }) {
    if (message_id === 0) throw badRequest('message identifier is not specified');
    if (!remove(caller, writable(caller, chat_id), message_id)) throw badRequest('message to delete not found');
    return true;
  },

  /** Skips messages that do not exist. */
  deleteMessages(caller, { chat_id, message_ids }) {
    const place = writable(caller, chat_id);
    for (const id of message_ids) remove(caller, place, id);
    return true;
  },
};
