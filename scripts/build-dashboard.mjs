// Builds apps/dashboard into a folder, with a compressed copy of every file that browsers may request compressed. Does
// nothing when no source has changed since.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const SOURCES = ['apps/dashboard', 'libs/client'];
const CONFIGURATION = ['package-lock.json', 'tsconfig.json', 'scripts/build-dashboard.mjs'];
const COMPRESSED = /\.(js|css|svg|html)$/;
const TARGET = 'dist/apps/dashboard';
/** On the same disk as the target, to replace it in one step. */
const FRESH = 'dist/.dashboard.new';
const STAMP = 'dist/.dashboard';

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

function fingerprint() {
  const hash = createHash('sha256');
  for (const file of [...CONFIGURATION, ...SOURCES.flatMap(filesIn)].toSorted()) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

async function compress(file) {
  const content = readFileSync(file);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${file}.br`, await promisify(brotliCompress)(content, { params: quality }));
  writeFileSync(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
}

/** @returns {Promise<number>} the exit status */
export async function buildDashboard() {
  const sources = fingerprint();
  if (existsSync(STAMP) && existsSync(TARGET) && readFileSync(STAMP, 'utf8') === sources) return 0;
  rmSync(STAMP, { force: true });
  rmSync(FRESH, { recursive: true, force: true });
  const args = ['node_modules/vite/bin/vite.js', 'build', 'apps/dashboard', '--logLevel', 'warn'];
  args.push('--outDir', `../../${FRESH}`, '--emptyOutDir');
  const vite = spawn(process.execPath, args, { stdio: 'inherit' });
  const status = await new Promise((resolve) => vite.once('close', resolve));
  if (status !== 0) return status ?? 1;
  await Promise.all(
    filesIn(FRESH)
      .filter((file) => COMPRESSED.test(file))
      .map(compress),
  );
  rmSync(TARGET, { recursive: true, force: true });
  renameSync(FRESH, TARGET);
  writeFileSync(STAMP, sources);
  return 0;
}
