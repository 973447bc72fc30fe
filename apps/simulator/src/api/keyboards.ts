import { badRequest } from '../world/errors.js';
import type { InlineKeyboardButton, InlineKeyboardMarkup } from '../world/telegram-types.js';
import { json, type Reader } from './readers.js';

const LONGEST_CALLBACK_DATA = 64;
const LONGEST_COPY_TEXT = 256;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const cannotParse = (detail: string): Error => badRequest(`can't parse inline keyboard button: ${detail}`);

// The wordings of the server (Client.cpp) come first, those of MTProto (BUTTON_...) from behind it.
const BUTTON_KINDS: Readonly<Record<string, (value: unknown) => void>> = {
  url: (value) => {
    if (typeof value !== 'string') throw cannotParse('Field "url" must be of type String');
    if (!URL.canParse(value.includes(':') ? value : `http://${value}`)) throw badRequest('BUTTON_URL_INVALID');
  },
  callback_data: (value) => {
    if (typeof value !== 'string') throw cannotParse('Field "callback_data" must be of type String');
    if (Buffer.byteLength(value) > LONGEST_CALLBACK_DATA) throw badRequest('BUTTON_DATA_INVALID');
  },
  copy_text: (value) => {
    const copied = isFields(value) ? value['text'] : undefined;
    if (typeof copied !== 'string') throw cannotParse('Field "copy_text" must be of type Object');
    if (copied === '' || copied.length > LONGEST_COPY_TEXT) throw badRequest('BUTTON_COPY_TEXT_INVALID');
  },
  pay: () => undefined,
  web_app: () => undefined,
  login_url: () => undefined,
  switch_inline_query: () => undefined,
  switch_inline_query_current_chat: () => undefined,
  switch_inline_query_chosen_chat: () => undefined,
  callback_game: () => undefined,
};

function button(value: unknown): InlineKeyboardButton {
  if (!isFields(value)) throw cannotParse('InlineKeyboardButton must be an Object');
  const label = value['text'];
  if (label === undefined) throw cannotParse('Can\'t find field "text"');
  if (typeof label !== 'string') throw cannotParse('Field "text" must be of type String');
  if (label === '') throw badRequest('BUTTON_TEXT_INVALID');
  const kind = Object.keys(BUTTON_KINDS).find((name) => value[name] !== undefined && value[name] !== '');
  if (kind === undefined) throw cannotParse('Text buttons are unallowed in the inline keyboard');
  BUTTON_KINDS[kind]?.(value[kind]);
  return { ...value, text: label };
}

/** `reply_markup`. Only inline keyboards are kept: the simulator shows no reply keyboards, as Telegram shows none to a bot. */
export const replyMarkup: Reader<InlineKeyboardMarkup | undefined> = (input, name) => {
  const value = json('reply keyboard markup')(input, name);
  if (value === undefined || value === null) return undefined;
  if (!isFields(value)) throw badRequest('object expected as reply markup');
  const rows = value['inline_keyboard'];
  if (rows === undefined) return undefined;
  if (!Array.isArray(rows)) throw badRequest('field "inline_keyboard" must be of type Array');
  const keyboard = rows.map((row: unknown) => {
    if (!Array.isArray(row)) {
      throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays');
    }
    return row.map(button);
  });
  const filled = keyboard.filter((row) => row.length > 0);
  return filled.length === 0 ? undefined : { inline_keyboard: filled };
};

const isPay = (candidate: InlineKeyboardButton | undefined): boolean => candidate?.pay !== undefined;

/** A Pay button may only be the first button of an invoice; an invoice's keyboard must begin with one. */
export function checkPayButtons(markup: InlineKeyboardMarkup | undefined, isInvoice: boolean): void {
  const [first, ...others] = markup?.inline_keyboard.flat() ?? [];
  if (!isInvoice && isPay(first)) throw badRequest('BUTTON_TYPE_INVALID');
  if (others.some(isPay)) throw badRequest('BUTTON_POS_INVALID');
  if (isInvoice && first !== undefined && !isPay(first)) throw badRequest('REPLY_MARKUP_BUY_EMPTY');
}
