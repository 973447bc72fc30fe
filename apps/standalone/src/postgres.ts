import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { takeLock } from './data-lock.js';
import { findBinaries } from './postgres-binaries.js';
import {
  type Cluster,
  freePort,
  initialise,
  runningOn,
  startServer,
  stopServer,
  stopServerNow,
} from './postgres-server.js';
import { canReach, SYSTEM_PLACE, whoRuns } from './postgres-user.js';

export interface PostgresOptions {
  /** Kept between starts; PostgreSQL gets the folder `postgres` in it. */
  readonly dataDir: string;
  /** On 127.0.0.1; any free one when left out. */
  readonly port?: number;
  /** More settings in the form `name=value`. */
  readonly settings?: readonly string[];
  /** Sentences for a person who waits. Never holds a secret. */
  readonly onProgress: (sentence: string) => void;
}

export interface RunningPostgres {
  /** A superuser. For migrations only. */
  readonly ownerUrl: string;
  /** Names a login that does not exist before `ensureLogin(ownerUrl, applicationUrl)`. */
  readonly applicationUrl: string;
  /** Ends every session, then the server. Safe to call again. */
  readonly stop: () => Promise<void>;
}

const OWNER = 'starwall_owner';
const APPLICATION = 'starwall';
const DATABASE = 'starwall';

/**
 * Starts the PostgreSQL that comes with the packages on a data directory of our own, made at the first start. What is committed
 * stays committed: fsync is on. A server that an earlier run left behind is stopped first: attaching to it would mean a second way
 * to start, with another port and perhaps other settings.
 * @throws Error with a remedy: the directory is in use, it belongs to another user, the port is taken, or the server's own words
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const dataDir = resolve(options.dataDir);
  try {
    const place = choosePlace(dataDir, options.onProgress);
    const release = lock(place, dataDir);
    return await startIn(place, release, options).catch((error: unknown) => {
      release();
      throw error;
    });
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
    throw new Error(
      `The data directory ${dataDir} is not ours to use (${(error as Error).message}). Start Starwall as the user who made it, or choose another one with STARWALL_DATA_DIR.`,
      { cause: error },
    );
  }
}

async function startIn(place: string, release: () => void, options: PostgresOptions): Promise<RunningPostgres> {
  const { onProgress, settings = [] } = options;
  const data = join(place, 'data');
  const user = whoRuns(data);
  const cluster: Cluster = { user, data, binaries: findBinaries(user, onProgress) };
  await stopLeftOver(cluster, onProgress);
  const secrets = passwords(place, existsSync(data));
  const port = await freePort(options.port);
  if (!existsSync(data)) {
    onProgress(`First start: making a PostgreSQL data directory in ${place}.`);
    await initialise(cluster, OWNER, secrets.owner);
  }
  const stopNow = () => stopServerNow(data);
  process.once('exit', stopNow);
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await stopServer(cluster);
    process.off('exit', stopNow);
    release();
  };
  try {
    await startServer(cluster, port, settings);
    await ensureDatabase(urlOf(OWNER, secrets.owner, port, 'postgres'));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ownerUrl: urlOf(OWNER, secrets.owner, port),
    applicationUrl: urlOf(APPLICATION, secrets.application, port),
    stop: () => (stopped ??= stop()),
  };
}

/**
 * The folder for everything of PostgreSQL. Below the data directory, unless root starts us and the user `postgres` cannot get
 * there, as in a home directory that is closed to others: then below /var/lib. A name kept in the data directory leads there, so the
 * database is found again after a move, and goes out of use with the data directory.
 */
function choosePlace(dataDir: string, onProgress: (sentence: string) => void): string {
  const here = join(dataDir, 'postgres');
  mkdirSync(here, { recursive: true });
  const sign = join(here, 'elsewhere');
  const isNear = existsSync(join(here, 'data')) || (!existsSync(sign) && canReach(whoRuns(here), realpathSync(here)));
  if (isNear) return realpathSync(here);
  if (!existsSync(sign)) writeFileSync(sign, `${randomUUID()}\n`);
  const name = readFileSync(sign, 'utf8').trim();
  if (!/^[0-9a-f-]{36}$/.test(name)) throw new Error(`${sign} does not name a directory. Restore it from a copy.`);
  const place = join(SYSTEM_PLACE, name);
  mkdirSync(place, { recursive: true, mode: 0o755 });
  onProgress(`The user that runs PostgreSQL cannot reach ${here}: its data is in ${place}.`);
  return realpathSync(place);
}

function lock(place: string, dataDir: string): () => void {
  const taken = takeLock(join(place, 'lock'));
  if (typeof taken === 'function') return taken;
  throw new Error(
    `The data directory ${dataDir} is in use by another Starwall (process ${taken}). Stop that one first, or give this one a directory of its own with STARWALL_DATA_DIR.`,
  );
}

/** We hold the lock, so a server of ours that still runs has lost its Starwall, to SIGKILL for example. */
async function stopLeftOver(cluster: Cluster, onProgress: (sentence: string) => void): Promise<void> {
  const server = runningOn(cluster.data);
  if (server === undefined) return;
  if (!server.ours) {
    throw new Error(
      `The data directory ${cluster.data} is in use by a PostgreSQL that Starwall did not start (process ${server.pid}). Stop it first, or choose another directory with STARWALL_DATA_DIR.`,
    );
  }
  onProgress(`An earlier run left its PostgreSQL behind (process ${server.pid}): stopping it.`);
  await stopServer(cluster);
}

interface Passwords {
  readonly owner: string;
  readonly application: string;
}

/** Made once, kept where only we can read them. */
function passwords(place: string, mustExist: boolean): Passwords {
  const file = join(place, 'passwords.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Passwords;
  if (mustExist)
    throw new Error(`${file} is missing, and without it the database cannot be opened. Restore it from a copy.`);
  const secret = () => randomBytes(24).toString('base64url');
  const made = { owner: secret(), application: secret() };
  writeFileSync(`${file}.new`, JSON.stringify(made), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return made;
}

const urlOf = (user: string, password: string, port: number, database = DATABASE) =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}
