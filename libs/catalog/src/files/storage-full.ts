import { DomainError } from '#libs/kernel';

export class StorageFull extends DomainError {
  static readonly code = 'storage_full';
  static readonly refusal = 'no_room';
  readonly remedy = 'The operator has to free space in the file storage. Nothing was saved.';
  override readonly retryAfterSeconds = 60;

  constructor() {
    super('The disk for files is full.');
  }
}

/** A full disk, or an exceeded disk quota (errno(3)). */
const NO_ROOM: readonly unknown[] = ['ENOSPC', 'EDQUOT'];

/** @returns StorageFull for a full disk, any other error unchanged */
export const unlessFull = (error: unknown): unknown =>
  NO_ROOM.includes((error as { readonly code?: unknown } | undefined)?.code) ? new StorageFull() : error;
