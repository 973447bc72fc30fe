import { newUuid, publicId } from '#libs/kernel';
import { Api } from '../support/openapi.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let creator: Creator;
let bot: RegisteredBot;
let api: Api;

beforeAll(async () => {
  starwall = await startStarwall();
  api = await Api.of(starwall);
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
});
afterAll(() => starwall.stop());

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly requestId: string | null;
  readonly body: Record<string, unknown>;
}

/** Uses a socket, because supertest would repair the requests that must be malformed here. */
async function send(method: string, path: string, init: { body?: string; headers?: Record<string, string> } = {}) {
  const authorization = `Bearer ${String(creator.session['access_token'])}`;
  const headers = { authorization, 'content-type': 'application/json', ...init.headers };
  const body = init.body === undefined ? {} : { body: init.body };
  const response = await fetch(`${starwall.url}${path}`, { method, headers, ...body });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    requestId: response.headers.get('request-id'),
    body: JSON.parse(text === '' ? '{}' : text) as Record<string, unknown>,
  };
}
const posts = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  send('POST', path, { body: typeof body === 'string' ? body : JSON.stringify(body), headers });

function expectProblem(answer: Answer, status: number, code: string, ...fields: string[]): void {
  expect(answer).toMatchObject({
    status,
    type: expect.stringMatching(/^application\/problem\+json/),
    requestId: expect.stringMatching(/^req_[0-9a-z]{26}$/),
    body: {
      type: `urn:starwall:problem:${code}`,
      title: expect.stringMatching(/\w/),
      status,
      code,
      detail: expect.stringMatching(/\w+.*\.$/),
      remedy: expect.stringMatching(/\w+.*[.:/]/),
      request_id: answer.requestId,
    },
  });
  const errors = (answer.body['errors'] ?? []) as { path: string; message: string }[];
  expect(errors.map((error) => error.path)).toEqual(fields);
  expect(errors.every((error) => error.message.length > 3)).toBe(true);
  expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.js:|\.ts:|select |insert |SQL|Bearer ey/);
}

describe('a malformed request', () => {
  it.each<[string, number, string, () => Promise<Answer>]>([
    ['malformed JSON', 400, 'malformed_body', () => posts('/v1/bots', '{"token":')],
    ['an empty body', 400, 'malformed_body', () => posts('/v1/bots', '')],
    [
      'an unsupported content type',
      415,
      'unsupported_media_type',
      () => posts('/v1/bots', 'x', { 'content-type': 'text/csv' }),
    ],
    ['more than 100 KiB', 413, 'body_too_large', () => posts('/v1/bots', { token: 'x'.repeat(100 * 1024) })],
    ['an unknown path', 404, 'no_such_route', () => send('GET', '/v1/nothing')],
    ['an unsupported method', 404, 'no_such_route', () => send('PUT', '/v1/bots', { body: '{}' })],
    ['a path with a broken escape', 400, 'malformed_path', () => send('GET', '/v1/orders/%zz')],
    ['the root path', 404, 'no_such_route', () => posts('/', {})],
  ])('is refused with a problem document: %s', async (_, status, code, call) => {
    expectProblem(await call(), status, code);
  });
});

