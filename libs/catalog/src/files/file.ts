import { clip, DomainError, normalText } from '#libs/kernel';

/** What a bot may upload to Telegram in one document: 50 MB (https://core.telegram.org/bots/api#senddocument). */
export const MAX_FILE_BYTES = 52_428_800;
const MAX_NAME = 255;
const MAX_MIME = 127;

export class FileTooLarge extends DomainError {
  static readonly code = 'file_too_large';
  static readonly refusal = 'too_large';
  readonly remedy = 'Upload a smaller file, or sell a link to it. A Telegram bot can send files of up to 50 MB.';

  constructor() {
    super(`The file has more than ${MAX_FILE_BYTES} bytes.`);
  }
}

export class EmptyFile extends DomainError {
  static readonly code = 'file_empty';
  static readonly refusal = 'invalid';
  readonly remedy = 'Upload a file with at least one byte: Telegram sends no empty ones.';

  constructor() {
    super('The file is empty.');
  }
}

const NAME = { max: MAX_NAME, unit: 'code points' } as const;
/** UTF-16 units of a name that are looked at, so that no name costs more than a moment: its beginning and its end. */
const [HEAD, TAIL] = [1_024, 64];
/** More combining marks in a row than any writing has. */
const MARKS = /(\p{M}{30})\p{M}+/gu;
const UNSAFE = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * The name under which buyers receive a file: no path, nothing that cannot be seen but acts, at most 255 characters, its extension
 * kept. Names come from computers, so what does not fit is dropped, not refused.
 */
export function safeFileName(raw: string): string {
  const base = raw.slice(Math.max(raw.lastIndexOf('/'), raw.lastIndexOf('\\')) + 1);
  const seen = withinReach(base)
    .replaceAll(/[\r\n\t\u2028\u2029]+/g, ' ')
    .replace(UNSAFE, '')
    .replace(MARKS, '$1')
    .trim();
  const name = normalText(seen, NAME);
  if (/^\.*$/.test(name)) return 'file';
  const extension = /\.[^.\s]{1,16}$/.exec(name)?.[0] ?? '';
  const rest = name.slice(0, name.length - extension.length);
  // What was too long to be normalised is not any more.
  return normalText(
    `${clip(rest, MAX_NAME - [...extension].length, { unit: 'code points', mark: '' })}${extension}`,
    NAME,
  );
}

const withinReach = (name: string) =>
  name.length <= HEAD + TAIL ? name : `${clip(name, HEAD, { mark: '' })}${name.slice(name.length - TAIL)}`;

/** The media type in lower case and without parameters; `application/octet-stream` when it is none. */
export function safeMime(raw: string): string {
  const mime = raw.split(';')[0]?.trim().toLowerCase() ?? '';
  const wellFormed = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/.test(mime);
  return wellFormed && mime.length <= MAX_MIME ? mime : 'application/octet-stream';
}
