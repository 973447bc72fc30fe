import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api, type Operation } from '../support/openapi.js';
import { type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let api: Api;

beforeAll(async () => {
  starwall = await startStarwall();
  api = await Api.of(starwall);
});
afterAll(() => starwall.stop());

const named = ({ method, path }: Operation) => `${method} ${path}`;
const isKeyed = ({ parameters = [] }: Operation) => parameters.some(({ name }) => name === 'Idempotency-Key');
const without = (has: (operation: Operation) => boolean) => api.operations.filter((one) => !has(one)).map(named);

describe('the OpenAPI document', () => {
  it('gives every operation an id suited to generated clients, a description and an audience', () => {
    expect(without((one) => /^[a-z]+(_[a-z]+)+$/.test(one.operationId))).toEqual([]);
    expect(without((one) => (one.description ?? '').length > 10)).toEqual([]);
    expect(without((one) => one.security !== undefined)).toEqual([]);
  });

  it('describes every tag; a new one belongs in apps/platform/src/documentation/api-tags.ts', () => {
    const described = api.document.tags.map((tag) => tag.name);
    expect(without((one) => (one.tags ?? []).every((tag) => described.includes(tag)))).toEqual([]);
  });

  it('shows an example of every JSON body', () => {
    const lacking = without((one) =>
      Object.values(one.requestBody?.content ?? {}).every((media) => media.example !== undefined),
    );
    expect(lacking).toEqual([]);
  });

  it('shows an example of every JSON answer', () => {
    const lacking = without((one) =>
      Object.entries(one.responses)
        .filter(([status]) => status.startsWith('2'))
        .every(
          ([, { content = {} }]) =>
            content['application/json']?.example !== undefined || !('application/json' in content),
        ),
    );
    expect(lacking).toEqual([]);
  });

  it('lists the headers of every answer: request id, rate limit and retry delay', () => {
    const lacking = (name: string, wanted: (operation: Operation, status: string) => boolean) =>
      api.operations.flatMap((one) =>
        Object.entries(one.responses)
          .filter(([status, { headers = {} }]) => wanted(one, status) && !(name in headers))
          .map(([status]) => `${named(one)} ${status} ${name}`),
      );
    const closed = ({ security = [] }: Operation) => security.length > 0;
    expect(lacking('Request-Id', () => true)).toEqual([]);
    expect(lacking('RateLimit-Remaining', (one, status) => closed(one) && status !== '401')).toEqual([]);
    expect(lacking('Retry-After', (_, status) => status === '429')).toEqual([]);
    expect(lacking('Idempotent-Replayed', (one, status) => isKeyed(one) && status.startsWith('2'))).toEqual([]);
  });

  it('lets creators repeat every write safely, except those with a password, whose key is ignored', () => {
    const writes = api.creators.filter((one) => one.method !== 'get' && (one.security ?? []).length > 0);
    const asksForPassword = (one: Operation) =>
      Object.keys(api.bodyFor(one) ?? {}).some((name) => name.endsWith('password'));
    const others = writes.filter((one) => !isKeyed(one));
    expect(others.filter((one) => !asksForPassword(one)).map(named)).toEqual([]);
    expect(others.map(named)).toContain('post /v1/auth/password');
  });
});

/** Reads the rows of the generated page, by error code. */
const documented = () =>
  new Map(
    [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)].map(([, code, status]) => [
      String(code),
      String(status),
    ]),
  );

const anyParameter = (path: string) => path.replace(/\{\w+\}|\w+_\.\.\./g, '{}');

/** Finds the routes in a text, such as `POST /v1/bots/{id}/pause`, except paths assembled in code. */
const routesIn = (text: string) =>
  [...text.matchAll(/\b(GET|POST|PUT|PATCH|DELETE) (\/v1\/(?:[\w/{}-]|(?<=_)\.{3})+)(?![\w$/-])/g)].map(
    ([, method = '', path = '']) => `${method.toLowerCase()} ${anyParameter(path)}`,
  );

describe('a route mentioned in a text', () => {
  it('exists, in remedies, descriptions and documentation', () => {
    const known = new Set(api.operations.map(({ method, path }) => `${method} ${anyParameter(path)}`));
    const pages = readdirSync('docs').filter((file) => file.endsWith('.md'));
    const texts = ['README.md', ...pages.map((page) => join('docs', page))].map((file) => readFileSync(file, 'utf8'));
    const named = [...texts, ...sources('libs'), ...sources('apps')].flatMap(routesIn);
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((route) => !known.has(route))).toEqual([]);
  });
});

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
}

describe('docs/errors.md, generated by `npm run openapi`,', () => {
  it('has every error code in the source', () => {
    const thrown = [...sources('libs'), ...sources('apps/platform')].flatMap((text) =>
      [...text.matchAll(/^ {2}static readonly code = '(\w+)'/gm)].map(([, code]) => String(code)),
    );
    expect(thrown.length).toBeGreaterThan(50);
    expect(thrown.filter((code) => !documented().has(code))).toEqual([]);
  });

  it('has no error code that is missing from the source', () => {
    const text = [...sources('libs'), ...sources('apps/platform')].join('\n');
    expect([...documented().keys()].filter((code) => !new RegExp(`['\`]${code}['\`]`).test(text))).toEqual([]);
  });

  it('agrees with the document on the status of every error code', () => {
    const known = documented();
    const wrong = api.operations.flatMap((operation) =>
      Object.entries(operation.responses).flatMap(([status, { description }]) =>
        Api.codesOf(description).flatMap((code) =>
          known.get(code) === status ? [] : [`${named(operation)} ${status} ${code}`],
        ),
      ),
    );
    expect(wrong).toEqual([]);
  });
});
