import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MEBI = 1024 * 1024;

/** Allocates this many megabytes of a file system; 0 releases them. */
export function fallocateBallast(place, megabytes) {
  const path = join(place, 'ballast');
  if (megabytes === 0) return rmSync(path, { force: true });
  for (let n = 0; n < megabytes; n += 1) writeFileSync(path, Buffer.alloc(MEBI), { flag: 'a' });
}

/** Fills a file system completely. */
export function fillUp(place) {
  const { bavail } = statfsSync(place);
  if (bavail === 0) return;
  for (const [name, bytes] of [
    ['ballast', MEBI],
    ['ballast-2', 4_096],
  ])
    for (let hasRoom = true; hasRoom; ) {
      try {
        writeFileSync(join(place, name), Buffer.alloc(bytes), { flag: 'a' });
      } catch {
        hasRoom = false;
      }
    }
}

/** Releases the space again. */
export function makeRoom(place) {
  for (const name of ['ballast', 'ballast-2']) rmSync(join(place, name), { force: true });
}
