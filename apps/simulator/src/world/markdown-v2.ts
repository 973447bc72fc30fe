import type { RichText } from './entities.js';
import type { ApiError } from './errors.js';
import { beginPre, byteOffset, cannotParse, linkEntity } from './markup.js';
import type { MessageEntity } from './telegram-types.js';

type Kind =
  | 'Bold'
  | 'Italic'
  | 'Underline'
  | 'Strikethrough'
  | 'Spoiler'
  | 'Code'
  | 'Pre'
  | 'PreCode'
  | 'TextUrl'
  | 'CustomEmoji'
  | 'BlockQuote';

const MARKS: Readonly<Record<Kind, { readonly type: string; readonly end: string }>> = {
  Bold: { type: 'bold', end: '*' },
  Italic: { type: 'italic', end: '_' },
  Underline: { type: 'underline', end: '__' },
  Strikethrough: { type: 'strikethrough', end: '~' },
  Spoiler: { type: 'spoiler', end: '||' },
  Code: { type: 'code', end: '`' },
  Pre: { type: 'pre', end: '```' },
  PreCode: { type: 'pre', end: '```' },
  TextUrl: { type: 'text_link', end: ']' },
  CustomEmoji: { type: 'custom_emoji', end: ']' },
  BlockQuote: { type: 'blockquote', end: '' },
};
/** Longer marks first, so that `__` is not read as `_`. */
const BEGINNINGS: readonly (readonly [mark: string, kind: Kind])[] = [
  ['__', 'Underline'],
  ['_', 'Italic'],
  ['*', 'Bold'],
  ['~', 'Strikethrough'],
  ['||', 'Spoiler'],
  ['![', 'CustomEmoji'],
  ['[', 'TextUrl'],
  ['```', 'Pre'],
  ['`', 'Code'],
];
const RESERVED = /[_*[\]()~`>#+\-=|{}.!\n]/;
const ESCAPED = /\\\p{ASCII}/uy;

interface Open {
  readonly kind: Kind;
  readonly offset: number;
  /** Position of its mark in the source. */
  readonly at: number;
  readonly language: string;
}

/**
 * Parses Telegram's MarkdownV2 (MessageEntity.cpp, parse_markdown_v2).
 * @throws ApiError with Telegram's "can't parse entities: ..."
 */
export function parseMarkdownV2(source: string): RichText {
  return new MarkdownParser(source).parse();
}

class MarkdownParser {
  #text = '';
  #at = 0;
  readonly #entities: MessageEntity[] = [];
  readonly #open: Open[] = [];
  #mayQuote = true;

  constructor(private readonly source: string) {}

  parse(): RichText {
    while (this.#at < this.source.length) this.#step();
    this.#endQuote(this.source.length);
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) throw this.#endless(unclosed);
    return { text: this.#text, entities: this.#entities };
  }

  get #isQuoting(): boolean {
    return this.#open.some(({ kind }) => kind === 'BlockQuote');
  }

  #step(): void {
    ESCAPED.lastIndex = this.#at;
    if (ESCAPED.test(this.source)) {
      this.#take(2, this.source.charAt(this.#at + 1));
      return;
    }
    const char = this.source.charAt(this.#at);
    const last = this.#open.at(-1);
    const isCode = last !== undefined && MARKS[last.kind].type.match(/^(?:code|pre)$/) !== null;
    if (!(isCode ? char === '`' : RESERVED.test(char))) this.#take(1, char);
    else if (char === '\n') this.#lineBreak();
    else if (last !== undefined && this.#isEnd(last)) this.#end(last);
    else this.#begin(char);
  }

  #take(length: number, shown: string): void {
    this.#text += shown;
    this.#at += length;
    if (shown !== '\r') this.#mayQuote = shown === '\n';
  }

  #isEnd({ kind }: Open): boolean {
    const { end } = MARKS[kind];
    if (end === '' || !this.source.startsWith(end, this.#at)) return false;
    return kind !== 'Italic' || this.source.charAt(this.#at + 1) !== '_';
  }

  #lineBreak(): void {
    if (this.#isQuoting && this.source.charAt(this.#at + 1) !== '>') {
      this.#endQuote(this.#at, '\n');
      this.#at += 1;
      this.#mayQuote = true;
    } else this.#take(1, '\n');
  }

  #begin(char: string): void {
    if (char === '>' && this.#mayQuote) {
      if (!this.#isQuoting)
        this.#open.push({ kind: 'BlockQuote', offset: this.#text.length, at: this.#at, language: '' });
      this.#at += 1;
      return;
    }
    const [mark, kind] = BEGINNINGS.find(([each]) => this.source.startsWith(each, this.#at)) ?? [];
    if (mark === undefined || kind === undefined) throw reserved(char);
    const open = { kind, offset: this.#text.length, at: this.#at, language: '' };
    this.#at += mark.length;
    if (kind !== 'Pre') {
      this.#open.push(open);
      return;
    }
    const { language, textAt } = beginPre(this.source, this.#at);
    this.#at = textAt;
    this.#open.push({ ...open, kind: language === '' ? 'Pre' : 'PreCode', language });
  }

  #end(open: Open): void {
    this.#open.pop();
    this.#at += MARKS[open.kind].end.length;
    const range = { offset: open.offset, length: this.#text.length - open.offset };
    if (open.kind === 'TextUrl') {
      const address = this.source.charAt(this.#at) === '(' ? this.#address() : this.#text.slice(open.offset);
      if (range.length > 0) this.#entities.push(...linkEntity(range.offset, range.length, address));
      return;
    }
    const more = open.kind === 'CustomEmoji' ? { custom_emoji_id: this.#emoji() } : {};
    if (range.length === 0) return;
    const { type } = MARKS[open.kind];
    this.#entities.push({ type, ...range, ...(open.language === '' ? {} : { language: open.language }), ...more });
  }

  #emoji(): string {
    if (this.source.charAt(this.#at) !== '(') {
      throw cannotParse('The entity must contain a tg://emoji or tg://time URL');
    }
    const [, id] = /^tg:\/\/emoji\?id=(\d+)$/i.exec(this.#address()) ?? [];
    if (id === undefined) throw cannotParse('Invalid tg://emoji or tg://time URL specified');
    return id;
  }

  /** Reads the address in parentheses. */
  #address(): string {
    const from = this.#at + 1;
    let [address, at] = ['', from];
    while (at < this.source.length && this.source.charAt(at) !== ')') {
      ESCAPED.lastIndex = at;
      if (ESCAPED.test(this.source)) at += 1;
      address += this.source.charAt(at);
      at += 1;
    }
    if (at >= this.source.length) {
      throw cannotParse(`Can't find end of a URL at byte offset ${byteOffset(this.source, from)}`);
    }
    this.#at = at + 1;
    return address;
  }

  /** A quote ends with its last line; `||` right before that makes it expandable. */
  #endQuote(at: number, lineBreak = ''): void {
    if (!this.#isQuoting) return;
    let last = this.#open.pop();
    const isExpandable = last?.kind === 'Spoiler' && this.source.slice(last.at, at).trimEnd() === '||';
    if (isExpandable) last = this.#open.pop();
    if (last === undefined) return;
    if (last.kind !== 'BlockQuote') throw this.#endless(last);
    this.#text += lineBreak;
    const range = { offset: last.offset, length: this.#text.length - last.offset };
    if (range.length > 0)
      this.#entities.push({ type: isExpandable ? 'expandable_blockquote' : 'blockquote', ...range });
  }

  #endless({ kind, at }: Open): ApiError {
    return cannotParse(`Can't find end of ${kind} entity at byte offset ${byteOffset(this.source, at)}`);
  }
}

function reserved(char: string): ApiError {
  return cannotParse(`Character '${char}' is reserved and must be escaped with the preceding '\\'`);
}
