import { InputFile } from 'grammy';

/**
 * A name as it has to stand in an upload. grammY writes it without quotes, and the Bot API server ends it at a semicolon, takes a quotation
 * mark for the beginning of a quoted string, and decodes percent signs (td, HttpReader).
 */
export const uploadName = (name: string) =>
  name
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll('"', 'ʺ')
    .replaceAll(/%(?=[0-9a-fA-F]{2})|%(?=;)/g, '%25')
    .replaceAll(';', '%3B')
    .trim() || 'file';

/** A file that goes up with a call, under the name that its buyer is to see. */
export const upload = (stream: AsyncIterable<Uint8Array>, name: string) => new InputFile(stream, uploadName(name));
