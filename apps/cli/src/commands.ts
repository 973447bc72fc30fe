import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { answered, type Schema, starwall, type StarwallClient, StarwallProblem } from '#libs/client';
import { connect, credentialsFile, keep } from './credentials.js';
import { type Finding, findingsOf, hintsOf } from './doctor.js';
import { forward, NewEvents, newSecret } from './listen.js';
import { patiently } from './patience.js';
import type { Environment } from './settings.js';

/** One answer: an object as JSON, or lines for people. */
function say(command: Command, value: object, ...lines: readonly string[]): void {
  const { json } = command.optsWithGlobals<{ json?: boolean }>();
  process.stdout.write(json === true ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(''));
}

const [CTRL_C, CTRL_D, BACKSPACE] = ['\u0003', '\u0004', '\u007f'];

/** A secret from standard input, so that it is in no list of processes and no shell's history. A terminal does not show it. */
async function secretFromInput(what: string): Promise<string> {
  const input = process.stdin.setEncoding('utf8');
  let text = '';
  if (!input.isTTY) {
    for await (const chunk of input) text += String(chunk);
    return text.trim();
  }
  process.stderr.write(`${what}: `);
  input.setRawMode(true);
  reading: for await (const chunk of input) {
    for (const key of String(chunk)) {
      if (key === CTRL_C) process.exit(130);
      if (key === '\r' || key === '\n' || key === CTRL_D) break reading;
      text = key === BACKSPACE ? [...text].slice(0, -1).join('') : text + key;
    }
  }
  input.setRawMode(false);
  process.stderr.write('\n');
  return text.trim();
}

export async function logIn(
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

/** A key that may not list orders is a key all the same. @throws StarwallProblem when it is none */
async function requireKey(url: string, key: string): Promise<void> {
  try {
    await answered(starwall({ url, token: key }).GET('/v1/orders', { params: { query: { limit: 1 } } }));
  } catch (error) {
    if (!(error instanceof StarwallProblem && error.problem.code === 'missing_scope')) throw error;
  }
}

export async function listen(
  env: Environment,
  options: { forwardTo: string; secret?: string; interval: number },
  command: Command,
): Promise<void> {
  const api = await connect(env);
  const secret = options.secret ?? newSecret();
  const events = new NewEvents(api);
  await events.look();
  const ready = { object: 'listening', forward_to: options.forwardTo, secret };
  say(command, ready, `Forwarding to ${options.forwardTo}. Verify with the secret ${secret}. Ctrl-C ends it.`);
  const intervalMs = options.interval * 1_000;
  const warn = (line: string) => void process.stderr.write(`${line}\n`);
  for (;;) {
    for (const event of await patiently(intervalMs, warn, () => events.look())) {
      const done = await forward(event, options.forwardTo, secret);
      say(
        command,
        { object: 'forwarded', ...done },
        `${done.status ?? done.error ?? 'no answer'}  ${done.type}  ${done.id}`,
      );
    }
    await pause(intervalMs);
  }
}

export async function trigger(env: Environment, event: string, _options: object, command: Command): Promise<void> {
  const api = await connect(env);
  if (event === 'endpoint.test') return sendTest(api, command);
  const body = { type: event as Schema<'TriggerEvent'>['type'] };
  const sent = await answered(api.POST('/v1/events/trigger', { body }));
  const endpoints = `${sent.count} endpoint${sent.count === 1 ? '' : 's'}`;
  say(command, sent, `${sent.event_id} is under way to ${endpoints}; starwall listen shows it as well.`);
}

async function sendTest(api: StarwallClient, command: Command): Promise<void> {
  const { data } = await answered(api.GET('/v1/endpoints', { params: {} }));
  if (data.length === 0) throw new Error('The workspace has no endpoint. Create one with POST /v1/endpoints.');
  for (const { id, url } of data) {
    const sent = await answered(api.POST('/v1/endpoints/{id}/test', { params: { path: { id } } }));
    say(command, { ...sent, endpoint_id: id }, `${sent.event_id} is under way to ${url}`);
  }
}

export async function resend(
  env: Environment,
  id: string,
  options: { endpoint?: string },
  command: Command,
): Promise<void> {
  const api = await connect(env);
  const body = options.endpoint === undefined ? {} : { endpoint_id: options.endpoint };
  const sent = await answered(api.POST('/v1/events/{id}/resend', { params: { path: { id } }, body }));
  say(command, sent, `${id} is under way to ${sent.count} endpoint${sent.count === 1 ? '' : 's'}.`);
}

export async function listOrders(
  env: Environment,
  options: { limit: number; bot?: string },
  command: Command,
): Promise<void> {
  const api = await connect(env);
  const query = { limit: options.limit, ...(options.bot === undefined ? {} : { bot_id: options.bot }) };
  const page = await answered(api.GET('/v1/orders', { params: { query } }));
  const lines = page.data.map(
    ({ id, created_at: at, status, stars, buyer_telegram_id: buyer }) =>
      `${id}  ${at}  ${status.padEnd(15)}  ${stars} ${stars === 1 ? 'Star' : 'Stars'}  buyer ${buyer}`,
  );
  say(
    command,
    page,
    ...(lines.length === 0 ? ['No orders yet.'] : lines),
    ...(page.has_more ? ['There are more.'] : []),
  );
}

export async function doctor(env: Environment, id: string, _options: object, command: Command): Promise<void> {
  const api = await connect(env);
  const params = { path: { id } };
  const bot = await answered(api.GET('/v1/bots/{id}', { params }));
  const webhook = await answered(api.GET('/v1/bots/{id}/webhook', { params }));
  const [findings, hints] = [findingsOf(bot, webhook), hintsOf(webhook)];
  const lines = (found: readonly Finding[]) => found.flatMap(({ problem, remedy }) => [problem, `  -> ${remedy}`]);
  const wrong = findings.length === 0 ? ['Nothing is wrong.'] : lines(findings);
  say(command, { object: 'diagnosis', bot_id: id, findings, hints }, ...wrong, ...lines(hints));
  if (findings.length > 0) process.exitCode = 1;
}
