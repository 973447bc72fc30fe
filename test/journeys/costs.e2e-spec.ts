import { randomUUID } from 'node:crypto';
import { costOf } from '../support/cost.js';
import { idsInLists } from '../support/populated.js';
import { type Ids, plainRequest } from '../support/hostile.js';
import { Api, type Operation } from '../support/openapi.js';
import { sampled } from '../support/sample.js';
import { Staff } from '../support/staff.js';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';

/** The maximum CPU time of the event loop's thread per request, in milliseconds. */
const AT_MOST = 50;

const MARKS = '\u0315\u0300\u05ae';
const bytes = (unit: string, size: number) => unit.repeat(Math.floor(size / Buffer.byteLength(unit)));

/** Texts that are expensive to process unless their length is checked first. */
const TEXTS: Readonly<Record<string, (size: number) => string>> = {
  'combining marks': (size) => `a${bytes(MARKS, size)}`,
  'short runs of combining marks': (size) => bytes(`a${MARKS.repeat(10)}`, size),
  'line breaks': (size) => bytes('\n', size),
  'a long line': (size) => bytes('x', size),
  'bait for patterns': (size) => `${bytes('a@a.', size - 10)}!`,
  'blanks and a letter': (size) => `${bytes(' \t', size - 1)}a`,
};

/** Bodies of at most 100 KiB that are expensive to walk. */
const BODIES: Readonly<Record<string, string>> = {
  'deep and wide': `${'{"a":'.repeat(30)}[${'0,'.repeat(50_000)}0]${'}'.repeat(30)}`,
  'nested without end': '['.repeat(102_000),
  'many names': `{${Array.from({ length: 10_000 }, (_, n) => `"${n}":1`).join()}}`,
  'many faults': `{"a":[${'"\\u0000",'.repeat(11_000)}0]}`,
};
const SIZE = 98_000;

/** The fields that contain free text. */
const WRITTEN = new Set(['title', 'description', 'content', 'keys', 'text', 'metadata', 'email', 'terms_text', 'name']);

let starwall: Starwall;
let api: Api;
let creator: Creator;
let own: Ids;
let staff: Staff;
beforeAll(async () => {
  starwall = await startStarwall();
  api = await Api.of(starwall);
  creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  await creator.createProduct(bot.id, { kind: 'licence_key', content: null });
  own = await idsInLists(api, creator);
  staff = await Staff.with('admin', starwall);
});
afterAll(() => starwall.stop());

const bearerFor = (operation: Operation) =>
  Api.isForStaff(operation) ? staff.bearer : `Bearer ${String(creator.session['access_token'])}`;

interface Sent {
  readonly url: string;
  readonly body?: string | Buffer | undefined;
  readonly type?: string;
  readonly authorization?: string | undefined;
}

type Asked = Pick<Operation, 'method' | 'path'>;

async function statusOf({ method }: Asked, { url, body, type = 'application/json', authorization }: Sent) {
  const answer = await starwall.app.inject({
    method: method.toUpperCase() as 'POST',
    url,
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(body === undefined ? {} : { 'content-type': type, 'idempotency-key': randomUUID() }),
    },
    ...(body === undefined ? {} : { payload: body }),
  });
  return answer.statusCode;
}

/** @returns the fault of an answer: too expensive, or a server error */
async function faultOf(asked: Asked, what: string, sent: Sent) {
  let status = 0;
  const cost = await costOf(async () => {
    status = await statusOf(asked, sent);
  }, AT_MOST);
  const name = `${asked.method} ${asked.path} with ${what}`;
  if (status >= 500) return [`${name}: ${status}`];
  return cost <= AT_MOST ? [] : [`${name}: ${Math.round(cost)} ms`];
}

async function faults(all: readonly (() => Promise<string[]>)[]): Promise<string[]> {
  const found: string[] = [];
  for (const one of all) found.push(...(await one()));
  return found;
}

/** Tells whether an operation ends the session that all other requests use. */
const endsSession = (one: Operation) => one.path.endsWith('/auth/logout') || one.path === '/v1/sessions/{id}';
const jsonOf = (operation: Operation) => operation.requestBody?.content['application/json'];

