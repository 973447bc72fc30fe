import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { freePort } from '../../scripts/free-port.mjs';
import { connect } from '../../apps/cli/src/console/credentials.js';
import { type Environment, runCli, startCli } from '../support/cli.js';
import { codeOf, confirmEarly } from '../support/staff.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

const PASSWORD = 'correct horse battery';

let starwall: Starwall;
let creator: Creator;
let bot: RegisteredBot;
let home: string;

beforeAll(async () => {
  starwall = await startStarwall();
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
  home = mkdtempSync(join(tmpdir(), 'starwall-cli-'));
});
afterAll(async () => {
  await starwall.stop();
  rmSync(home, { recursive: true, force: true });
});

const start = (args: readonly string[], folder = home, more: Environment = {}) => startCli(args, folder, more);
const run = (args: readonly string[], input = '', folder = home, more: Environment = {}) =>
  runCli(args, folder, input, more);

const sale = async (): Promise<void> => {
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await buyer.pays(await buyer.wants(await creator.createProduct(bot.id)));
};

describe('the CLI before login', () => {
  it('prints its help, and distinguishes usage errors from refusals by its exit code', async () => {
    const [help, wrong, unknown, early] = await Promise.all([
      run(['--help']),
      run(['listen']),
      run(['trigger', 'order.paid', 'twice']),
      run(['orders', 'list'], '', join(home, 'nowhere')),
    ]);
    expect([help.code, wrong.code, unknown.code, early.code]).toEqual([0, 2, 2, 2]);
    expect(help.out).toMatch(/login[\s\S]*doctor[\s\S]*products[\s\S]*orders[\s\S]*support[\s\S]*listen[\s\S]*events/);
    expect(wrong.err).toContain('--forward-to');
    expect(early.err).toContain('starwall login');
  });

  it.each([
    [['listen', '--forward-to', 'http://localhost:4000', '--interval', 'abc'], 'a number from 0.1'],
    [['listen', '--forward-to', 'http://localhost:4000', '--interval', '0'], 'a number from 0.1'],
    [['orders', 'list', '--limit', ''], 'a whole number from 1 to 100'],
    [['orders', 'list', '--limit', '2.5'], 'a whole number from 1 to 100'],
  ])('refuses %j and states the valid number', async (args, words) =>
    expect(await run(args)).toMatchObject({ code: 2, err: expect.stringContaining(words) }),
  );

  it('does not store a wrong password', async () => {
    const folder = join(home, 'wrong');
    const refused = await run(['--json', 'login', '--url', starwall.url, '--email', creator.email], 'no such', folder);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.err)).toMatchObject({ code: 'wrong_credentials', remedy: expect.any(String) });
    expect((await run(['orders', 'list'], '', folder)).code).toBe(2);
  });
});

it('the CLI logs in to an account with a second factor, and asks for the missing code', async () => {
  const careful = await Creator.signUp(starwall);
  const { body } = await careful.post('/v1/auth/second-factor', { password: PASSWORD }).expect(200);
  await confirmEarly(careful, body.secret);
  const folder = join(home, 'careful');
  const logIn = (...code: string[]) =>
    run(['login', '--url', starwall.url, '--email', careful.email, ...code], PASSWORD, folder);
  expect(await logIn()).toMatchObject({ code: 1, err: expect.stringContaining('second factor') });
  expect(await logIn('--code', codeOf(body.secret))).toMatchObject({ code: 0 });
  expect(await run(['orders', 'list'], '', folder)).toMatchObject({ code: 0 });
});

