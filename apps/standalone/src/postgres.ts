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
  /** Persistent; PostgreSQL uses its subfolder `postgres`. */
  readonly dataDir: string;
  /** On 127.0.0.1; any free port if omitted. */
  readonly port?: number;
  /** Additional settings in the form `name=value`. */
  readonly settings?: readonly string[];
  /** Prints a sentence for the waiting user. Never contains a secret. */
  readonly onProgress: (sentence: string) => void;
}

export interface RunningPostgres {
  /** A superuser. For migrations only. */
  readonly ownerUrl: string;
  /** Its login exists only after `ensureLogin(ownerUrl, applicationUrl)`. */
  readonly applicationUrl: string;
  /** Ends all sessions, then the server. Idempotent. */
  readonly stop: () => Promise<void>;
}

const OWNER = 'starwall_owner';
const APPLICATION = 'starwall';
const DATABASE = 'starwall';

/**
 * Starts the bundled PostgreSQL on our own data directory, which the first start creates. Commits are durable: fsync is
 * on. A server that an earlier run left behind is stopped first, because it may have another port and other settings.
 * @throws Error with a remedy when the directory is in use or belongs to another user, when the port is taken, or with
 * the server's own message
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
      `The data directory ${dataDir} cannot be used (${(error as Error).message}). Start Starwall as the user who created it, or choose another one with STARWALL_DATA_DIR.`,
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
  if (!existsSync(data)) {
    onProgress(`First start: creating a PostgreSQL data directory in ${place}.`);
    await initialise(cluster, OWNER, secrets.owner);
  }
  // Chosen last, since others may take it until the server listens.
  const port = await freePort(options.port);
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
 * Chooses the folder for all of PostgreSQL's files. It is below the data directory, unless we are root and the user
 * `postgres` cannot reach that, as in a private home directory: then it is below /var/lib. The folder's name is stored
 * in the data directory, so the database is found again after a move, and is deleted or kept together with it.
 */
function choosePlace(dataDir: string, onProgress: (sentence: string) => void): string {
  const here = join(dataDir, 'postgres');
  mkdirSync(here, { recursive: true });
  const sign = join(here, 'elsewhere');
  const isNear = existsSync(join(here, 'data')) || (!existsSync(sign) && canReach(whoRuns(here), realpathSync(here)));
  if (isNear) return realpathSync(here);
  if (!existsSync(sign)) writeFileSync(sign, `${randomUUID()}\n`);
  const name = readFileSync(sign, 'utf8').trim();
  if (!/^[0-9a-f-]{36}$/.test(name)) throw new Error(`${sign} does not contain a directory. Restore it from a copy.`);
  const place = join(SYSTEM_PLACE, name);
  mkdirSync(place, { recursive: true, mode: 0o755 });
  onProgress(`The user that runs PostgreSQL cannot reach ${here}: its data is in ${place}.`);
  return realpathSync(place);
}

function lock(place: string, dataDir: string): () => void {
  const taken = takeLock(join(place, 'lock'));
  if (typeof taken === 'function') return taken;
  throw new Error(
    `The data directory ${dataDir} is in use by another Starwall (process ${taken}). Stop that one first, or give this one its own directory with STARWALL_DATA_DIR.`,
  );
}

/**
 * Stops a server that has lost its Starwall process, for example to SIGKILL: we hold the lock, so no other Starwall is
 * using it.
 */
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

/** Returns the passwords, which are created once, in a file that only we can read. */
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
