import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { MAX_FILE_BYTES, type Upload } from '#libs/catalog';
import { DomainError } from '#libs/kernel';

export class InvalidUpload extends DomainError {
  static readonly code = 'invalid_upload';
  static readonly refusal = 'invalid';
  readonly remedy =
    'Send `multipart/form-data` with exactly one part: a file in the field `file`. With curl: `-F file=@guide.pdf`.';
}

// One byte, or one part, more than allowed, so that our own code detects and refuses the excess.
const LIMITS = { fileSize: MAX_FILE_BYTES + 1, files: 1, fields: 1, parts: 2 };

/**
 * Returns the one file of a multipart request. Its stream ends only when the request has ended, and fails if anything
 * follows the file. @throws InvalidUpload for every other request
 */
export async function uploadOf(request: FastifyRequest): Promise<Upload> {
  if (!request.isMultipart()) throw new InvalidUpload('The request contains no file.');
  const parts = request.parts({ limits: LIMITS });
  return uploadIn(await nextOf(parts), parts);
}

/** The longest field in front of a file, in bytes. */
const LONGEST_FIELD = 16_384;

/** A file, and the text of the optional field `text` before it. */
export interface CaptionedUpload {
  readonly text: string;
  readonly upload: Upload;
}

/**
 * Returns the one file, and the optional field `text` before it; empty if there is none.
 * @throws InvalidUpload for every other request
 */
export async function captionedUploadOf(request: FastifyRequest): Promise<CaptionedUpload> {
  if (!request.isMultipart()) throw new InvalidUpload('The request contains no file.');
  const parts = request.parts({ limits: { ...LIMITS, parts: 3, fieldSize: LONGEST_FIELD } });
  const first = await nextOf(parts);
  if (first?.type === 'file') return { text: '', upload: uploadIn(first, parts) };
  if (first?.fieldname !== 'text' || typeof first.value !== 'string')
    throw new InvalidUpload('The first part is neither the field `text` nor `file`.');
  if (first.valueTruncated) throw new InvalidUpload('The field `text` is too long.');
  return { text: first.value, upload: uploadIn(await nextOf(parts), parts) };
}

function uploadIn(part: Multipart | undefined, parts: AsyncIterator<Multipart>): Upload {
  if (part === undefined) throw new InvalidUpload('The request contains no file.');
  if (part.type !== 'file' || part.fieldname !== 'file') throw new InvalidUpload('The part is not the field `file`.');
  return { name: filenameOf(part.filename), mime: part.mimetype, stream: wholeRequest(part.file, parts) };
}

/**
 * Browsers and Node percent-encode these three characters, and no others (WHATWG HTML, multipart/form-data encoding
 * algorithm).
 */
const filenameOf = (name: string) =>
  name.replaceAll(/%(22|0[AaDd])/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

async function* wholeRequest(file: AsyncIterable<Buffer>, parts: AsyncIterator<Multipart>): AsyncGenerator<Buffer> {
  try {
    yield* file;
  } catch {
    throw new InvalidUpload('The upload was interrupted.');
  }
  if ((await nextOf(parts)) !== undefined) throw new InvalidUpload('The request contains more than one file.');
}

async function nextOf(parts: AsyncIterator<Multipart>): Promise<Multipart | undefined> {
  try {
    const next = await parts.next();
    return next.done === true ? undefined : next.value;
  } catch {
    throw new InvalidUpload('The body is not well-formed multipart/form-data, or it was interrupted.');
  }
}
