import { badRequest } from '../world/errors.js';
import type { BotCommand } from '../world/telegram-types.js';
import { currency, limited, noTips, payload, starPrice, subscriptionPeriod } from './invoice-terms.js';
import { replyMarkup } from './keyboards.js';
import {
  chatId,
  file,
  flag,
  integer,
  json,
  nameList,
  nonNegative,
  optionalText,
  type Reader,
  type Readers,
  requiredText,
  text,
  userId,
  type Values,
} from './readers.js';
import { captionText, messageText } from './rich-text.js';

const commands: Reader<readonly BotCommand[]> = (input, name) => {
  const list = json('commands')(input, name) ?? [];
  if (!Array.isArray(list)) throw badRequest('expected an Array of BotCommand');
  if (list.length > 100) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  return list.map((item: unknown) => {
    const { command, description } = Object(item) as Readonly<Record<string, unknown>>;
    if (typeof command !== 'string' || typeof description !== 'string') {
      const missing = typeof command === 'string' ? 'description' : 'command';
      throw badRequest(`can't parse BotCommand: Can't find field "${missing}"`);
    }
    const bare = command.replace(/^\//, '');
    if (!/^[a-z0-9_]{1,32}$/.test(bare)) throw badRequest('BOT_COMMAND_INVALID');
    if (description === '' || description.length > 256) throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
    return { command: bare, description };
  });
};

/** The `type` of a BotCommandScope; a scope of one chat carries its id. */
const scope: Reader<string> = (input, name) => {
  const value = json('BotCommandScope')(input, name);
  if (value === undefined) return 'default';
  const { type, chat_id } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof type !== 'string') throw badRequest('can\'t parse BotCommandScope: Can\'t find field "type"');
  return chat_id === undefined ? type : `${type}:${JSON.stringify(chat_id)}`;
};

const secretToken: Reader<string | undefined> = (input, name) => {
  const value = text(input, name);
  if (value === '') return undefined;
  if (value.length > 256) throw badRequest('secret token is too long');
  if (!/^[\w-]+$/.test(value)) throw badRequest('secret token contains unallowed characters');
  return value;
};

const CHAT_ACTIONS =
  /^(typing|upload_photo|record_video|upload_video|record_voice|upload_voice|record_audio|upload_audio|upload_document|choose_sticker|pick_up_location|find_location|record_video_note|upload_video_note|cancel)$/i;

const chatAction: Reader<string> = (input, name) => {
  const value = text(input, name).toLowerCase();
  if (!CHAT_ACTIONS.test(value)) throw badRequest('wrong parameter action in request');
  return value;
};

/** The message that is answered; undefined when none is, or when it may be missing and is. */
const replyTo: Reader<{ messageId: number; mayBeMissing: boolean } | undefined> = (input, name) => {
  const value = json('reply parameters')(input, name);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw badRequest('object expected as reply parameters');
  const { message_id, allow_sending_without_reply } = value as Readonly<Record<string, unknown>>;
  return { messageId: Number(message_id), mayBeMissing: allow_sending_without_reply === true };
};

const refusalText: Reader<string | undefined> = (input, name) =>
  flag(input, 'ok') ? undefined : requiredText(input, name);

const messageTarget = { chat_id: chatId, message_id: integer(0) };
const sent = { chat_id: chatId, reply_parameters: replyTo, reply_markup: replyMarkup };
const captioned = { ...sent, caption: captionText };
const invoice = {
  title: limited(32),
  description: limited(255),
  payload,
  currency,
  prices: starPrice,
  max_tip_amount: noTips,
  suggested_tip_amounts: noTips,
  photo_url: text,
};
const commandList = { scope, language_code: text };

/**
 * Every method this server knows, and how each of its parameters is read and checked. As on Telegram parameters that are not
 * listed are ignored. A new method begins here; without a handler of the same name it does not compile.
 */
export const PARAMETERS = {
  getMe: {},
  getUpdates: {
    offset: integer(0),
    limit: integer(100, 1, 100),
    timeout: integer(0, 0, 50),
    allowed_updates: nameList,
  },
  setWebhook: {
    url: text,
    ip_address: optionalText,
    max_connections: integer(40, 1, 100),
    allowed_updates: nameList,
    drop_pending_updates: flag,
    secret_token: secretToken,
  },
  deleteWebhook: { drop_pending_updates: flag },
  getWebhookInfo: {},

  sendMessage: { ...sent, text: messageText },
  sendPhoto: { ...captioned, photo: file },
  sendDocument: { ...captioned, document: file },
  sendChatAction: { chat_id: chatId, action: chatAction },
  editMessageText: { ...messageTarget, text: messageText, reply_markup: replyMarkup },
  editMessageReplyMarkup: { ...messageTarget, reply_markup: replyMarkup },
  deleteMessage: messageTarget,
  answerCallbackQuery: { callback_query_id: text, text, show_alert: flag, url: text },
  getFile: { file_id: text },

  sendInvoice: { ...sent, ...invoice, start_parameter: text },
  createInvoiceLink: { ...invoice, subscription_period: subscriptionPeriod },
  answerPreCheckoutQuery: { pre_checkout_query_id: text, ok: flag, error_message: refusalText },
  refundStarPayment: { user_id: userId, telegram_payment_charge_id: requiredText },
  editUserStarSubscription: {
    user_id: userId,
    telegram_payment_charge_id: requiredText,
    is_canceled: flag,
  },
  getMyStarBalance: {},
  getStarTransactions: { offset: nonNegative('offset'), limit: integer(100, 1, 100) },

  setMyCommands: { ...commandList, commands },
  getMyCommands: commandList,
  deleteMyCommands: commandList,
  setMyDescription: { description: text, language_code: text },
  setMyShortDescription: { short_description: text, language_code: text },
} satisfies Record<string, Readers>;

export type MethodName = keyof typeof PARAMETERS;
export type ParametersOf<Method extends MethodName> = Values<(typeof PARAMETERS)[Method]>;

export const methodNames = new Map<string, MethodName>(
  (Object.keys(PARAMETERS) as MethodName[]).map((name) => [name.toLowerCase(), name]),
);
