import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portAfter } from '#libs/runtime';

type Environment = Readonly<Record<string, string | undefined>>;

/** Defaults of the standalone process, and the user's settings. */
export interface Settings {
  readonly port: number;
  readonly ingressPort: number;
  readonly simulatorPort: number;
  readonly host: string;
  readonly dataDir: string;
  /** The remaining environment, for the platform, the worker and the ingress. */
  readonly env: Environment;
}

function portOf(name: string, text: string | undefined, fallback: number): number {
  const port = text === undefined || text === '' ? fallback : Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`${name} must be a port, 0 to 65535.`);
}

/** @throws Error when a port is invalid */
export function readSettings(env: Environment): Settings {
  const port = portOf('PORT', env['PORT'], 3000);
  return {
    port,
    ingressPort: portOf('INGRESS_PORT', env['INGRESS_PORT'], portAfter(port)),
    simulatorPort: portOf('SIMULATOR_PORT', env['SIMULATOR_PORT'], 8081),
    host: env['HOST'] || '127.0.0.1',
    dataDir: env['STARWALL_DATA_DIR'] || '.starwall',
    env,
  };
}

/** Returns a secret of this installation, created once and stored in a file that only its owner can read. */
export function keptSecret(dataDir: string, name: string, make: () => string): string {
  const file = join(dataDir, name);
  mkdirSync(dataDir, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

/**
 * Writes the database's URL to a file that only its owner can read, so that commands find it: the port changes with
 * every start.
 * @returns a function that removes the file
 */
export function showDatabaseUrl(dataDir: string, url: string): () => void {
  const file = databaseUrlFile(dataDir);
  rmSync(file, { force: true });
  writeFileSync(file, `${url}\n`, { mode: 0o600, flag: 'wx' });
  return () => rmSync(file, { force: true });
}

export const databaseUrlFile = (dataDir: string) => join(dataDir, 'database-url');

/** Returns the stored master key, or creates it. Without it, sealed values in the database can never be decrypted. */
export const keptMasterKey = (dataDir: string) =>
  keptSecret(dataDir, 'master.key', () => randomBytes(32).toString('base64'));
