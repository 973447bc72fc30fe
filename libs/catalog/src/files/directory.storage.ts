import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { SpooledFile } from './file.spool.js';
import { checkedKey, FileMissing, FileStorage } from './file.storage.js';
import { unlessFull } from './storage-full.js';

/** Stores files in a local folder, one folder per tenant. The spool must be on the same file system. */
export class DirectoryStorage extends FileStorage {
  constructor(private readonly root: string) {
    super();
  }

  async put(key: string, file: SpooledFile): Promise<void> {
    const target = this.path(key);
    try {
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await rename(file.path, target);
      await syncFolder(dirname(target));
    } catch (error) {
      throw unlessFull(error);
    }
  }

  async get(key: string): Promise<Readable> {
    const stream = createReadStream(this.path(key));
    await new Promise<void>((resolve, reject) => {
      stream.once('open', () => resolve());
      stream.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ENOENT' ? new FileMissing(`no file is stored under ${key}`) : error),
      );
    });
    return stream;
  }

  async remove(key: string): Promise<void> {
    await rm(this.path(key), { force: true });
  }

  private path(key: string): string {
    return join(this.root, checkedKey(key));
  }
}

/** Flushes a directory: otherwise a power cut may lose the new name, although the bytes are safe. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
