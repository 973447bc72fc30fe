import { DomainError } from '#libs/kernel';

export class StorageFull extends DomainError {
  static readonly code = 'storage_full';
  static readonly refusal = 'no_room';
  readonly remedy = 'The operator has to make room where files are kept; nothing else helps. Nothing was saved.';
  override readonly retryAfterSeconds = 60;

  constructor() {
    super('The disk for files is full.');
  }
}

/** A full disk, and a user who may not fill more of it (errno(3)). */
const NO_ROOM: readonly unknown[] = ['ENOSPC', 'EDQUOT'];

/** @returns the error to throw on: a full disk under its name, anything else unchanged */
export const unlessFull = (error: unknown): unknown =>
  NO_ROOM.includes((error as { readonly code?: unknown } | undefined)?.code) ? new StorageFull() : error;
