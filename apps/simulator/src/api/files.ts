import { badRequest } from '../world/errors.js';
import type { FileKind, StoredFile } from '../world/files.js';
import type { Caller } from './caller.js';
import type { FileSource } from './readers.js';
import { fetchFile } from './web-files.js';

const KINDS: Readonly<Record<FileKind, string>> = {
  photo: 'Photo',
  document: 'Document',
  video: 'Video',
  voice: 'VoiceNote',
  audio: 'Audio',
  animation: 'Animation',
};

/**
 * The file of a call, which is uploaded, known by its id, or fetched from its address. It has to be of the given
 * kind.
 */
export async function storedFile({ world, bot }: Caller, kind: FileKind, source: FileSource): Promise<StoredFile> {
  if (source.type !== 'file_id') {
    const upload = source.type === 'url' ? await fetchFile(kind, source.url) : source.upload;
    if (kind === 'photo' && !looksLikeImage(upload.bytes)) throw badRequest('IMAGE_PROCESS_FAILED');
    return world.files.store(kind, bot.id, upload);
  }
  const known = world.files.find(bot.id, source.fileId);
  if (known === undefined) {
    throw badRequest('wrong file identifier/HTTP URL specified: Wrong padding in the string');
  }
  if (known.kind === kind) return known;
  throw badRequest(`can't use file of type ${KINDS[known.kind]} as ${KINDS[kind]}`);
}

function looksLikeImage(bytes: Buffer): boolean {
  const magic = bytes.subarray(0, 12).toString('latin1');
  return (
    magic.startsWith('\x89PNG') ||
    magic.startsWith('\xff\xd8') ||
    magic.startsWith('GIF8') ||
    /^RIFF....WEBP/s.test(magic)
  );
}
