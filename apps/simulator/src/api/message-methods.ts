import { isPrivate } from '../world/bot.js';
import { badRequest } from '../world/errors.js';
import { writable } from './chats.js';
import type { Handlers } from './handlers.js';
import { checkPayButtons } from './keyboards.js';
import { asText } from './message-content.js';
import { addressee, noBusinessChat, post } from './sending.js';

export const messageMethods: Handlers<'sendMessage' | 'sendChatAction' | 'answerCallbackQuery' | 'getFile'> = {
  sendMessage(caller, { text, link_preview_options, ...sending }) {
    checkPayButtons(sending.reply_markup, false);
    const place = addressee(caller, sending);
    const preview = link_preview_options === undefined ? {} : { link_preview_options };
    return post(caller, place, sending, { ...asText(text), ...preview });
  },

  /** A missing topic is not refused, since a chat action has no lasting effect. */
  sendChatAction(caller, { business_connection_id, chat_id }) {
    noBusinessChat(caller, business_connection_id);
    const place = writable(caller, chat_id);
    if (isPrivate(place)) {
      caller.world.changes.tell({ type: 'typing', botId: caller.bot.id, userId: place.person.user.id });
    }
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
