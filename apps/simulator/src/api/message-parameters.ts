import type { RichText } from '../world/entities.js';
import { badRequest } from '../world/errors.js';
import type { LinkPreviewOptions } from '../world/telegram-types.js';
import { album, DETAILS, oneMedia } from './input-media.js';
import { replyMarkup } from './keyboards.js';
import { mediaPayload, mediaPrice, paidMediaList } from './paid-media-list.js';
import {
  chatId,
  type Fields,
  file,
  flag,
  integer,
  jsonObject,
  messageIds,
  type Reader,
  type Readers,
  requiredText,
  text,
  unseen,
} from './readers.js';
import { CAPTION, TEXT } from './rich-text.js';
import { BUSINESS, EFFECT, FORWARDED, MESSAGE, SENT, SUGGESTED } from './sending.js';

const CHAT_ACTIONS =
  /^(typing|upload_photo|record_video|upload_video|record_voice|upload_voice|record_audio|upload_audio|upload_document|choose_sticker|pick_up_location|find_location|record_video_note|upload_video_note|cancel)$/i;

const chatAction: Reader<string> = (input, name) => {
  const value = text(input, name).toLowerCase();
  if (!CHAT_ACTIONS.test(value)) throw badRequest('wrong parameter action in request');
  return value;
};

const previewOptions: Reader<LinkPreviewOptions | undefined> = (input, name) => {
  const given: Fields | undefined = jsonObject('link preview options')(input, name);
  return given === undefined || Object.keys(given).length === 0 ? undefined : given;
};

/** The chat, unless the message is named by its `inline_message_id`. */
const chatUnlessInline: Reader<number | `@${string}` | undefined> = (input, name) =>
  text(input, name) === '' ? undefined : chatId(input, name);

/** Undefined when the copy keeps the original's caption. */
const replacedCaption: Reader<RichText | undefined> = (input, name) =>
  input.fields.has(name) ? CAPTION.caption(input, name) : undefined;

const richMessage: Reader<undefined> = (input, name) => {
  if (jsonObject('rich message')(input, name) === undefined) return undefined;
  throw badRequest('the simulator has no rich messages');
};

const messageId = integer(0, 0);
const captioned = { ...MESSAGE, ...CAPTION };
const above = { show_caption_above_media: flag };
const visual = { ...above, has_spoiler: flag };
const { width, height, duration, start_timestamp, performer, title } = DETAILS;
const from = { from_chat_id: fromChat(), message_id: messageId };
const fromMany = { from_chat_id: fromChat(), message_ids: messageIds };
const edited = {
  ...BUSINESS,
  chat_id: chatUnlessInline,
  message_id: messageId,
  inline_message_id: text,
  reply_markup: replyMarkup,
};

function fromChat(): Reader<number | `@${string}`> {
  return (input, name) => {
    requiredText(input, name);
    return chatId(input, name);
  };
}

/** Parameters of the methods that send, edit, copy and delete messages. */
export const MESSAGE_PARAMETERS = {
  sendMessage: { ...MESSAGE, ...TEXT, link_preview_options: previewOptions },
  sendPhoto: { ...captioned, ...visual, photo: file },
  sendDocument: { ...captioned, document: file, thumbnail: unseen, disable_content_type_detection: unseen },
  sendVideo: {
    ...captioned,
    ...visual,
    width,
    height,
    duration,
    start_timestamp,
    video: file,
    thumbnail: unseen,
    cover: unseen,
    supports_streaming: unseen,
  },
  sendAnimation: { ...captioned, ...visual, width, height, duration, animation: file, thumbnail: unseen },
  sendAudio: { ...captioned, duration, performer, title, audio: file, thumbnail: unseen },
  sendVoice: { ...captioned, duration, voice: file },
  sendMediaGroup: mediaGroup(),
  sendPaidMedia: {
    ...BUSINESS,
    ...SENT,
    ...CAPTION,
    ...above,
    star_count: mediaPrice,
    media: paidMediaList,
    payload: mediaPayload,
  },
  sendChatAction: { ...BUSINESS, chat_id: chatId, message_thread_id: integer(0), action: chatAction },

  forwardMessage: { ...FORWARDED, ...EFFECT, ...SUGGESTED, ...from, video_start_timestamp: unseen },
  forwardMessages: { ...FORWARDED, ...fromMany },
  copyMessage: {
    ...SENT,
    ...EFFECT,
    ...CAPTION,
    ...above,
    ...from,
    caption: replacedCaption,
    video_start_timestamp: unseen,
  },
  copyMessages: { ...FORWARDED, ...fromMany, remove_caption: flag },

  editMessageText: { ...edited, ...TEXT, link_preview_options: previewOptions, rich_message: richMessage },
  editMessageCaption: { ...edited, ...CAPTION, ...above },
  editMessageMedia: { ...edited, media: oneMedia },
  editMessageReplyMarkup: edited,
  deleteMessage: { chat_id: chatId, message_id: messageId },
  deleteMessages: { chat_id: chatId, message_ids: messageIds },
  answerCallbackQuery: { callback_query_id: text, text, show_alert: flag, url: text, cache_time: unseen },
  getFile: { file_id: text },
} satisfies Readonly<Record<string, Readers>>;

/** An album has no keyboard and cannot be a suggested post. */
function mediaGroup() {
  const { reply_markup: _markup, suggested_post_parameters: _suggested, ...sent } = SENT;
  return { ...BUSINESS, ...sent, ...EFFECT, media: album };
}
