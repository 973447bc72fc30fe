import { type RichText, recognise, trimmed } from '../world/entities.js';
import { badRequest } from '../world/errors.js';
import { parseHtml } from '../world/html.js';
import { parseMarkdown } from '../world/markdown.js';
import { parseMarkdownV2 } from '../world/markdown-v2.js';
import type { MessageEntity } from '../world/telegram-types.js';
import type { CallInput } from './input.js';
import { elsewhere, json, type Reader, text } from './readers.js';

const LONGEST_TEXT = 4_096;
const LONGEST_CAPTION = 1_024;
const LONGEST_GIFT_TEXT = 128;

const PARSERS: Readonly<Record<string, (source: string) => RichText>> = {
  html: parseHtml,
  markdown: parseMarkdown,
  markdownv2: parseMarkdownV2,
};

interface Names {
  readonly mode: string;
  readonly entities: string;
}

/** Text with its `parse_mode`, or else its list of entities. */
function formatted(input: CallInput, name: string, { mode, entities }: Names): RichText {
  const source = text(input, name);
  const wanted = text(input, mode).toLowerCase();
  if (source === '' || wanted === '' || wanted === 'none') {
    return finished({ text: source, entities: givenEntities(input, entities) });
  }
  const parse = PARSERS[wanted];
  if (parse === undefined) throw badRequest('unsupported parse_mode');
  return finished(parse(source));
}

const finished = (rich: RichText): RichText => recognise(trimmed(rich));

/** A value that is not a JSON list counts as an empty one (Client.cpp, get_input_entities). */
function givenEntities(input: CallInput, name: string): readonly MessageEntity[] {
  const list = listOf(input, name);
  return list.map((item: unknown) => {
    if (!isEntity(item)) throw badRequest("can't parse MessageEntity: expected an Object");
    return item;
  });
}

function listOf(input: CallInput, name: string): readonly unknown[] {
  try {
    const list = json('entities')(input, name);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

function isEntity(value: unknown): value is MessageEntity {
  if (typeof value !== 'object' || value === null) return false;
  const { type, offset, length } = value as Partial<MessageEntity>;
  return typeof type === 'string' && Number.isInteger(offset) && Number.isInteger(length);
}

export const messageText: Reader<RichText> = (input, name) => {
  if (text(input, name) === '') throw badRequest('message text is empty');
  const rich = formatted(input, name, { mode: 'parse_mode', entities: 'entities' });
  if (rich.text === '') throw badRequest('text must be non-empty');
  if (rich.text.length > LONGEST_TEXT) throw badRequest('message is too long');
  return rich;
};

const captionText: Reader<RichText> = (input, name) => {
  const rich = formatted(input, name, { mode: 'parse_mode', entities: 'caption_entities' });
  if (rich.text.length > LONGEST_CAPTION) throw badRequest('message caption is too long');
  return rich;
};

/** Assumption: the wording is the one for messages. */
const giftText: Reader<RichText> = (input, name) => {
  const rich = formatted(input, name, { mode: 'text_parse_mode', entities: 'text_entities' });
  if ([...rich.text].length > LONGEST_GIFT_TEXT) throw badRequest('MESSAGE_TOO_LONG');
  return rich;
};

export const TEXT = { text: messageText, parse_mode: elsewhere, entities: elsewhere };
export const CAPTION = { caption: captionText, parse_mode: elsewhere, caption_entities: elsewhere };
export const GIFT_TEXT = { text: giftText, text_parse_mode: elsewhere, text_entities: elsewhere };
