import type { Readable } from 'node:stream';
import { DomainError } from '#libs/kernel';
import type { SpooledFile } from './file.spool.js';

/** Where the bytes of files are kept. A key is `<tenant>/<file>`, two UUIDs. */
export abstract class FileStorage {
  /** Safe for good when it resolves. The spooled file may be gone afterwards. @throws StorageUnavailable */
  abstract put(key: string, file: SpooledFile): Promise<void>;
  /** @throws FileMissing when nothing is kept under that key; StorageUnavailable */
  abstract get(key: string): Promise<Readable>;
  /** Removing what is not there is fine. */
  abstract remove(key: string): Promise<void>;
}

export class StorageUnavailable extends DomainError {
  static readonly code = 'storage_unavailable';
  static readonly refusal = 'unavailable';
  readonly remedy = 'Try again in a minute. Nothing was saved.';

  constructor() {
    super('The file storage does not answer as it should.');
  }
}

/** Not a refusal but an alarm: a row says that the bytes are there, and they are not, or are others. */
export class FileMissing extends Error {
  override readonly name = 'FileMissing';
}

const KEY = /^[0-9a-f-]{36}\/[0-9a-f-]{36}$/;

/** @throws RangeError for a key that is not made of two UUIDs, so that no key can be a way out of the folder or bucket */
export function checkedKey(key: string): string {
  if (!KEY.test(key)) throw new RangeError('not a storage key');
  return key;
}
