import { badRequest } from '../world/errors.js';
import { checkLink } from '../world/links.js';
import type { InlineKeyboardButton, InlineKeyboardMarkup } from '../world/telegram-types.js';
import { isFields, json, type Reader } from './readers.js';

const LONGEST_CALLBACK_DATA = 64;
const LONGEST_COPY_TEXT = 256;

const cannotParse = (detail: string): Error => badRequest(`can't parse inline keyboard button: ${detail}`);

const STYLES: readonly unknown[] = [undefined, '', 'default', 'primary', 'danger', 'success'];
const MOST_BUTTONS = 100;

function addressIn(value: unknown, name: string): string {
  if (!isFields(value)) throw cannotParse(`Field "${name}" must be of type Object`);
  if (typeof value['url'] !== 'string') throw cannotParse('Can\'t find field "url"');
  return value['url'];
}

/**
 * `use` is empty for a plain link. Telegram's test servers allow HTTP for the other uses; the simulator allows it
 * everywhere.
 */
function checkAddress(address: string, use: '' | 'Web App ' | 'login '): void {
  const checked = checkLink(address);
  const problem = 'problem' in checked ? checked.problem : undefined;
  const notWeb =
    use !== '' && 'url' in checked && !/^https?:/.test(checked.url) ? 'Only HTTP links are allowed' : undefined;
  const wrong = problem ?? notWeb;
  if (wrong !== undefined) throw badRequest(`inline keyboard button ${use}URL '${address}' is invalid: ${wrong}`);
}

// The wordings of the server (Client.cpp) come first, followed by those of MTProto (BUTTON_...).
const BUTTON_KINDS: Readonly<Record<string, (value: unknown) => void>> = {
  url: (value) => {
    if (typeof value !== 'string') throw cannotParse('Field "url" must be of type String');
    checkAddress(value, '');
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
  web_app: (value) => checkAddress(addressIn(value, 'web_app'), 'Web App '),
  login_url: (value) => checkAddress(addressIn(value, 'login_url'), 'login '),
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
  if (!STYLES.includes(value['style'])) throw cannotParse('invalid button style specified');
  const kind = Object.keys(BUTTON_KINDS).find((name) => value[name] !== undefined && value[name] !== '');
  if (kind === undefined) throw cannotParse('Text buttons are unallowed in the inline keyboard');
  BUTTON_KINDS[kind]?.(value[kind]);
  return { ...value, text: label };
}

/** `reply_markup`. Only inline keyboards are kept: the simulator shows no reply keyboards. */
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
  if (filled.flat().length > MOST_BUTTONS) throw badRequest('reply markup is too long');
  return filled.length === 0 ? undefined : { inline_keyboard: filled };
};

const isPay = (candidate: InlineKeyboardButton | undefined): boolean => candidate?.pay !== undefined;

/**
 * @throws ApiError for a Pay button that is not the first button of an invoice, or an invoice keyboard that does not
 * begin with one
 */
export function checkPayButtons(markup: InlineKeyboardMarkup | undefined, isInvoice: boolean): void {
  const [first, ...others] = markup?.inline_keyboard.flat() ?? [];
  if (!isInvoice && isPay(first)) throw badRequest('BUTTON_TYPE_INVALID');
  if (others.some(isPay)) throw badRequest('BUTTON_POS_INVALID');
  if (isInvoice && first !== undefined && !isPay(first)) throw badRequest('REPLY_MARKUP_BUY_EMPTY');
}
