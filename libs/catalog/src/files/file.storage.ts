import type { Readable } from 'node:stream';
import { DomainError } from '#libs/kernel';
import type { SpooledFile } from './file.spool.js';

/** The storage of files' bytes. A key is `<tenant>/<file>`, two UUIDs. */
export abstract class FileStorage {
  /** Stores the file durably before it resolves. May move the spooled file. @throws StorageUnavailable, StorageFull */
  abstract put(key: string, file: SpooledFile): Promise<void>;
  /** @throws FileMissing when nothing is stored under that key; StorageUnavailable */
  abstract get(key: string): Promise<Readable>;
  /** Idempotent. */
  abstract remove(key: string): Promise<void>;
}

export class StorageUnavailable extends DomainError {
  static readonly code = 'storage_unavailable';
  static readonly refusal = 'unavailable';
  readonly remedy = 'Try again in a minute. Nothing was saved.';

  constructor() {
    super('The file storage is unavailable.');
  }
}

/** Thrown when a row refers to bytes that are missing or have changed: an internal error, not a refusal. */
export class FileMissing extends Error {
  override readonly name = 'FileMissing';
}

const KEY = /^[0-9a-f-]{36}\/[0-9a-f-]{36}$/;

/** @throws RangeError for a key that is not made of two UUIDs, so that no key leads out of the folder or bucket */
export function checkedKey(key: string): string {
  if (!KEY.test(key)) throw new RangeError('not a storage key');
  return key;
}
