import { badRequest } from '../world/errors.js';
import type { InlineKeyboardMarkup } from '../world/telegram-types.js';
import { type GivenContent, given, mediaOf } from './inline-content.js';
import { type CallInput, inputOf } from './input.js';
import { replyMarkup } from './keyboards.js';
import { isFields, json, type Reader, type Readers, requiredText, text, unseen, userId } from './readers.js';

/** An InlineQueryResult of any kind. */
export interface GivenResult {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly markup: InlineKeyboardMarkup | undefined;
  readonly content: GivenContent;
}

const MOST_RESULTS = 50;

const cannotParse = (detail: string): Error => badRequest(`can't parse inline query result: ${detail}`);

const inlineResults: Reader<readonly GivenResult[]> = (input, name) => {
  requiredText(input, name);
  const list = json('inline query results')(input, name);
  if (!Array.isArray(list)) throw badRequest('expected an Array of inline query results');
  if (list.length > MOST_RESULTS) throw badRequest('too many inline query results specified');
  const results = list.map(result);
  if (new Set(results.map(({ id }) => id)).size < results.length) throw badRequest('RESULT_ID_DUPLICATE');
  return results;
};

const oneResult: Reader<GivenResult> = (input, name) => {
  if (text(input, name) === '') throw badRequest("result isn't specified");
  return result(json('web view query results')(input, name));
};

function result(value: unknown): GivenResult {
  if (!isFields(value)) throw cannotParse('Inline query result must be an object');
  const fields = inputOf(value);
  const [type, id, title] = [text(fields, 'type').toLowerCase(), text(fields, 'id'), text(fields, 'title')];
  if (type === '') throw cannotParse('Can\'t find field "type"');
  if (id === '' || Buffer.byteLength(id) > 64) throw badRequest('RESULT_ID_INVALID');
  const markup = replyMarkup(fields, 'reply_markup');
  const content = contentOf(type, fields);
  return { id, title: title === '' ? type : title, description: text(fields, 'description'), markup, content };
}

/** A result's own `input_message_content` replaces its media; an article has nothing else. */
function contentOf(type: string, fields: CallInput): GivenContent {
  const own = json('input message content')(fields, 'input_message_content');
  if (own !== undefined && !isFields(own)) throw cannotParse('Field "input_message_content" must be of type Object');
  const content = own === undefined ? undefined : given(inputOf(own));
  if (type === 'article') {
    if (text(fields, 'title') === '') throw badRequest('RESULT_TITLE_EMPTY');
    if (content === undefined) throw cannotParse('Can\'t find field "message_text"');
    return content;
  }
  if (type === 'location' || type === 'venue' || type === 'contact') {
    // These types are validated even when they have their own content.
    const itself = given(fields);
    if (type !== 'contact' && text(fields, 'title') === '') throw cannotParse('Can\'t find field "title"');
    return content ?? itself;
  }
  const media = mediaOf(type, fields);
  if (media === undefined) throw cannotParse(`type "${type}" is unsupported for the inline query result`);
  return content ?? media;
}

const resultsButton: Reader<undefined> = (input, name) => {
  const value = json('inline query results button')(input, name);
  if (value === undefined) return undefined;
  const refuse = (detail: string): Error => badRequest(`can't parse inline query results button: ${detail}`);
  if (!isFields(value)) throw refuse('InlineQueryResultsButton must be an Object');
  if (typeof value['text'] !== 'string') throw refuse('Can\'t find field "text"');
  if ((value['web_app'] === undefined) === (value['start_parameter'] === undefined)) {
    throw refuse('InlineQueryResultsButton must have exactly one optional field');
  }
  return undefined;
};

/** Parameters for inline queries, and for messages that a Mini App sends in a person's name. */
export const INLINE_PARAMETERS = {
  answerInlineQuery: {
    inline_query_id: text,
    results: inlineResults,
    cache_time: unseen,
    is_personal: unseen,
    next_offset: text,
    button: resultsButton,
  },
  answerWebAppQuery: { web_app_query_id: text, result: oneResult },
  savePreparedInlineMessage: {
    user_id: userId,
    result: oneResult,
    allow_user_chats: unseen,
    allow_bot_chats: unseen,
    allow_group_chats: unseen,
    allow_channel_chats: unseen,
  },
} satisfies Readonly<Record<string, Readers>>;
