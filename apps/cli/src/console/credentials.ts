import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { lock } from 'proper-lockfile';
import { answered, type StarwallClient, starwall } from '#libs/client';
import { DEFAULT_URL, type Environment, readSettings } from './settings.js';

const MINUTE_MS = 60_000;
/** Access tokens are valid for 15 minutes. */
const RENEW_AFTER_MS = 10 * MINUTE_MS;

/** The stored credential: an API key, or a session's refresh token, which changes with every use. */
export interface Credentials {
  readonly url: string;
  readonly apiKey?: string;
  readonly refreshToken?: string;
}

export class NotLoggedIn extends Error {
  constructor(
    sentence = 'You are not logged in. Run `starwall login` first, or set STARWALL_API_KEY (and STARWALL_URL).',
  ) {
    super(sentence);
  }
}

export function credentialsFile(env: Environment): string {
  const folder = env['XDG_CONFIG_HOME'] ?? env['APPDATA'] ?? join(homedir(), '.config');
  return join(folder, 'starwall', 'credentials.json');
}

/**
 * Stores a credential in a file that only its owner can read. After a crash, the file is the old one or the new one,
 * never a partial one.
 */
export async function keep(env: Environment, credentials: Credentials): Promise<void> {
  const file = credentialsFile(env);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(credentials)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

async function kept(env: Environment): Promise<Credentials> {
  try {
    return JSON.parse(await readFile(credentialsFile(env), 'utf8')) as Credentials;
  } catch {
    throw new NotLoggedIn();
  }
}

/**
 * Returns the credential to use. STARWALL_API_KEY overrides the one stored by `starwall login`. With STARWALL_URL
 * alone, the stored one is not sent to another platform.
 */
async function credentialsOf(env: Environment): Promise<Credentials> {
  const { url, apiKey } = readSettings(env);
  if (apiKey !== undefined) return { url: url ?? DEFAULT_URL, apiKey };
  const credentials = await kept(env);
  if (url === undefined || url === credentials.url) return credentials;
  throw new NotLoggedIn(
    `STARWALL_URL is ${url}, and you are logged in at ${credentials.url}. Run \`starwall login\` there, or unset STARWALL_URL.`,
  );
}

/**
 * Creates a client with the credential from the environment, or with the stored one. The access tokens of a session are
 * renewed automatically.
 * @throws NotLoggedIn
 */
export async function connect(env: Environment): Promise<StarwallClient> {
  const { url, apiKey, refreshToken } = await credentialsOf(env);
  if (apiKey !== undefined) return starwall({ url, token: apiKey });
  if (refreshToken === undefined) throw new NotLoggedIn();
  let access = '';
  let since = Number.NEGATIVE_INFINITY;
  const token = async () => {
    if (Date.now() - since < RENEW_AFTER_MS) return access;
    access = await renew(env, url);
    since = Date.now();
    return access;
  };
  return starwall({ url, token });
}

/**
 * Exchanges the refresh token that is in the file now: another command may have exchanged the previous one, and
 * reusing a token ends its session. One process at a time.
 * @returns an access token
 */
async function renew(env: Environment, url: string): Promise<string> {
  const release = await lock(credentialsFile(env), { retries: { retries: 50, minTimeout: 50, maxTimeout: 500 } });
  try {
    const { url: now, refreshToken } = await kept(env);
    if (now !== url || refreshToken === undefined)
      throw new NotLoggedIn('The stored login was replaced meanwhile. Run the command again.');
    const body = { refresh_token: refreshToken };
    const next = await answered(starwall({ url }).POST('/v1/auth/refresh', { body }));
    await keep(env, { url, refreshToken: next.refresh_token });
    return next.access_token;
  } finally {
    await release();
  }
}