describe('an invalid request', () => {
  it.each(['__proto__', 'constructor', 'prototype'])(
    'is refused with the path of a field named %s, at any depth',
    async (name) => {
      expectProblem(await posts('/v1/bots', `{"token":"x","${name}":{"admin":true}}`), 400, 'invalid_request', name);
      const notes = `{"metadata":{"${name}":"a note"}}`;
      expectProblem(await posts('/v1/products', notes), 400, 'invalid_request', `metadata.${name}`);
    },
  );

  it('is refused with the names of unknown query parameters, for any method', async () => {
    const token = JSON.stringify({ token: 'x' });
    expectProblem(await posts('/v1/bots?dry_run=true', token), 400, 'invalid_request', 'dry_run');
    expectProblem(await send('GET', '/v1/me?fields=id'), 400, 'invalid_request', 'fields');
    const removal = await send('DELETE', '/v1/endpoints/we_x?force=1&now', { body: '{}' });
    expectProblem(removal, 400, 'invalid_request', 'force', 'now');
  });

  const product = () => ({
    bot_id: bot.id,
    kind: 'text',
    title: 'Guide',
    description: 'A guide',
    stars: 1,
    content: 'x',
  });
  it.each<[string, () => Promise<Answer>, string[]]>([
    ['unknown fields', () => posts('/v1/products', { ...product(), price: 5 }), ['']],
    ['wrong types', () => posts('/v1/products', { ...product(), stars: '5', title: 7 }), ['title', 'stars']],
    ['a fractional number of Stars', () => posts('/v1/products', { ...product(), stars: 1.5 }), ['stars']],
    ['an array instead of an object', () => posts('/v1/products', []), ['']],
    ['a number instead of an object', () => posts('/v1/products', '5'), ['']],
    ['null instead of an object', () => posts('/v1/products', 'null'), ['']],
    [
      'an id of another kind',
      () => posts('/v1/products', { ...product(), bot_id: publicId('order', newUuid()) }),
      ['bot_id'],
    ],
    ['too large a limit', () => send('GET', '/v1/orders?limit=101'), ['limit']],
    ['a limit of zero', () => send('GET', '/v1/orders?limit=0'), ['limit']],
    ['a limit that is not a number', () => send('GET', '/v1/orders?limit=many'), ['limit']],
    ['an unknown filter', () => send('GET', '/v1/orders?state=paid'), ['']],
    ['a repeated filter', () => send('GET', '/v1/orders?payment_state=paid&payment_state=placed'), ['payment_state']],
    ['a malformed cursor', () => send('GET', '/v1/orders?starting_after=ord_1'), ['starting_after']],
    ['a cursor of another list', () => send('GET', `/v1/orders?starting_after=${bot.id}`), ['starting_after']],
    [
      'a number out of range',
      () => send('GET', '/v1/orders?buyer_telegram_id=99999999999999999999'),
      ['buyer_telegram_id'],
    ],
    ['a malformed id', () => send('GET', '/v1/orders/1'), ['']],
    ['an id with a NUL', () => send('GET', '/v1/orders/ord_%00'), ['']],
    ['an overlong id', () => send('GET', `/v1/orders/${'o'.repeat(8_000)}`), ['']],
  ])('is refused with its invalid fields: %s', async (_, call, fields) => {
    const answer = await call();
    expectProblem(answer, 400, 'invalid_request', ...fields);
  });

  it("is measured by Telegram's limits, in Telegram's units", async () => {
    const answer = await posts('/v1/products', {
      ...product(),
      title: '🧡'.repeat(33),
      description: ' ',
      stars: 0,
      content: '',
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: expect.stringMatching(/^invalid_/), errors: expect.any(Array) });
    await creator
      .post('/v1/products', { ...product(), title: '🧡'.repeat(32), description: 'д'.repeat(255) })
      .expect(201);
  });
});

describe('a credential', () => {
  const me = (authorization: string) => send('GET', '/v1/me', { headers: { authorization } });
  const bearer = (name: 'access_token' | 'refresh_token') => String(creator.session[name]);

  it.each<[string, () => string]>([
    ['missing', () => ''],
    ['a refresh token', () => `Bearer ${bearer('refresh_token')}`],
    ['a garbled access token', () => `Bearer ${bearer('access_token').slice(0, -4)}AAAA`],
    ['a truncated access token', () => `Bearer ${bearer('access_token').split('.')[0]}`],
    ['an access token without its signature', () => `Bearer ${bearer('access_token').replace(/[^.]+$/, '')}`],
    ['of another scheme', () => `Basic ${bearer('access_token')}`],
    ["a bot's token", () => `Bearer ${bot.token}`],
    ['six thousand characters long', () => `Bearer ${'x'.repeat(6_000)}`],
  ])('is rejected when it is %s', async (_, credential) => {
    expectProblem(await me(credential()), 401, 'unauthenticated');
  });

  it('is accepted when it is an access token, with any capitalisation of the scheme', async () => {
    expect((await me(`bearer ${bearer('access_token')}`)).status).toBe(200);
  });
});

