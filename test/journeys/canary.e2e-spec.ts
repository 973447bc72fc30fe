import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { newUuid } from '#libs/kernel';
import {
  FailingTelegram,
  leaksIn,
  leaksInDatabase,
  listenToLogs,
  TalkativeServer,
  TELEGRAM_FAILURES,
  type TelegramFailure,
} from '../support/canary.js';
import { openAsOwner } from '../support/database.js';
import { codeOf } from '../support/staff.js';
import { Buyer, eventually, newBot, type Starwall, startStarwall } from '../support/starwall.js';

type Body = Record<string, unknown>;

const canaries = new Map<string, string>();
const marked = (name: string, secret: unknown) => {
  canaries.set(name, String(secret));
  return String(secret);
};
const password = marked('the password', `canary-${randomBytes(18).toString('base64url')}`);
const newPassword = marked('the new password', `canary-${randomBytes(18).toString('base64url')}`);

const logs = listenToLogs();
const answers: Array<{ readonly to: string; readonly text: string; readonly shows: readonly string[] }> = [];
const telegram = new FailingTelegram();
const server = new TalkativeServer();
let starwall: Starwall;
let owner: DataSource;
let authorization = '';

/** Calls the API and records the whole answer. @param shows returns the secrets that this answer is meant to show */
async function ask(
  method: string,
  path: string,
  body?: Body,
  shows: (answer: Body) => Record<string, unknown> = () => ({}),
) {
  const headers = {
    authorization,
    'idempotency-key': newUuid(),
    ...(body ? { 'content-type': 'application/json' } : {}),
  };
  const response = await fetch(`${starwall.url}${path}`, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  const json = (
    /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : {}
  ) as Body;
  const shown = response.ok ? shows(json) : {};
  for (const [name, secret] of Object.entries(shown)) marked(name, secret);
  const all = JSON.stringify([...response.headers]) + text;
  answers.push({ to: `${method} ${path} ${response.status}`, text: all, shows: Object.keys(shown) });
  return { status: response.status, json };
}

const failures = Object.keys(TELEGRAM_FAILURES) as TelegramFailure[];
/** Repeats an action under each failure of Telegram, and finally without a failure. */
async function underFailures(work: () => Promise<unknown>): Promise<void> {
  for (const failure of failures) {
    telegram.failure = failure;
    await work();
  }
  telegram.failure = undefined;
}

async function leaks(): Promise<string[]> {
  const inAnswers = answers.flatMap(({ to, text, shows }) =>
    leaksIn(to, text, new Map([...canaries].filter(([name]) => !shows.includes(name)))),
  );
  return [...leaksIn('the logs', logs.text(), canaries), ...inAnswers, ...(await leaksInDatabase(owner, canaries))];
}

beforeAll(async () => {
  owner = await openAsOwner();
  starwall = await startStarwall({ LOG_LEVEL: 'trace', TELEGRAM_API_ROOT: await telegram.listen() });
  telegram.target = starwall.simulator.url;
}, 60_000);
afterAll(async () => {
  logs.stop();
  await starwall.stop();
  await Promise.all([telegram.close(), server.close(), owner.destroy()]);
});

const session = (name: string) => (answer: Body) => ({
  [`the ${name} access token`]: answer['access_token'],
  [`the ${name} refresh token`]: answer['refresh_token'],
});

it('attack 21: no secret leaks, whatever fails', async () => {
  const url = await server.listen();
  const email = `${newUuid()}@starwall.example`;
  const signedUp = await ask('POST', '/v1/auth/sign-up', { email, password, workspace: 'Canaries' }, session('first'));
  authorization = `Bearer ${String(signedUp.json['access_token'])}`;
  await ask('POST', '/v1/auth/login', { email, password: `${password}x` });
  await ask('POST', '/v1/auth/login', { email, password }, session('second'));
  await ask('POST', '/v1/auth/password', { current_password: password, new_password: newPassword });
  await ask('POST', '/v1/auth/sign-up', { email, password: newPassword, workspace: 'Again', extra: newPassword });
  const factor = await ask('POST', '/v1/auth/second-factor', { password: newPassword }, (it) => ({
    'the seed of the second factor': it['secret'],
  }));
  const code = codeOf(String(factor.json['secret']));
  await ask('POST', '/v1/auth/second-factor/confirm', { code }, (it) => ({
    'a recovery code': (it['recovery_codes'] as string[])[0],
  }));
  const recovery = { email, password: newPassword, recovery_code: canaries.get('a recovery code') };
  await ask('POST', '/v1/auth/login', { ...recovery, password });
  await ask('POST', '/v1/auth/login', recovery, session('third'));
  expect(canaries.get('the third access token')).toMatch(/^eyJ/);
  const scopes = ['orders:read', 'refunds:write'];
  await ask('POST', '/v1/api-keys', { name: 'My server', scopes }, (it) => ({ 'the API key': it['key'] }));
  expect(canaries.get('the API key')).toMatch(/^sw_/);

  const made = await newBot(starwall);
  const token = marked('the bot token', made.token);
  await underFailures(() => ask('POST', '/v1/bots', { token }));
  await ask('POST', '/v1/bots', { token: `${token}!`, surprise: token });
  const bot = String((await ask('POST', '/v1/bots', { token })).json['id']);
  expect(bot).toMatch(/^bot_/);
  await underFailures(() => ask('GET', `/v1/bots/${bot}/webhook`));

  const endpoint = await ask('POST', '/v1/endpoints', { url }, (it) => ({ 'the webhook secret': it['secret'] }));
  const product = { bot_id: bot, kind: 'text', title: 'Guide', description: 'A guide', stars: 5, content: 'the goods' };
  const guide = String((await ask('POST', '/v1/products', product)).json['id']);
  const callback = { ...product, kind: 'callback', content: undefined, fulfilment_url: url };
  const report = await ask('POST', '/v1/products', callback, (it) => ({
    'the fulfilment secret': it['fulfilment_secret'],
  }));
  for (const name of ['the webhook secret', 'the fulfilment secret']) expect(canaries.get(name)).toMatch(/^whsec_/);
  server.secrets = [...canaries.values()].filter((secret) => secret.startsWith('whsec_') || secret === token);

  const buyer = await Buyer.meets(starwall, made.id);
  await buyer.pays(await buyer.wants(guide));
  await buyer.hears(/the goods/);
  await buyer.pays(await buyer.wants(String(report.json['id'])));
  await eventually('the answer of the creator’s server', async () => server.requests >= 3);
  const typed = await usesCommand(buyer, {
    ...callback,
    kind: 'paid_command',
    title: 'Chart',
    paid_command: { command: 'chart' },
  });
  const [order] = (await ask('GET', '/v1/orders')).json['data'] as Body[];
  telegram.failure = 'malformed';
  await ask('POST', `/v1/orders/${String(order?.['id'])}/refunds`, { reason: 'A canary' });
  await underFailures(async () => {
    const before = telegram.failed;
    await (await Buyer.meets(starwall, made.id)).says('/start');
    await eventually('a failed call of the worker', async () => telegram.failed > before);
  });

  const endpointId = String(endpoint.json['id']);
  await ask('POST', `/v1/endpoints/${endpointId}/rotate-secret`, {}, (it) => ({
    'the second webhook secret': it['secret'],
  }));
  const fresh = marked('the second bot token', await starwall.telegram.revokeToken(made.id));
  await underFailures(() => ask('POST', `/v1/bots/${bot}/rotate-token`, { token: fresh }));
  await ask('POST', `/v1/bots/${bot}/rotate-token`, { token: fresh });
  await buyer.says(`my token is none of yours`);

  const ids = {
    bots: bot,
    products: String(report.json['id']),
    orders: String(order?.['id']),
    endpoints: endpointId,
    buyers: String(buyer.id),
  };
  for (const path of readableAt(ids)) await ask('GET', path);
  const { data = [] } = (await ask('GET', `/v1/endpoints/${endpointId}/deliveries`)).json as { data?: Body[] };
  for (const delivery of data) await ask('GET', `/v1/endpoints/${endpointId}/deliveries/${String(delivery['id'])}`);
  await ask('DELETE', `/v1/bots/${bot}`);

  expect(logs.text()).toContain('"level":');
  expect(logs.text()).not.toContain(typed);
  expect(answers.length).toBeGreaterThan(40);
  expect(await leaks()).toEqual([]);
}, 120_000);

/** Sends a paid command and pays for it in Stars. @returns the text after the command, which only the creator's server may see */
async function usesCommand(buyer: Buyer, product: Body): Promise<string> {
  const typed = `private-${randomBytes(8).toString('hex')}`;
  const { id } = (await ask('POST', '/v1/products', product)).json;
  await buyer.says(`/chart ${typed}`);
  const { message_id: invoice } = await buyer.sees((message) => message.invoice?.title === 'Chart', 'an invoice');
  await buyer.pays(invoice);
  await eventually('the server to be asked', async () => {
    const [sold] = (await ask('GET', `/v1/orders?product_id=${String(id)}`)).json['data'] as Body[];
    const { json } = await ask('GET', `/v1/orders/${String(sold?.['id'])}`);
    expect(json['arguments']).toBe(typed);
    return Number((json['fulfilment'] as Body | null)?.['attempts']) > 0;
  });
  return typed;
}

/** Lists every GET route, with these ids in its path. */
function readableAt(ids: Readonly<Record<string, string>>): string[] {
  const { paths } = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as { paths: Record<string, Body> };
  const known = Object.keys(paths).filter((path) => 'get' in (paths[path] ?? {}));
  return known
    .map((path) =>
      path.replace(/^(\/v1\/(\w+))\/\{\w+\}/, (all, start, thing) => (thing in ids ? `${start}/${ids[thing]}` : all)),
    )
    .filter((path) => !path.includes('{'));
}

describe('a leaked secret', () => {
  const token = () => canaries.get('the bot token') ?? '';
  const forms: ReadonlyArray<readonly [string, () => string]> = [
    ['as it is', token],
    ['in a URL', () => encodeURIComponent(token())],
    ['in hex', () => Buffer.from(`x${token()}y`).toString('hex')],
    ['in base64', () => Buffer.from(`xx${token()}yy`).toString('base64')],
  ];

  it.each(forms)('is detected in an answer: %s', (_, form) => {
    expect(leaksIn('an answer', `{"detail":"${form()}"}`, canaries)).toEqual(['an answer: the bot token']);
  });

  it('is detected in the output', () => {
    process.stderr.write(`planted ${canaries.get('the new password')}`);
    expect(leaksIn('the logs', logs.text(), canaries)).toEqual(['the logs: the new password']);
  });

  it.each([
    ['update accounts set email = $1 where id = $2', () => token().toLowerCase()],
    [`update accounts set password_hash = encode($1::text::bytea, 'base64') where id = $2`, token],
  ])('is detected in the database: %s', async (plant, secret) => {
    const id = newUuid();
    await owner.query(`insert into accounts (id, email, password_hash) values ($1, $2, 'none')`, [
      id,
      `${id}@a.example`,
    ]);
    await owner.query(plant, [secret(), id]);
    expect(await leaksInDatabase(owner, canaries)).toEqual(['accounts: the bot token']);
    await owner.query('delete from accounts where id = $1', [id]);
  });
});
