import { randomUUID } from 'node:crypto';
import { idsInLists } from '../support/populated.js';
import { type Hostile, hostileRequests, type Ids, plainRequest } from '../support/hostile.js';
import { Api, type Operation } from '../support/openapi.js';
import { sampled } from '../support/sample.js';
import { Staff } from '../support/staff.js';
import { Buyer, Creator, type Starwall, startStarwall } from '../support/starwall.js';

const AT_ONCE = 6;

let starwall: Starwall;
let api: Api;
let creator: Creator;
let own: Ids;
let others: Ids;
let staff: Staff;

beforeAll(async () => {
  starwall = await startStarwall();
  api = await Api.of(starwall);
  creator = await shop();
  own = await idsInLists(api, creator);
  others = await idsInLists(api, await shop());
  staff = await Staff.with('admin', starwall);
});
afterAll(() => starwall.stop());

/** Creates a creator with one of each object that can be created without waiting. */
async function shop(): Promise<Creator> {
  const made = await Creator.signUp(starwall);
  const bot = await made.registerBot();
  const product = await made.createProduct(bot.id);
  await made.uploadFile('guide.txt', 'a guide');
  await made.post('/v1/endpoints', { url: 'http://127.0.0.1:9/hook', event_types: ['order.expired'] }).expect(201);
  await made.post('/v1/api-keys', { name: 'server', scopes: ['orders:read'] }).expect(201);
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await buyer.pays(await buyer.wants(product));
  return made;
}

const bearer = (someone: Creator) => `Bearer ${String(someone.session['access_token'])}`;

interface Sent {
  readonly url: string;
  readonly body?: string | undefined;
  readonly contentType?: string;
}

async function send(operation: Operation, { url, body, contentType }: Sent, authorization: string | undefined) {
  const answer = await starwall.app.inject({
    method: operation.method.toUpperCase() as 'GET',
    url,
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
      ...(operation.method === 'get' ? {} : { 'idempotency-key': randomUUID() }),
    },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: answer.statusCode, type: String(answer.headers['content-type']), text: answer.body };
}
type Answer = Awaited<ReturnType<typeof send>>;

/** @returns the fault of an answer, if any */
function faultOf(operation: Operation, { status, type, text }: Answer, refused: boolean): string | undefined {
  const documented = operation.responses[String(status)];
  if (status >= 500) return 'a failure of ours';
  if (status < 400) return refused ? 'accepted' : documented === undefined ? 'an undocumented success' : undefined;
  if (!type.startsWith('application/problem+json')) return `refused as ${type}`;
  const { code } = JSON.parse(text) as { code: string };
  // The path left the route.
  if (code === 'no_such_route') return undefined;
  if (documented === undefined) return 'an undocumented status';
  return Api.codesOf(documented.description).includes(code) ? undefined : 'an undocumented code';
}

/** Sends all requests, a few at a time. @returns one line per fault */
async function faults(requests: readonly (() => Promise<string | undefined>)[]): Promise<string[]> {
  const found: string[] = [];
  const queue = requests.values();
  const worker = async () => {
    for (const request of queue) {
      const fault = await request();
      if (fault !== undefined) found.push(fault);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}

const tried = (operation: Operation, request: Hostile, credential: () => string | undefined) => async () => {
  const answer = await send(operation, request, credential());
  const fault = faultOf(operation, answer, request.refused === true);
  if (fault === undefined) return undefined;
  return `${operation.method} ${operation.path} with ${request.what}: ${fault}: ${answer.status} ${answer.text.slice(0, 200)}`;
};

const closed = () => api.operations.filter((one) => (one.security ?? []).length > 0);
/** Tells whether an operation may end the session that all other requests use. */
const endsSession = (one: Operation) => one.path.endsWith('/auth/logout') || one.path === '/v1/sessions/{id}';

describe('hostile input, generated from the API document', () => {
  it('is refused with a documented problem and breaks nothing; attack 12: protected fields cannot be set', async () => {
    const requests = api.operations
      .filter((one) => !endsSession(one))
      .flatMap((one) => {
        // Staff have access to all workspaces.
        const [credential, strangers] = Api.isForStaff(one) ? [staff.bearer, new Map()] : [bearer(creator), others];
        return hostileRequests(api, one, own, strangers).map((hostile) => tried(one, hostile, () => credential));
      });
    expect([...others.keys()]).toEqual(expect.arrayContaining(['bot', 'prod', 'ord', 'we', 'key', 'evt']));
    expect(requests.length).toBeGreaterThan(1_000);
    expect(await faults(sampled(requests))).toEqual([]);
  }, 300_000);
});

describe('a route that is not public', () => {
  const NOT_CREDENTIALS = [
    undefined,
    'Bearer',
    'Bearer x',
    'Bearer sw_test_0000000000000000000000000000000000000000',
    'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.',
    `Basic ${'x'.repeat(5_000)}`,
  ];

  it('refuses every request without a valid credential', async () => {
    const requests = closed().flatMap((one) =>
      NOT_CREDENTIALS.map((credential) => async () => {
        const { status, text } = await send(one, plainRequest(one, own), credential);
        return status === 401 && text.includes('"unauthenticated"')
          ? undefined
          : `${one.method} ${one.path}: ${status}`;
      }),
    );
    expect(await faults(sampled(requests))).toEqual([]);
  });

  it('lets a viewer only read', async () => {
    // Uses another workspace than the one whose limits staff have just changed.
    const viewer = await viewerOf(await Creator.signUp(starwall));
    const creators = closed().filter((one) => !Api.isForStaff(one));
    // Concerns the member's own account, views and emails.
    const isOwn = ({ path }: Operation) =>
      /^\/v1\/(auth|sessions|alerts\/mail|telegram-links|order-views|buyer-views)(\/|$)/.test(path);
    const writes = creators.filter((one) => one.method !== 'get' && !isOwn(one));
    const requests = writes.map((one) => async () => {
      const { status, text } = await send(one, plainRequest(one, own), viewer);
      return status === 403 && text.includes('"missing_scope"')
        ? undefined
        : `${one.method} ${one.path}: ${status} ${text}`;
    });
    expect(await faults(sampled(requests))).toEqual([]);
  });
});

async function viewerOf(owner: Creator): Promise<string> {
  const email = `${randomUUID()}@starwall.example`;
  const invitation = await owner.post('/v1/invitations', { email, role: 'viewer' }).expect(201);
  const form = { token: invitation.body.token, password: 'correct horse battery' };
  const session = await starwall.http().post('/v1/invitations/accept').send(form).expect(200);
  return `Bearer ${String(session.body.access_token)}`;
}
