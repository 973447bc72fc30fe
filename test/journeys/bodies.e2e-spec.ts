import { Agent, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

/** In bytes; exceeds the buffers between a client and a server. */
const LENGTH = 8 * 1024 * 1024;
const TYPE = { 'content-type': 'multipart/form-data; boundary=x' };

/** Opens one connection to a server, observed from both ends. */
const connectTo = (server: Server) => {
  const { port } = server.address() as AddressInfo;
  const accepted: Socket[] = [];
  server.on('connection', (socket: Socket) => accepted.push(socket));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post = (path: string, body: Buffer, headers: Record<string, string> = {}) =>
    new Promise<number | undefined>((answered, failed) => {
      const options = { port, path, method: 'POST', agent, headers: { ...TYPE, ...headers } };
      const sent = httpRequest(options, (answer) => answered(answer.resume().statusCode));
      sent.once('error', failed).end(body);
    });
  return { accepted, post, close: () => agent.destroy() };
};

describe('every answer', () => {
  it('has the security headers', async () => {
    const creator = await Creator.signUp(starwall);
    const answers = [
      await starwall.http().get('/v1/me').expect(401),
      await creator.get('/v1/me').expect(200),
      await creator.get('/v1/nowhere').expect(404),
      await creator.post('/v1/products', { title: 5 }).expect(400),
      await starwall.http().get('/v1/%zz').expect(400),
      await starwall.http().get('/docs').expect(200),
    ];
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'self'"),
        'strict-transport-security': expect.stringMatching(/^max-age=\d{7,}/),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'request-id': expect.stringMatching(/^req_/),
      });
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });
});

describe('a public resource', () => {
  it('is generated once and revalidated with 304', async () => {
    const first = await starwall.http().get('/docs/openapi.json').expect(200);
    const etag = String(first.headers['etag']);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const { text } = await starwall.http().get('/docs/openapi.json').set('if-none-match', known).expect(304);
      expect(text).toBe('');
    }
    await starwall.http().get('/docs/openapi.json').set('if-none-match', '"other"').expect(200);
    await starwall.http().get('/docs-yaml').expect(404);
  });

  it('must be requested in time: incomplete requests and silent connections are closed after minutes', async () => {
    const { headersTimeout, requestTimeout, timeout } = starwall.app.getHttpServer();
    expect({ headersTimeout, requestTimeout, timeout }).toEqual({
      headersTimeout: 30_000,
      requestTimeout: 300_000,
      timeout: 360_000,
    });
  });
});

describe('a large refused body', () => {
  it.each([
    ['the platform', '/v1/files', () => starwall.app.getHttpServer()],
    ['the ingress', '/telegram/unknown', () => starwall.ingress.getHttpServer()],
  ])('is not read by %s at once, but its connection remains usable', async (_server, path, server) => {
    const { accepted, post, close } = connectTo(server());
    expect(await post(path, Buffer.alloc(LENGTH))).toBe(401);
    await eventually('the rest is not read', async () => accepted[0]?.isPaused());
    expect(accepted[0]?.bytesRead).toBeLessThan(LENGTH);
    // The agent has one connection, which is free again once the first body has been sent.
    expect(await post(path, Buffer.alloc(1))).toBe(401);
    expect(accepted).toHaveLength(1);
    expect(accepted[0]?.bytesRead).toBeGreaterThan(LENGTH);
    close();
  });

  it('can be refused midway: a list of keys whose first lines exceed the limit', async () => {
    const creator = await Creator.signUp(starwall);
    const bot = await creator.registerBot();
    const wish = { bot_id: bot.id, kind: 'licence_key', title: 'Pro', description: 'One seat', stars: 50 };
    const product = String((await creator.post('/v1/products', wish).expect(201)).body.id);
    const { accepted, post, close } = connectTo(starwall.app.getHttpServer());
    const upload = (list: Buffer) => {
      const head = '--x\r\nContent-Disposition: form-data; name="file"; filename="keys.csv"\r\n\r\n';
      const body = Buffer.concat([Buffer.from(head), list, Buffer.from('\r\n--x--\r\n')]);
      return post(`/v1/products/${product}/keys/file`, body, {
        authorization: `Bearer ${String(creator.session['access_token'])}`,
      });
    };
    expect(await upload(Buffer.alloc(LENGTH, '\n'))).toBe(400);
    expect(accepted[0]?.bytesRead).toBeLessThan(LENGTH);
    expect(await upload(Buffer.from('AAAA-1'))).toBe(201);
    expect(accepted).toHaveLength(1);
    close();
  });
});

describe('attack 28: a malicious body', () => {
  const sends = (body: string | Buffer, headers: Record<string, string> = {}) =>
    starwall.app
      .inject({
        method: 'POST',
        url: '/v1/auth/login',
        headers: { 'content-type': 'application/json', ...headers },
        payload: body,
      })
      .then(({ statusCode, body: said }) => ({
        status: statusCode,
        code: (JSON.parse(said) as { code: string }).code,
      }));
  const wrapped = (value: string) => `{"email":"a@b.example","password":"x","more":${value}}`;

  it('is refused when it is larger than 100 KiB', async () => {
    expect(await sends(wrapped(`"${'x'.repeat(100 * 1024)}"`))).toEqual({ status: 413, code: 'body_too_large' });
    expect((await sends(wrapped(`"${'x'.repeat(90 * 1024)}"`))).code).toBe('invalid_request');
  });

  it.each([33, 1_000, 20_000])('is refused when it nests lists or objects %i levels deep', async (depth) => {
    for (const [open, shut] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const body = wrapped(`${open.repeat(depth)}1${shut.repeat(depth)}`);
      const { status } = await sends(body);
      expect([400, 413]).toContain(status);
    }
  });

  it('is refused when it is a list of 50,000 items or has 10,000 fields', async () => {
    const fields = Array.from({ length: 5_000 }, (_, n) => `"f${n}":1`).join();
    for (const body of [wrapped(`[${'1,'.repeat(40_000)}1]`), `{${fields}}`])
      expect(await sends(body)).toEqual({ status: 400, code: 'invalid_request' });
  });

  it('is not decompressed, so a compressed body is refused as invalid JSON', async () => {
    const bomb = gzipSync(wrapped(`"${' '.repeat(50_000_000)}"`));
    expect(bomb.length).toBeLessThan(100 * 1024);
    const { status, code } = await sends(bomb, { 'content-encoding': 'gzip' });
    expect({ status, code }).toEqual({ status: 400, code: 'malformed_body' });
  });

  it.each(['__proto__', 'constructor'])('does not change a prototype through a field named %s', async (name) => {
    const { status } = await sends(`{"email":"a@b.example","password":"x","${name}":{"prototype":{"a":1},"a":1}}`);
    expect(status).toBe(400);
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });
});

// Must run last: it stops the platform.
describe('a large body of a refused request', () => {
  it('does not delay the shutdown of a process', async () => {
    const { accepted, post } = connectTo(starwall.app.getHttpServer());
    expect(await post('/v1/files', Buffer.alloc(LENGTH))).toBe(401);
    await starwall.app.close();
    expect(accepted[0]?.destroyed).toBe(true);
  });
});
