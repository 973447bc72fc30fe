import { badRequest } from '../world/errors.js';
import type { StoredFile } from '../world/files.js';
import type { Caller } from './handlers.js';
import type { FileSource } from './readers.js';

const KINDS = { photo: 'Photo', document: 'Document', video: 'Video', voice: 'Voice' } as const;

/** The file that a call brings or names, of the kind that it is sent as. */
export function storedFile({ world, bot }: Caller, kind: StoredFile['kind'], source: FileSource): StoredFile {
  if (source.type === 'upload') {
    if (kind === 'photo' && !looksLikeImage(source.upload.bytes)) throw badRequest('IMAGE_PROCESS_FAILED');
    return world.files.store(kind, bot.id, source.upload);
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
