import { InputFile } from 'grammy';

/**
 * Encodes a file name for an upload. grammY writes it without quotes, and the Bot API server ends it at a semicolon,
 * treats a quotation mark as the start of a quoted string, and decodes percent signs (td, HttpReader).
 */
export const uploadName = (name: string) =>
  name
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll('"', 'ʺ')
    .replaceAll(/%(?=[0-9a-fA-F]{2})|%(?=;)/g, '%25')
    .replaceAll(';', '%3B')
    .trim() || 'file';

/** A file to upload with a call, under the name that the buyer sees. */
export const upload = (stream: AsyncIterable<Uint8Array>, name: string) => new InputFile(stream, uploadName(name));
