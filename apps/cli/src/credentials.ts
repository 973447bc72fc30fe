import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { answered, type StarwallClient, starwall } from '#libs/client';

const MINUTE_MS = 60_000;
/** Access tokens live for 15 minutes. */
const RENEW_AFTER_MS = 10 * MINUTE_MS;

/** What is kept between two commands: an API key as it is, or the refresh token of a session, which changes with every use. */
export interface Credentials {
  readonly url: string;
  readonly apiKey?: string;
  readonly refreshToken?: string;
}

export class NotLoggedIn extends Error {
  constructor() {
    super('You are not logged in. Run `starwall login` first, or set STARWALL_URL and STARWALL_API_KEY.');
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

export function credentialsFile(env: Environment): string {
  const folder = env['XDG_CONFIG_HOME'] ?? env['APPDATA'] ?? join(homedir(), '.config');
  return join(folder, 'starwall', 'credentials.json');
}

/** Only its owner may read the file. A crash leaves the former one or the new one, never half of one. */
export async function keep(env: Environment, credentials: Credentials): Promise<void> {
  const file = credentialsFile(env);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(credentials)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

async function kept(env: Environment): Promise<Credentials> {
  const { STARWALL_URL: url, STARWALL_API_KEY: apiKey } = env;
  if (url !== undefined && apiKey !== undefined) return { url, apiKey };
  try {
    return JSON.parse(await readFile(credentialsFile(env), 'utf8')) as Credentials;
  } catch {
    throw new NotLoggedIn();
  }
}

/** @throws NotLoggedIn */
export async function connect(env: Environment): Promise<StarwallClient> {
  const { url, apiKey, refreshToken } = await kept(env);
  if (apiKey !== undefined) return starwall({ url, token: apiKey });
  if (refreshToken === undefined) throw new NotLoggedIn();
  let session = { access: '', refresh: refreshToken, since: 0 };
  const token = async () => {
    if (Date.now() - session.since < RENEW_AFTER_MS) return session.access;
    const body = { refresh_token: session.refresh };
    const next = await answered(starwall({ url }).POST('/v1/auth/refresh', { body }));
    session = { access: next.access_token, refresh: next.refresh_token, since: Date.now() };
    await keep(env, { url, refreshToken: next.refresh_token });
    return session.access;
  };
  return starwall({ url, token });
}
