import { type ApiError, badRequest } from './errors.js';
import { linkAddress } from './links.js';
import type { MessageEntity } from './telegram-types.js';

/** What the three kinds of markup have in common. */

export function cannotParse(detail: string): ApiError {
  return badRequest(`can't parse entities: ${detail}`);
}

/** Telegram counts in bytes where it names a place in the markup. */
export function byteOffset(source: string, at: number): number {
  return Buffer.byteLength(source.slice(0, at));
}

/** The link around a text; an address that is none leaves the text without a link. */
export function linkEntity(offset: number, length: number, address: string): readonly MessageEntity[] {
  const url = linkAddress(address);
  return url === undefined ? [] : [{ type: 'text_link', offset, length, url }];
}

/** The language after the three backticks, and where the text begins: one line break before it does not count. */
export function beginPre(source: string, after: number): { readonly language: string; readonly textAt: number } {
  const [word = ''] = /^[^\s`]*/.exec(source.slice(after)) ?? [];
  const next = source.charAt(after + word.length);
  const language = next === '' || next === '`' ? '' : word;
  const at = after + language.length;
  const [lineBreak = ''] = /^(?:\r\n|\n\r|\n|\r)/.exec(source.slice(at)) ?? [];
  return { language, textAt: at + lineBreak.length };
}
