import type { RichText } from './entities.js';
import { beginPre, byteOffset, cannotParse, linkEntity } from './markup.js';
import type { MessageEntity } from './telegram-types.js';

const ENDS: Readonly<Record<string, string>> = { _: '_', '*': '*', '`': '`', '[': ']' };
const TYPES: Readonly<Record<string, string>> = { _: 'italic', '*': 'bold', '`': 'code' };

/**
 * Parses Telegram's legacy Markdown (MessageEntity.cpp, parse_markdown): entities cannot be nested, and nothing
 * inside them is escaped.
 * @throws ApiError with Telegram's "can't parse entities: ..."
 */
export function parseMarkdown(source: string): RichText {
  let text = '';
  const entities: MessageEntity[] = [];
  for (let at = 0; at < source.length; ) {
    const char = source.charAt(at);
    const isEscape = char === '\\' && /[_*`[]/.test(source.charAt(at + 1));
    if (isEscape || ENDS[char] === undefined) {
      text += source.charAt(isEscape ? at + 1 : at);
      at += isEscape ? 2 : 1;
      continue;
    }
    const { inner, language, isPre, endAt } = entityAt(source, at);
    const range = { offset: text.length, length: inner.length };
    text += inner;
    if (char === '[') {
      const { address, nextAt } = addressAfter(source, endAt, inner);
      if (inner !== '') entities.push(...linkEntity(range.offset, range.length, address));
      at = nextAt;
      continue;
    }
    if (inner !== '') {
      const type = isPre ? 'pre' : (TYPES[char] ?? 'code');
      entities.push({ type, ...range, ...(language === '' ? {} : { language }) });
    }
    at = endAt + (isPre ? 3 : 1);
  }
  return { text, entities };
}

function entityAt(source: string, at: number) {
  const isPre = source.startsWith('```', at);
  const { language, textAt } = isPre ? beginPre(source, at + 3) : { language: '', textAt: at + 1 };
  const endAt = source.indexOf(isPre ? '```' : (ENDS[source.charAt(at)] ?? ''), textAt);
  if (endAt < 0) throw cannotParse(`Can't find end of the entity starting at byte offset ${byteOffset(source, at)}`);
  return { inner: source.slice(textAt, endAt), language, isPre, endAt };
}

/** The address in parentheses after `]`; without parentheses, the text itself is the address. */
function addressAfter(source: string, bracketAt: number, inner: string) {
  if (source.charAt(bracketAt + 1) !== '(') return { address: inner, nextAt: bracketAt + 1 };
  const end = source.indexOf(')', bracketAt + 2);
  const endAt = end < 0 ? source.length : end;
  return { address: source.slice(bracketAt + 2, endAt), nextAt: endAt + 1 };
}
