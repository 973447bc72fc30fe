// Loaded into a measured process by `--import`: at SIGCONT, which Nest does not treat as a shutdown, it collects
// garbage and writes the number of bytes left to HEAP_DIR.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

process.on('SIGCONT', () => {
  global.gc();
  global.gc();
  const { heapUsed, external } = process.memoryUsage();
  const file = join(process.env.HEAP_DIR, String(process.pid));
  writeFileSync(`${file}.new`, String(heapUsed + external));
  renameSync(`${file}.new`, file);
});