describe('a list', () => {
  it('is paged without repetitions or gaps while new objects arrive', async () => {
    const buyers = await Promise.all(Array.from({ length: 9 }, () => Buyer.meets(starwall, bot.telegramId)));
    const product = await creator.createProduct(bot.id);
    for (const buyer of buyers) {
      for (let n = 0; n < 5; n += 1) await starwall.telegram.start(buyer.chat, `buy_${product}`);
    }
    const list = async (query: string) => (await creator.get(`/v1/orders?${query}`).expect(200)).body;
    await eventually('45 orders', async () => (await list('limit=100')).data.length === 45);

    const seen: string[] = [];
    const sizes: number[] = [];
    for (let more = true; more; ) {
      const after = seen.length === 0 ? '' : `&starting_after=${seen.at(-1)}`;
      const page = await list(`bot_id=${bot.id}${after}`);
      seen.push(...page.data.map((order: { id: string }) => order.id));
      sizes.push(page.data.length);
      more = page.has_more;
      await buyers[0]?.wants(product);
    }
    expect(sizes).toEqual([20, 20, 5]);
    expect(new Set(seen).size).toBe(45);
    expect(seen).toEqual(seen.toSorted().toReversed());
    expect(await list(`limit=1&starting_after=${seen.at(-1)}`)).toEqual({ object: 'list', data: [], has_more: false });
    expect((await list('limit=48')).has_more).toBe(false);
    expect((await list('limit=47')).has_more).toBe(true);
  });
});

describe('the documentation', () => {
  it('is an OpenAPI document that describes every route: summary, request, answer and errors', () => {
    expect(api.document.openapi).toBe('3.1.0');
    expect(api.operations.length).toBeGreaterThan(40);
    const gaps = api.operations.flatMap(({ method, path, summary, tags, responses, parameters }) => {
      const codes = Object.keys(responses);
      const good = codes.filter((code) => code.startsWith('2'));
      const contentOf = (code: string) => Object.values(responses[code]?.content ?? {});
      const declared = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      const described = (parameters ?? []).filter((one) => one.in === 'path').map((one) => one.name);
      return [
        [summary !== undefined && summary !== '', 'has no summary'],
        [tags?.length === 1, 'has no tag'],
        [good.length === 1, 'has no success, or several'],
        [
          good.every((code) => code === '204' || contentOf(code)[0]?.schema !== undefined),
          'does not say what it answers',
        ],
        [responses['default']?.content?.['application/problem+json'] !== undefined, 'does not say how it refuses'],
        [declared.every((name) => described.includes(String(name))), 'does not describe its path'],
      ].flatMap(([ok, gap]) => (ok === true ? [] : [`${method} ${path} ${String(gap)}`]));
    });
    expect(gaps).toEqual([]);
  });

  it('lists each operation once and has no dangling references', () => {
    const text = JSON.stringify(api.document);
    const ids = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const wanted = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => String(name)));
    expect([...wanted].filter((name) => !(name in api.document.components.schemas))).toEqual([]);
  });

  it('lists the fields of a real problem document, and has a page at /docs', async () => {
    const { body } = await creator.get('/v1/nothing').expect(404);
    const problem = api.document.components.schemas['Problem'];
    expect(Object.keys(body).toSorted()).toEqual([...(problem?.required ?? [])].toSorted());
    const page = await fetch(`${starwall.url}/docs`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  });
});

it('every answer has a unique request id that a client cannot choose', async () => {
  const answers = await Promise.all([
    send('GET', '/v1/me', { headers: { 'request-id': 'mine' } }),
    send('GET', '/health/live'),
    send('GET', '/v1/nothing'),
  ]);
  const ids = answers.map((answer) => answer.requestId);
  expect(ids).toEqual(ids.map(() => expect.stringMatching(/^req_/)));
  expect(new Set(ids).size).toBe(3);
});
