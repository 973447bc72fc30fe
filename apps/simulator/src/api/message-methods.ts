import { badRequest } from '../world/errors.js';
import { asDocument, asPhoto } from '../world/files.js';
import type { Message, MessageContent } from '../world/telegram-types.js';
import { isPrivate, type Place } from '../world/bot.js';
import type { StoredMessage } from '../world/stored-message.js';
import { replied, writable } from './chats.js';
import { storedFile } from './files.js';
import type { Caller, Handlers } from './handlers.js';
import { checkPayButtons } from './keyboards.js';
import { asCaption, asText, withMarkup } from './message-content.js';

const NOT_MODIFIED =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message';

/** The bot's own message that is to be changed. */
function editable(caller: Caller, place: Place, messageId: number): StoredMessage {
  const stored = place.messages.get(messageId);
  if (stored === undefined) throw badRequest('message to edit not found');
  const isOwn = stored.outgoing && (stored.botId ?? caller.bot.id) === caller.bot.id;
  if (!isOwn || stored.message.refunded_payment !== undefined) throw badRequest("message can't be edited");
  return stored;
}

function edit(caller: Caller, place: Place, stored: StoredMessage, change: MessageContent): Message {
  const parts =
    change.text === undefined ? (['reply_markup'] as const) : (['text', 'entities', 'reply_markup'] as const);
  const same = parts.every((part) => JSON.stringify(stored.message[part]) === JSON.stringify(change[part]));
  if (same) throw badRequest(NOT_MODIFIED);
  return caller.world.conversations.edit(caller.bot, place, stored, change);
}

/** In groups and channels what others have said needs a right. */
function mayDelete({ bot }: Caller, place: Place, messageId: number): void {
  const stored = place.messages.get(messageId);
  if (stored === undefined || isPrivate(place) || stored.botId === bot.id) return;
  if (!place.has(bot.id, 'can_delete_messages')) throw badRequest("message can't be deleted");
}

export const messageMethods: Handlers<
  | 'sendMessage'
  | 'sendPhoto'
  | 'sendDocument'
  | 'sendChatAction'
  | 'editMessageText'
  | 'editMessageReplyMarkup'
  | 'deleteMessage'
  | 'answerCallbackQuery'
  | 'getFile'
> = {
  sendMessage(caller, { chat_id, text, reply_parameters, reply_markup }) {
    checkPayButtons(reply_markup, false);
    const chat = writable(caller, chat_id);
    const content = { ...replied(chat, reply_parameters), ...asText(text), ...withMarkup(reply_markup) };
    return caller.world.conversations.botSays(caller.bot, chat, content);
  },

  sendPhoto(caller, { chat_id, photo, caption, reply_parameters, reply_markup }) {
    checkPayButtons(reply_markup, false);
    const chat = writable(caller, chat_id);
    const media = { photo: asPhoto(storedFile(caller, 'photo', photo)), ...asCaption(caption) };
    const content = { ...replied(chat, reply_parameters), ...media, ...withMarkup(reply_markup) };
    return caller.world.conversations.botSays(caller.bot, chat, content);
  },

  sendDocument(caller, { chat_id, document, caption, reply_parameters, reply_markup }) {
    checkPayButtons(reply_markup, false);
    const chat = writable(caller, chat_id);
    const media = { document: asDocument(storedFile(caller, 'document', document)), ...asCaption(caption) };
    const content = { ...replied(chat, reply_parameters), ...media, ...withMarkup(reply_markup) };
    return caller.world.conversations.botSays(caller.bot, chat, content);
  },

  sendChatAction(caller, { chat_id }) {
    const place = writable(caller, chat_id);
    if (isPrivate(place)) {
      caller.world.changes.tell({ type: 'typing', botId: caller.bot.id, userId: place.person.user.id });
    }
    return true;
  },

  editMessageText(caller, { chat_id, message_id, text, reply_markup }) {
    checkPayButtons(reply_markup, false);
    const place = writable(caller, chat_id);
    const stored = editable(caller, place, message_id);
    if (stored.message.text === undefined) throw badRequest('there is no text in the message to edit');
    return edit(caller, place, stored, { ...asText(text), ...withMarkup(reply_markup) });
  },

  editMessageReplyMarkup(caller, { chat_id, message_id, reply_markup }) {
    const place = writable(caller, chat_id);
    const stored = editable(caller, place, message_id);
    checkPayButtons(reply_markup, stored.offerId !== undefined);
    return edit(caller, place, stored, withMarkup(reply_markup));
  },

  deleteMessage(caller, { chat_id, message_id }) {
    if (message_id === 0) throw badRequest('message identifier is not specified');
    const chat = writable(caller, chat_id);
    mayDelete(caller, chat, message_id);
    if (!caller.world.conversations.delete(caller.bot, chat, message_id))
      throw badRequest('message to delete not found');
    return true;
  },

  answerCallbackQuery({ world, bot }, { callback_query_id, text, show_alert, url }) {
    if (text.length > 200) throw badRequest('MESSAGE_TOO_LONG');
    const answer = { text, showAlert: show_alert, ...(url === '' ? {} : { url }) };
    if (!world.conversations.answerCallback(bot, callback_query_id, answer)) {
      throw badRequest('query is too old and response timeout expired or query ID is invalid');
    }
    return true;
  },

  getFile({ world, bot }, { file_id }) {
    if (file_id === '') throw badRequest('file_id not specified');
    const known = world.files.find(bot.id, file_id);
    if (known === undefined) throw badRequest('wrong file_id or the file is temporarily unavailable');
    return { ...known.ref, file_path: known.path };
  },
};
