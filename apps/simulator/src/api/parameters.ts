import { badRequest } from '../world/errors.js';
import { INVOICE, noBusiness, subscriptionPeriod } from './invoice-terms.js';
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
import { CHAT_PARAMETERS } from './chat-parameters.js';
import { GIFT_PARAMETERS } from './gift-parameters.js';
import { album, mediaPayload, mediaPrice, paidMediaList } from './paid-media-list.js';
import { inlineResults } from './inline-results.js';
import { COMMAND_PARAMETERS } from './command-parameters.js';

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
  sendVideo: { ...captioned, video: file },
  sendMediaGroup: { chat_id: chatId, media: album, reply_parameters: replyTo },
  sendChatAction: { chat_id: chatId, action: chatAction },
  editMessageText: { ...messageTarget, text: messageText, reply_markup: replyMarkup },
  editMessageReplyMarkup: { ...messageTarget, reply_markup: replyMarkup },
  deleteMessage: messageTarget,
  answerCallbackQuery: { callback_query_id: text, text, show_alert: flag, url: text },
  getFile: { file_id: text },

  sendInvoice: { ...sent, ...INVOICE, start_parameter: text },
  createInvoiceLink: { ...INVOICE, subscription_period: subscriptionPeriod, business_connection_id: noBusiness },
  answerPreCheckoutQuery: { pre_checkout_query_id: text, ok: flag, error_message: refusalText },
  refundStarPayment: { user_id: userId, telegram_payment_charge_id: requiredText },
  editUserStarSubscription: {
    user_id: userId,
    telegram_payment_charge_id: requiredText,
    is_canceled: flag,
  },
  getMyStarBalance: {},
  getStarTransactions: { offset: nonNegative('offset'), limit: integer(100, 1, 100) },

  answerInlineQuery: { inline_query_id: text, results: inlineResults, next_offset: text },

  sendPaidMedia: {
    ...captioned,
    star_count: mediaPrice,
    media: paidMediaList,
    payload: mediaPayload,
    show_caption_above_media: flag,
  },
  ...GIFT_PARAMETERS,
  ...CHAT_PARAMETERS,
  ...COMMAND_PARAMETERS,
} satisfies Record<string, Readers>;

export type MethodName = keyof typeof PARAMETERS;
export type ParametersOf<Method extends MethodName> = Values<(typeof PARAMETERS)[Method]>;

export const methodNames = new Map<string, MethodName>(
  (Object.keys(PARAMETERS) as MethodName[]).map((name) => [name.toLowerCase(), name]),
);