function fieldsOf(operation: Operation): string[] {
  const schema = api.resolve(jsonOf(operation)?.schema ?? {});
  return Object.keys(schema.properties ?? {});
}

describe('attack 28: 100 KB of hostile text', () => {
  it('costs less than 50 ms in any field of any route', async () => {
    const taking = api.operations.filter((one) => jsonOf(one) !== undefined && !endsSession(one));
    expect(taking.length).toBeGreaterThan(60);
    const requests = taking.flatMap((one) => {
      const { url, body = '{}' } = plainRequest(one, own);
      const base = JSON.parse(body) as Record<string, unknown>;
      const authorization = bearerFor(one);
      const kinds = Object.entries(TEXTS);
      return fieldsOf(one).flatMap((field, n) => {
        const written = WRITTEN.has(field);
        // Free text is tried with every kind in every shape; every other field with one kind, in turn.
        const chosen = written ? kinds : kinds.slice(n % kinds.length, (n % kinds.length) + 1);
        return chosen.flatMap(([what, text]) => {
          const shapes = [text(SIZE), ...(written ? [[text(SIZE)], { [text(SIZE)]: 'x' }] : [])];
          return shapes.map((value) => () => {
            const body = JSON.stringify({ ...base, [field]: value });
            return faultOf(one, `${what} in ${field}`, { url, authorization, body });
          });
        });
      });
    });
    expect(requests.length).toBeGreaterThan(300);
    expect(await faults(sampled(requests))).toEqual([]);
  }, 600_000);

  it('costs any route less than 50 ms as a body, with and without a credential', async () => {
    const writes = api.operations.filter((one) => one.method !== 'get' && !endsSession(one));
    const requests = writes.flatMap((one, n) => {
      const { url } = plainRequest(one, own);
      const kinds = Object.entries(BODIES);
      const [what, body] = kinds[n % kinds.length] ?? ['', ''];
      return [bearerFor(one), undefined].map((authorization) => () => faultOf(one, what, { url, body, authorization }));
    });
    expect(await faults(sampled(requests))).toEqual([]);
  }, 600_000);

  it('costs less than 50 ms as a query parameter', async () => {
    const requests = api.operations
      .filter((one) => !endsSession(one))
      .flatMap((one) => {
        const { url } = plainRequest(one, own);
        const names = (one.parameters ?? []).filter(({ in: where }) => where === 'query').map(({ name }) => name);
        return names.map((name, n) => () => {
          const kinds = Object.entries(TEXTS);
          const [what, text] = kinds[n % kinds.length] ?? kinds[0] ?? ['', () => ''];
          const value = encodeURIComponent(text(2_400));
          return faultOf(one, `${what} in ?${name}`, { url: `${url}?${name}=${value}`, authorization: bearerFor(one) });
        });
      });
    expect(requests.length).toBeGreaterThan(50);
    expect(await faults(sampled(requests))).toEqual([]);
  }, 600_000);

  it('costs less than 50 ms as a file or its name', async () => {
    const uploads = api.operations.filter((one) => 'multipart/form-data' in (one.requestBody?.content ?? {}));
    expect(uploads.length).toBeGreaterThanOrEqual(2);
    const requests = uploads.flatMap((one) =>
      Object.entries(TEXTS).flatMap(([what, text]) => {
        const { url } = plainRequest(one, own);
        const part = (name: string, content: string) =>
          Buffer.from(
            `--b\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n${content}\r\n--b--\r\n`,
          );
        const sent = { url, authorization: bearerFor(one), type: 'multipart/form-data; boundary=b' };
        return [
          () => faultOf(one, `a file of ${what}`, { ...sent, body: part('keys.csv', text(1_000_000)) }),
          () =>
            faultOf(one, `a name of ${what}`, {
              ...sent,
              body: part(`${text(60_000).replaceAll(/[\n\t]/g, '_')}.csv`, 'x'),
            }),
        ];
      }),
    );
    expect(await faults(sampled(requests))).toEqual([]);
  }, 600_000);
});
