import { SECOND } from '#libs/kernel';
import { badRequest } from '../world/errors.js';
import type { FileKind, Upload } from '../world/files.js';
import { linkAddress } from '../world/links.js';

const LARGEST_PHOTO = 5 * 1024 * 1024;
const LARGEST = 20 * 1024 * 1024;
const LONGEST_WAIT = 10 * SECOND;

/** MIME types that Telegram accepts from the web, by the server's Content-Type (Bot API, "Sending files"). */
const TAKEN: Readonly<Record<FileKind, RegExp>> = {
  photo: /^image\/(?:jpeg|png|gif|webp)$/,
  document: /^(?:application\/(?:pdf|zip|x-zip-compressed)|image\/gif)$/,
  video: /^video\/mp4$/,
  animation: /^(?:image\/gif|video\/mp4)$/,
  audio: /^audio\/(?:mpeg|mp3|mp4|x-m4a)$/,
  voice: /^audio\/(?:ogg|mpeg|mp4|x-m4a)$/,
};

/** Downloads a file whose address a call gives instead of its content. @throws ApiError */
export async function fetchFile(kind: FileKind, address: string): Promise<Upload> {
  const url = linkAddress(address);
  if (url === undefined) throw badRequest('wrong HTTP URL specified');
  const response = await fetch(url, { signal: AbortSignal.timeout(LONGEST_WAIT) }).catch(() => undefined);
  if (!response?.ok) throw badRequest('failed to get HTTP URL content');
  const mimeType = (response.headers.get('content-type') ?? '').replace(/;.*/s, '').trim().toLowerCase();
  if (!TAKEN[kind].test(mimeType)) throw badRequest('wrong type of the web page content');
  const bytes = await bytesOf(response, kind === 'photo' ? LARGEST_PHOTO : LARGEST);
  if (bytes === undefined) throw badRequest('failed to get HTTP URL content');
  return { name: nameOf(new URL(url)), mimeType, bytes };
}

function nameOf({ pathname }: URL): string {
  const last = pathname.split('/').pop() ?? '';
  try {
    return decodeURIComponent(last).trim() || 'file';
  } catch {
    return last;
  }
}

/** The body; undefined when it is longer than `most` bytes or breaks off. */
async function bytesOf(response: Response, most: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      if (length > most) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}