describe('the CLI with an API key', () => {
  const keyFor = async (...scopes: string[]): Promise<string> =>
    (await creator.post('/v1/api-keys', { name: 'cli', scopes }).expect(201)).body.key;

  it('accepts a key that cannot even list orders, but not an unknown key', async () => {
    const key = await keyFor('refunds:write');
    const logIn = (input: string) => run(['login', '--url', starwall.url], input, join(home, 'narrow'));
    expect(await logIn(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`)).toMatchObject({ code: 1 });
    expect(await logIn(key)).toMatchObject({ code: 0 });
  });

  it('prefers the key in the environment to stored credentials, and calls this machine by default', async () => {
    const folder = join(home, 'both');
    await run(['login', '--url', starwall.url], await keyFor('orders:read'), folder);
    const STARWALL_API_KEY = await keyFor('refunds:write');
    const there = await run(['orders', 'list'], '', folder, { STARWALL_API_KEY, STARWALL_URL: starwall.url });
    expect(there).toMatchObject({ code: 1, err: expect.stringContaining('orders:read') });
    const here = connect({ STARWALL_API_KEY, XDG_CONFIG_HOME: folder });
    await expect(addressOf(await here)).resolves.toBe('http://127.0.0.1:3000');
  });

  it('does not send stored credentials to another platform', async () => {
    const folder = join(home, 'elsewhere');
    await run(['login', '--url', starwall.url], await keyFor('orders:read'), folder);
    const elsewhere = await run(['orders', 'list'], '', folder, { STARWALL_URL: 'http://127.0.0.1:9' });
    expect(elsewhere).toMatchObject({ code: 2, err: expect.stringContaining(`logged in at ${starwall.url}`) });
  });
});

/** Returns the origin that a client calls, from a request that is never sent. */
async function addressOf(client: Awaited<ReturnType<typeof connect>>): Promise<string> {
  let origin = '';
  const fetch = async (request: Request) => {
    ({ origin } = new URL(request.url));
    return Response.json({});
  };
  await client.GET('/v1/me', { fetch });
  return origin;
}

describe('the CLI after login', () => {
  beforeAll(async () => {
    const { code, err } = await run(['login', '--url', starwall.url, '--email', creator.email], PASSWORD);
    if (code !== 0) throw new Error(err);
  });

  it('stores the credential readable by its owner only, and remains logged in after the refresh token has changed', async () => {
    expect(statSync(join(home, 'starwall', 'credentials.json')).mode & 0o777).toBe(0o600);
    for (let n = 0; n < 2; n += 1) expect((await run(['orders', 'list'])).code).toBe(0);
  });

  it('shares one session among concurrent commands that each renew it', async () => {
    const clients = await Promise.all(Array.from({ length: 4 }, () => connect({ XDG_CONFIG_HOME: home })));
    const asked = await Promise.all(clients.map((client) => client.GET('/v1/me', {})));
    expect(asked.map(({ response }) => response.status)).toEqual([200, 200, 200, 200]);
  });

  it('renews the session with the token that another command has stored since', async () => {
    const listening = await connect({ XDG_CONFIG_HOME: home });
    expect((await listening.GET('/v1/me', {})).response.status).toBe(200);
    expect((await run(['orders', 'list'])).code).toBe(0);
    const later = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11 * 60_000);
    const renewed = await listening.GET('/v1/me', {}).finally(() => later.mockRestore());
    expect(renewed.response.status).toBe(200);
    expect((await run(['orders', 'list'])).code).toBe(0);
  });

  it('lists orders as text and as JSON', async () => {
    await sale();
    const people = await run(['orders', 'list']);
    const programs = await run(['--json', 'orders', 'list', '--limit', '1', '--bot', bot.id]);
    expect(people.out).toMatch(/^ord_\w{26} .* 50 Stars {2}buyer \d+$/m);
    expect(JSON.parse(programs.out)).toMatchObject({ object: 'list', data: [{ object: 'order', stars: 50 }] });
  });

  it('finds no problem with a healthy bot, and reports the problems of a paused one', async () => {
    const well = await run(['doctor', bot.id]);
    expect(well).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^No problems found\.\nInline mode is off.*\n  -> .*\/setinline/),
    });
    await starwall.telegram.setUpBot(bot.telegramId, { inline: true });
    expect(await run(['doctor', bot.id])).toMatchObject({ code: 0, out: 'No problems found.\n' });
    await creator.post(`/v1/bots/${bot.id}/pause`).expect(200);
    const ill = await run(['--json', 'doctor', bot.id]);
    await creator.post(`/v1/bots/${bot.id}/resume`).expect(200);
    expect(ill.code).toBe(1);
    expect(JSON.parse(ill.out).findings).toEqual([
      { problem: expect.stringContaining('paused'), remedy: expect.stringContaining('resume') },
    ]);
    expect(await run(['doctor', 'bot_1'])).toMatchObject({ code: 1, err: expect.stringContaining('not valid') });
  });

  it('sends a test event, and resends an event', async () => {
    expect((await run(['trigger', 'endpoint.test'])).err).toContain('no endpoint');
    await creator.post('/v1/endpoints', { url: 'http://127.0.0.1:9/hook' }).expect(201);
    const sent = await run(['--json', 'trigger', 'endpoint.test']);
    const { event_id: id } = JSON.parse(sent.out);
    expect(id).toMatch(/^evt_/);
    await eventually('the event', async () => (await creator.get(`/v1/events/${id}`)).status === 200);
    const endpoint = (await creator.get('/v1/endpoints').expect(200)).body.data[0].id;
    expect(await run(['trigger', 'order.paid'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 endpoint;'),
    });
    expect(await run(['trigger', 'order.eaten'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^ {2}type: \S/m),
    });
    const again = await run(['events', 'resend', id, '--endpoint', endpoint]);
    expect(again).toMatchObject({ code: 0, out: `${id} is being sent to 1 endpoint.\n` });
  });
});

describe('`starwall listen`', () => {
  let server: Server;
  const received: { body: string; headers: Record<string, string> }[] = [];
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}/hook`;
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        received.push({ body, headers: request.headers as Record<string, string> });
        response.writeHead(204).end();
      });
    }).listen(port, '127.0.0.1');
  });
  afterAll(() => server.close());

  it('continues after rate limiting, a restart and a lost connection, and reports them', async () => {
    const event = { object: 'event', id: 'evt_1', type: 'product.stock_low' };
    const answers: (readonly [number, object] | 'hang up')[] = [
      [200, { data: [], has_more: false }],
      [429, { code: 'rate_limited', detail: 'Too many requests.', remedy: 'Wait.' }],
      [503, {}],
      'hang up',
      [200, { data: [event], has_more: false }],
    ];
    const platform = createServer((_, response) => {
      const next = answers.shift() ?? [200, { data: [event], has_more: false }];
      if (next === 'hang up') return void response.destroy();
      response.writeHead(next[0], { 'content-type': 'application/json' }).end(JSON.stringify(next[1]));
    });
    const port = await freePort();
    platform.listen(port, '127.0.0.1');
    const child = start(['listen', '--forward-to', url, '--interval', '0.1'], join(home, 'patient'), {
      STARWALL_URL: `http://127.0.0.1:${port}`,
      STARWALL_API_KEY: 'sw_test_1',
    });
    let err = '';
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
    await eventually('the event', async () => received.some(({ headers }) => headers['webhook-id'] === 'evt_1'));
    child.kill('SIGTERM');
    platform.close();
    platform.closeAllConnections();
    expect(err).toMatch(/Too many requests\.[\s\S]*answered 503[\s\S]*Trying again in 0\.4 s/);
  });

  it('forwards each new event once, with signatures that the official library verifies', async () => {
    const key = await creator.post('/v1/api-keys', { name: 'cli', scopes: ['orders:read'] }).expect(201);
    const folder = join(home, 'listening');
    await run(['login', '--url', starwall.url], key.body.key, folder);
    const child = start(['--json', 'listen', '--forward-to', url, '--interval', '0.1'], folder);
    let out = '';
    child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await eventually('its start', async () => out.includes('whsec_'));
    const { secret } = JSON.parse(out.split('\n')[0] ?? '');
    await sale();
    const paid = await eventually('order.paid', async () => received.find(({ body }) => body.includes('"order.paid"')));
    await eventually('its word', async () => out.includes('"order.paid"'));
    child.kill('SIGTERM');

    const event = new Webhook(secret).verify(paid.body, paid.headers) as { id: string; data: object };
    expect(event).toMatchObject({ object: 'event', type: 'order.paid', data: { object: 'order', stars: 50 } });
    expect(received.filter(({ headers }) => headers['webhook-id'] === event.id)).toHaveLength(1);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(received.length);
  });
});
