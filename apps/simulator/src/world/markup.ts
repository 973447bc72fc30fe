import { type ApiError, badRequest } from './errors.js';
import { linkAddress } from './links.js';
import type { MessageEntity } from './telegram-types.js';

/** Helpers that the three kinds of markup share. */

export function cannotParse(detail: string): ApiError {
  return badRequest(`can't parse entities: ${detail}`);
}

/** Telegram's messages give positions in the markup in bytes. */
export function byteOffset(source: string, at: number): number {
  return Buffer.byteLength(source.slice(0, at));
}

/** A link over a text; none when the address is invalid. */
export function linkEntity(offset: number, length: number, address: string): readonly MessageEntity[] {
  const url = linkAddress(address);
  return url === undefined ? [] : [{ type: 'text_link', offset, length, url }];
}

/** The language after the three backticks, and the position of the text: one line break before it does not count. */
export function beginPre(source: string, after: number): { readonly language: string; readonly textAt: number } {
  const [word = ''] = /^[^\s`]*/.exec(source.slice(after)) ?? [];
  const next = source.charAt(after + word.length);
  const language = next === '' || next === '`' ? '' : word;
  const at = after + language.length;
  const [lineBreak = ''] = /^(?:\r\n|\n\r|\n|\r)/.exec(source.slice(at)) ?? [];
  return { language, textAt: at + lineBreak.length };
}
