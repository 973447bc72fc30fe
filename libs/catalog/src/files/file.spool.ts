import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY, newUuid } from '#libs/kernel';
import { unlessFull } from './storage-full.js';
import { EmptyFile, FileTooLarge, MAX_FILE_BYTES } from './file.js';

/** A fully received file, synced to this machine's disk. */
export interface SpooledFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: Buffer;
}

/**
 * Writes a stream into a new file of `folder`, readable by this user only, and computes its size and hash.
 * @throws FileTooLarge, EmptyFile, StorageFull, or the stream's error; then no file is left
 */
export async function spool(folder: string, stream: AsyncIterable<Uint8Array>): Promise<SpooledFile> {
  return write(folder, stream).catch((error: unknown) => {
    throw unlessFull(error);
  });
}

async function write(folder: string, stream: AsyncIterable<Uint8Array>): Promise<SpooledFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, newUuid());
  const [handle, hash] = [await open(path, 'wx', 0o600), createHash('sha256')];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      bytes += chunk.length;
      if (bytes > MAX_FILE_BYTES) throw new FileTooLarge();
      hash.update(chunk);
      await handle.appendFile(chunk);
    }
    if (bytes === 0) throw new EmptyFile();
    await handle.sync();
    return { path, bytes, sha256: hash.digest() };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** Removes spool files older than a day, which a crash left behind. */
export async function sweepSpool(folder: string, now: Date): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const facts = await stat(join(folder, name)).catch(() => undefined);
    if (facts !== undefined && now.getTime() - facts.mtimeMs > DAY) await rm(join(folder, name), { force: true });
  }
}
