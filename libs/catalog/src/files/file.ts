import { clip, DomainError, normalText } from '#libs/kernel';

/** The size limit for a document that a bot uploads: 50 MB (https://core.telegram.org/bots/api#senddocument). */
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
  readonly remedy = 'Upload a file with at least one byte: Telegram does not send empty ones.';

  constructor() {
    super('The file is empty.');
  }
}

const NAME = { max: MAX_NAME, unit: 'code points' } as const;
/** UTF-16 units at the beginning and end of a name that are processed, which limits the cost of any name. */
const [HEAD, TAIL] = [1_024, 64];
/** More combining marks in a row than any script uses. */
const MARKS = /(\p{M}{30})\p{M}+/gu;
const UNSAFE = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * The name under which buyers receive a file: without a path or invisible control characters, at most 255 characters,
 * with its extension. Uploaders rarely choose these names, so invalid parts are dropped rather than refused.
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
  // By now even an overlong name is short enough to be normalised.
  return normalText(
    `${clip(rest, MAX_NAME - [...extension].length, { unit: 'code points', mark: '' })}${extension}`,
    NAME,
  );
}

const withinReach = (name: string) =>
  name.length <= HEAD + TAIL ? name : `${clip(name, HEAD, { mark: '' })}${name.slice(name.length - TAIL)}`;

/** The media type in lower case and without parameters; `application/octet-stream` for an invalid one. */
export function safeMime(raw: string): string {
  const mime = raw.split(';')[0]?.trim().toLowerCase() ?? '';
  const wellFormed = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/.test(mime);
  return wellFormed && mime.length <= MAX_MIME ? mime : 'application/octet-stream';
}
