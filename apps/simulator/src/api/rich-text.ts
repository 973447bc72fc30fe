import { type RichText, recognise, trimmed } from '../world/entities.js';
import { badRequest } from '../world/errors.js';
import { parseHtml } from '../world/html.js';
import type { MessageEntity } from '../world/telegram-types.js';
import type { CallInput } from './input.js';
import { json, type Reader, text } from './readers.js';

const LONGEST_TEXT = 4_096;
const LONGEST_CAPTION = 1_024;

/** Text with its parse_mode or its list of entities, in the parameter `entitiesName`. */
function formatted(input: CallInput, name: string, entitiesName: string): RichText {
  const source = text(input, name);
  const mode = text(input, 'parse_mode').toLowerCase();
  if (mode === 'html') return finished(parseHtml(source));
  if (mode === 'markdown' || mode === 'markdownv2') {
    throw badRequest(`the simulator reads parse_mode HTML and entities, not ${text(input, 'parse_mode')}`);
  }
  if (mode !== '' && mode !== 'none') throw badRequest('unsupported parse_mode');
  return finished({ text: source, entities: givenEntities(input, entitiesName) });
}

const finished = (rich: RichText): RichText => recognise(trimmed(rich));

function givenEntities(input: CallInput, name: string): readonly MessageEntity[] {
  const list = json('entities')(input, name);
  if (!Array.isArray(list)) return [];
  return list.map((item: unknown) => {
    if (!isEntity(item)) throw badRequest("can't parse MessageEntity: expected an Object");
    return item;
  });
}

function isEntity(value: unknown): value is MessageEntity {
  if (typeof value !== 'object' || value === null) return false;
  const { type, offset, length } = value as Partial<MessageEntity>;
  return typeof type === 'string' && Number.isInteger(offset) && Number.isInteger(length);
}

export const messageText: Reader<RichText> = (input, name) => {
  if (text(input, name) === '') throw badRequest('message text is empty');
  const rich = formatted(input, name, 'entities');
  if (rich.text === '') throw badRequest('text must be non-empty');
  if (rich.text.length > LONGEST_TEXT) throw badRequest('message is too long');
  return rich;
};

export const captionText: Reader<RichText> = (input, name) => {
  const rich = formatted(input, name, 'caption_entities');
  if (rich.text.length > LONGEST_CAPTION) throw badRequest('message caption is too long');
  return rich;
};
