// Compiles apps, libs and migrations into dist/, copies other files (the simulator's chat page, what the pages at /docs load), bundles the
// operators' commands, and builds the dashboard. Output without a source is removed; otherwise a renamed migration would still run under its old name.
//
// Programs may be running from dist/ meanwhile, and another build may be in progress. So builds wait for each other, a build without changed
// sources does nothing, unchanged files are left alone, and changed files are replaced atomically.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { lock } from 'proper-lockfile';
import { buildCommands } from './build-commands.mjs';
import { buildDashboard } from './build-dashboard.mjs';

const SOURCES = ['apps', 'libs', 'migrations'];
/** It has its own build: build-dashboard.mjs. */
const DASHBOARD = 'apps/dashboard';
const isCompiled = (file) => !file.startsWith(join(DASHBOARD, '/'));
const COPIED = [
  'apps/simulator/src/page',
  'apps/platform/src/documentation/static',
  'apps/platform/src/ops/status/static',
];
const CONFIGURATION = [
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build.mjs',
  'scripts/build-commands.mjs',
];
/** Next to dist/, so that the paths in source maps are the same. */
const FRESH = 'dist.new';
const STAMP = 'dist/.built';

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

/** Changes whenever a source does. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of [...CONFIGURATION, ...SOURCES.flatMap(filesIn).filter(isCompiled)].toSorted()) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

const isSame = (one, other) => existsSync(other) && readFileSync(one).equals(readFileSync(other));

async function compile() {
  rmSync(FRESH, { recursive: true, force: true });
  const tsc = ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', FRESH];
  // Not incremental: all output must be present, because files missing here are removed from dist/.
  tsc.push('--incremental', 'false');
  // Not spawnSync: the lock must be renewed meanwhile.
  const compiler = spawn(process.execPath, tsc, { stdio: 'inherit' });
  const status = await new Promise((resolve) => compiler.once('close', resolve));
  if (status !== 0) return status ?? 1;
  for (const folder of COPIED) cpSync(folder, join(FRESH, folder), { recursive: true });
  await buildCommands(FRESH);
  return 0;
}

function replace() {
  const made = filesIn(FRESH).map((file) => file.slice(FRESH.length + 1));
  for (const file of made) {
    const target = join('dist', file);
    if (isSame(join(FRESH, file), target)) continue;
    mkdirSync(dirname(target), { recursive: true });
    renameSync(join(FRESH, file), target);
  }
  const wanted = new Set(made);
  for (const folder of [...SOURCES, 'commands'].map((each) => join('dist', each)).filter(existsSync)) {
    for (const file of filesIn(folder).map((path) => path.slice('dist/'.length)))
      if (!wanted.has(file) && isCompiled(file)) rmSync(join('dist', file), { force: true });
  }
}

mkdirSync('dist', { recursive: true });
const release = await lock('dist', { retries: { retries: 600, factor: 1, minTimeout: 200 }, stale: 30_000 });
try {
  const sources = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources) process.exitCode = 0;
  else {
    rmSync(STAMP, { force: true });
    process.exitCode = await compile();
    if (process.exitCode === 0) {
      replace();
      writeFileSync(STAMP, sources);
    }
  }
  if (process.exitCode === 0) process.exitCode = await buildDashboard();
} finally {
  rmSync(FRESH, { recursive: true, force: true });
  await release();
}
