import type { Command } from 'commander';
import { answered, starwall, StarwallProblem } from '#libs/client';
import { here } from '../console/arguments.js';
import { credentialsFile, keep } from '../console/credentials.js';
import { secretFromInput } from '../console/input.js';
import { say } from '../console/say.js';
import { DEFAULT_URL, type Environment, readSettings } from '../console/settings.js';

export function addSessionCommands(program: Command, env: Environment): void {
  program
    .command('login')
    .description('store a credential for the other commands, readable only by you')
    .requiredOption('--url <url>', 'the address of the platform', readSettings(env).url ?? DEFAULT_URL)
    .option('--email <email>', 'log in with a password, read from standard input; without it an API key is read')
    .option('--code <code>', 'the code of the authenticator, for an account with a second factor')
    .action(here(env, logIn));
}

async function logIn(
  env: Environment,
  options: { url: string; email?: string; code?: string },
  command: Command,
): Promise<void> {
  const { url, email, code } = options;
  const secret = await secretFromInput(email === undefined ? 'API key' : 'Password');
  if (email === undefined) {
    await requireKey(url, secret);
    await keep(env, { url, apiKey: secret });
  } else {
    const body = { email, password: secret, ...(code === undefined ? {} : { code }) };
    const session = await answered(starwall({ url }).POST('/v1/auth/login', { body }));
    await keep(env, { url, refreshToken: session.refresh_token });
  }
  const file = credentialsFile(env);
  say(command, { object: 'login', url, file }, `Logged in at ${url}. The credential is in ${file}.`);
}

/**
 * Checks that a key exists; it need not have the scope to list orders. @throws StarwallProblem when the key does not
 * exist
 */
async function requireKey(url: string, key: string): Promise<void> {
  try {
    await answered(starwall({ url, token: key }).GET('/v1/orders', { params: { query: { limit: 1 } } }));
  } catch (error) {
    if (!(error instanceof StarwallProblem && error.problem.code === 'missing_scope')) throw error;
  }
}
