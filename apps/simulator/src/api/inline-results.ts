import type { RichText } from '../world/entities.js';
import { badRequest } from '../world/errors.js';
import type { InlineKeyboardMarkup } from '../world/telegram-types.js';
import { addFields, type CallInput } from './input.js';
import { INVOICE } from './invoice-terms.js';
import { replyMarkup } from './keyboards.js';
import { json, type Reader, readAll, type Values } from './readers.js';
import { messageText } from './rich-text.js';

/** An InlineQueryResultArticle. */
export interface ArticleResult {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly markup: InlineKeyboardMarkup | undefined;
  readonly content:
    | { readonly type: 'text'; readonly text: RichText }
    | { readonly type: 'invoice'; readonly terms: Values<typeof INVOICE> };
}

const MOST_RESULTS = 50;

/** Only articles: invoices and texts are what a shop shares. */
export const inlineResults: Reader<readonly ArticleResult[]> = (input, name) => {
  const list = json('inline query results')(input, name);
  if (!Array.isArray(list)) throw badRequest('expected an Array of InlineQueryResult');
  if (list.length > MOST_RESULTS) throw badRequest('RESULTS_TOO_MUCH');
  const results = list.map(result);
  if (new Set(results.map(({ id }) => id)).size < results.length) throw badRequest('RESULT_ID_DUPLICATE');
  return results;
};

function result(value: unknown): ArticleResult {
  const fields = fieldsOf(value, 'InlineQueryResult must be an Object');
  const field = (name: string): string => fields.fields.get(name) ?? '';
  const [type, id, title] = [field('type'), field('id'), field('title')];
  if (type !== 'article') throw badRequest(`the simulator takes inline results of the type article, not ${type}`);
  if (id === '' || Buffer.byteLength(id) > 64) throw badRequest('RESULT_ID_INVALID');
  if (title === '') throw badRequest('RESULT_TITLE_EMPTY');
  const markup = replyMarkup(fields, 'reply_markup');
  const given = json('input message content')(fields, 'input_message_content');
  const content = fieldsOf(given, 'InputMessageContent must be an Object');
  const what = content.fields.has('message_text')
    ? ({ type: 'text', text: messageText(content, 'message_text') } as const)
    : ({ type: 'invoice', terms: readAll(INVOICE, content) } as const);
  return { id, title, description: field('description'), markup, content: what };
}

/** An object's fields as the parameters of a call, so that they are read and refused alike. */
function fieldsOf(value: unknown, refusal: string): CallInput {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest(`can't parse inline query result: ${refusal}`);
  }
  const fields = new Map<string, string>();
  addFields(fields, value);
  return { fields, files: new Map() };
}
