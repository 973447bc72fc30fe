import type { RichText } from './entities.js';
import { byteOffset, cannotParse, linkEntity } from './markup.js';
import type { MessageEntity } from './telegram-types.js';

// Tags and wordings as in TDLib, MessageEntity.cpp, parse_html.
const PLAIN_TAGS: ReadonlyMap<string, string> = new Map([
  ['b', 'bold'],
  ['strong', 'bold'],
  ['i', 'italic'],
  ['em', 'italic'],
  ['u', 'underline'],
  ['ins', 'underline'],
  ['s', 'strikethrough'],
  ['strike', 'strikethrough'],
  ['del', 'strikethrough'],
  ['tg-spoiler', 'spoiler'],
  ['code', 'code'],
]);
const TAGS = new Set([...PLAIN_TAGS.keys(), 'a', 'pre', 'span', 'blockquote', 'tg-emoji']);
const NAMED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
]);

interface OpenTag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly offset: number;
  readonly nested: boolean;
}

/** Parses Telegram's HTML into text and entities. @throws ApiError with Telegram's "can't parse entities: ..." */
export function parseHtml(source: string): RichText {
  return new HtmlParser(source).parse();
}

class HtmlParser {
  #text = '';
  readonly #entities: MessageEntity[] = [];
  readonly #open: OpenTag[] = [];

  constructor(private readonly source: string) {}

  parse(): RichText {
    let at = 0;
    while (at < this.source.length) {
      const char = this.source.charAt(at);
      if (char === '&') at = this.#reference(at);
      else if (char !== '<') {
        this.#text += char;
        at += 1;
      } else at = this.source.charAt(at + 1) === '/' ? this.#endTag(at) : this.#startTag(at);
    }
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) throw cannotParse(`Can't find end tag corresponding to start tag "${unclosed.name}"`);
    return { text: this.#text, entities: this.#entities };
  }

  #reference(at: number): number {
    const match = /^&(?:#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))|([a-z]+));?/.exec(this.source.slice(at, at + 12));
    const [whole, hex, decimal, name] = match ?? [];
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    const numeric = code > 0 && code < 0x110000 ? String.fromCodePoint(code) : undefined;
    const decoded = name === undefined ? numeric : NAMED.get(name);
    this.#text += decoded ?? '&';
    return at + (decoded === undefined || whole === undefined ? 1 : whole.length);
  }

  #startTag(at: number): number {
    const name = /^[^\s>]*/.exec(this.source.slice(at + 1))?.[0].toLowerCase() ?? '';
    if (at + 1 + name.length >= this.source.length)
      throw cannotParse(`Unclosed start tag at byte offset ${this.#bytes(at)}`);
    if (!TAGS.has(name)) throw cannotParse(`Unsupported start tag "${name}" at byte offset ${this.#bytes(at)}`);
    const attributes = new Map<string, string>();
    const attribute = /\s*(?:([^\s=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?|(>))/y;
    attribute.lastIndex = at + 1 + name.length;
    for (;;) {
      const match = attribute.exec(this.source);
      if (match === null) throw cannotParse(`Unclosed start tag "${name}" at byte offset ${this.#bytes(at)}`);
      if (match[5] === '>') break;
      attributes.set((match[1] ?? '').toLowerCase(), this.#decoded(match[2] ?? match[3] ?? match[4] ?? ''));
    }
    if (name === 'span' && attributes.get('class') !== 'tg-spoiler') {
      throw cannotParse(`Tag "span" must have class "tg-spoiler" at byte offset ${this.#bytes(at)}`);
    }
    const nested = this.#open.at(-1)?.name === 'pre' && this.#open.at(-1)?.offset === this.#text.length;
    this.#open.push({ name, attributes, offset: this.#text.length, nested });
    return attribute.lastIndex;
  }

  #endTag(at: number): number {
    const end = this.source.indexOf('>', at);
    if (end < 0) throw cannotParse(`Unclosed end tag at byte offset ${this.#bytes(at)}`);
    const name = this.source
      .slice(at + 2, end)
      .trim()
      .toLowerCase();
    const tag = this.#open.pop();
    if (tag === undefined) throw cannotParse(`Unexpected end tag at byte offset ${this.#bytes(at)}`);
    if (name !== '' && name !== tag.name) {
      throw cannotParse(
        `Unmatched end tag at byte offset ${this.#bytes(at)}, expected "</${tag.name}>", found "</${name}>"`,
      );
    }
    const length = this.#text.length - tag.offset;
    if (length > 0) this.#close(tag, length);
    return end + 1;
  }

  #close(tag: OpenTag, length: number): void {
    const range = { offset: tag.offset, length };
    const plain = PLAIN_TAGS.get(tag.name);
    if (tag.name === 'code' && tag.nested) {
      const language = /^language-(.+)$/.exec(tag.attributes.get('class') ?? '')?.[1];
      if (language !== undefined) this.#entities.push({ type: 'pre', ...range, language });
    } else if (plain !== undefined) this.#entities.push({ type: plain, ...range });
    else if (tag.name === 'span') this.#entities.push({ type: 'spoiler', ...range });
    else if (tag.name === 'a') this.#link(tag, range);
    else if (tag.name === 'pre') {
      const known = this.#entities.some((other) => other.type === 'pre' && other.offset === range.offset);
      if (!known) this.#entities.push({ type: 'pre', ...range });
    } else if (tag.name === 'blockquote') {
      this.#entities.push({
        type: tag.attributes.has('expandable') ? 'expandable_blockquote' : 'blockquote',
        ...range,
      });
    } else {
      const id = tag.attributes.get('emoji-id');
      if (id === undefined) throw cannotParse('Custom emoji entity must have an identifier');
      this.#entities.push({ type: 'custom_emoji', ...range, custom_emoji_id: id });
    }
  }

  #link(tag: OpenTag, range: { offset: number; length: number }): void {
    const href = tag.attributes.get('href') ?? this.#text.slice(range.offset);
    this.#entities.push(...linkEntity(range.offset, range.length, href));
  }

  #decoded(value: string): string {
    return value.includes('&') ? new HtmlParser(value.replaceAll('<', '&lt;')).parse().text : value;
  }

  #bytes(at: number): number {
    return byteOffset(this.source, at);
  }
}
