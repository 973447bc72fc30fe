import { randomBytes, randomUUID } from 'node:crypto';
import type { StaffRole } from '#libs/staff';
import type { Role } from '#libs/tenants';
import { SigningKeys } from '#libs/vault';
import {
  ALSO_NEEDS,
  ANYBODY,
  CREATORS,
  type CreatorGroup,
  idsIn,
  listed,
  STAFF,
  type StaffGroup,
} from '../guards/authorization.js';
import { type Answer, ask, complaints, type Sent } from '../support/asking.js';
import { forge, type Genuine } from '../support/forged.js';
import { plainRequest } from '../support/hostile.js';
import { Api, type Operation } from '../support/openapi.js';
import { Staff } from '../support/staff.js';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';

/** The table's rule for one operation; a public operation has none. */
interface Rule {
  readonly operation: Operation;
  readonly creators: CreatorGroup | undefined;
  readonly staff: StaffGroup | undefined;
}

const LET_THROUGH = 'let through';
type Verdict =
  | typeof LET_THROUGH
  | 'unauthenticated'
  | 'missing_scope'
  | 'missing_permission'
  | 'impersonation_read_only'
  | 'workspace_restricted';

interface Credential {
  readonly who: string;
  readonly expected: (rule: Rule) => Verdict;
}

const KEY_SCOPES = [...new Set(CREATORS.filter(({ keys }) => keys).map(({ scope }) => scope))];
const ROLES = ['owner', 'admin', 'support', 'viewer'] as const satisfies Role[];
const STAFF_ROLES = ['viewer', 'support', 'risk', 'admin'] as const satisfies StaffRole[];

const nothing = (who: string): Credential => ({ who, expected: () => 'unauthenticated' });

const memberWith = (role: Role): Credential => ({
  who: `${role} of the workspace`,
  expected: ({ creators }) => {
    if (creators === undefined) return 'unauthenticated';
    return creators.roles.includes(role) ? LET_THROUGH : 'missing_scope';
  },
});

const keyWith = (...scopes: string[]): Credential => ({
  who: `API key with ${scopes.join(' and ')}`,
  expected: ({ creators, operation }) => {
    if (creators === undefined) return 'unauthenticated';
    const needed = [creators.scope, ALSO_NEEDS[operation.operationId] ?? creators.scope];
    return creators.keys && needed.every((scope) => scopes.includes(scope)) ? LET_THROUGH : 'missing_scope';
  },
});

const staffWho = (role: StaffRole): Credential => ({
  who: `${role} of the platform's staff`,
  expected: ({ staff }) => {
    if (staff === undefined) return 'unauthenticated';
    return staff.roles.includes(role) ? LET_THROUGH : 'missing_permission';
  },
});

const CREDENTIALS: readonly Credential[] = [
  ...[
    'nobody',
    'an access token that has expired',
    'an access token signed with another key',
    'an access token without an algorithm',
    'an access token signed with a longer hash',
    'an access token that calls our key a public one',
    'a refresh token',
    'an access token of a session that has ended',
    'an access token of a member who was removed',
    'an API key that was revoked',
    "a refresh token of staff's",
    "the first half of a staff member's login",
    "an access token of staff's signed with the creators' key",
  ].map(nothing),
  ...ROLES.map(memberWith),
  ...KEY_SCOPES.map((scope) => keyWith(scope)),
  ...Object.entries(ALSO_NEEDS).map(([id, also]) => keyWith(groupOf(CREATORS, id)?.scope ?? '', also)),
  {
    who: 'owner of a workspace that is locked',
    expected: ({ creators }) => {
      if (creators === undefined) return 'unauthenticated';
      return creators.closedWhenLocked ? 'workspace_restricted' : LET_THROUGH;
    },
  },
  ...STAFF_ROLES.map(staffWho),
  {
    who: 'staff who look at the workspace',
    expected: ({ creators, operation }) => {
      if (creators === undefined) return 'unauthenticated';
      return creators.impersonated && operation.method === 'get' ? LET_THROUGH : 'impersonation_read_only';
    },
  },
];

function groupOf<Group extends { operations: string }>(groups: readonly Group[], id: string): Group | undefined {
  return groups.find(({ operations }) => idsIn(operations).includes(id));
}

let starwall: Starwall;
let api: Api;
let owner: Creator;
let rules: Rule[];
/** The credentials by name. */
const tokens = new Map<string, string>();

beforeAll(async () => {
  starwall = await startStarwall();
  api = await Api.of(starwall);
  rules = api.operations.map((operation) => ({
    operation,
    creators: groupOf(CREATORS, operation.operationId),
    staff: groupOf(STAFF, operation.operationId),
  }));
  owner = await Creator.signUp(starwall);
  await makeMembers();
  await makeKeys();
  await makeStaff();
  await makeForgeries();
}, 120_000);
afterAll(() => starwall.stop());

const tokenOf = (someone: { readonly session: Readonly<Record<string, unknown>> }) =>
  String(someone.session['access_token']);
const bearer = (token: string | undefined) => (token === undefined ? {} : { authorization: `Bearer ${token}` });

async function join(role: Role): Promise<{ id: string; token: string }> {
  const form = { email: `${randomUUID()}@starwall.example`, role };
  const invitation = (await owner.post('/v1/invitations', form).expect(201)).body;
  const accepted = { token: invitation.token, password: 'correct horse battery' };
  const { body: session } = await starwall.http().post('/v1/invitations/accept').send(accepted).expect(200);
  const { body: me } = await starwall.http().get('/v1/me').set(bearer(session.access_token)).expect(200);
  return { id: me.id, token: session.access_token };
}

async function makeMembers(): Promise<void> {
  tokens.set(memberWith('owner').who, tokenOf(owner));
  for (const role of ['admin', 'support', 'viewer'] as const)
    tokens.set(memberWith(role).who, (await join(role)).token);
  const removed = await join('admin');
  await owner.delete(`/v1/members/${removed.id}`).expect(204);
  tokens.set('an access token of a member who was removed', removed.token);
  const gone = await Creator.signUp(starwall);
  await gone.post('/v1/auth/logout').expect(204);
  tokens.set('an access token of a session that has ended', tokenOf(gone));
}

async function makeKeys(): Promise<void> {
  const make = async (scopes: readonly string[]) =>
    (await owner.post('/v1/api-keys', { name: 'matrix', scopes }).expect(201)).body;
  const pairs = Object.entries(ALSO_NEEDS).map(([id, also]) => [groupOf(CREATORS, id)?.scope ?? '', also]);
  for (const scopes of [...KEY_SCOPES.map((scope) => [scope]), ...pairs]) {
    tokens.set(keyWith(...scopes).who, (await make(scopes)).key);
  }
  const revoked = await make(KEY_SCOPES);
  await owner.delete(`/v1/api-keys/${revoked.id}`).expect(204);
  tokens.set('an API key that was revoked', revoked.key);
}

async function makeStaff(): Promise<void> {
  for (const role of STAFF_ROLES) tokens.set(staffWho(role).who, tokenOf(await Staff.with(role, starwall)));
  const [looker, risk] = [await Staff.with('support', starwall), await Staff.with('risk', starwall)];
  tokens.set("a refresh token of staff's", String(looker.session['refresh_token']));
  const { body: half } = await starwall.http().post('/v1/staff/auth/login').send(looker.credentials).expect(200);
  tokens.set("the first half of a staff member's login", half.challenge);

  const locked = await Creator.signUp(starwall);
  tokens.set('owner of a workspace that is locked', tokenOf(locked));
  const tenantOf = async (someone: Creator) => (await someone.get('/v1/me').expect(200)).body.tenant.id;
  const reason = 'The matrix asks for it.';
  const restriction = { state: 'locked', reason };
  await risk.post(`/v1/staff/tenants/${await tenantOf(locked)}/restrict`, restriction).expect(200);
  const path = `/v1/staff/tenants/${await tenantOf(owner)}/impersonate`;
  tokens.set('staff who look at the workspace', (await looker.post(path, { reason }).expect(200)).body.access_token);
}

async function makeForgeries(): Promise<void> {
  const secret = (await starwall.app.get(SigningKeys).signer('access')).secret.export();
  const genuine: Genuine = { token: tokenOf(owner), secret };
  const past = { exp: Math.floor(Date.now() / 1_000) - 1 };
  const forgeries = {
    'an access token that has expired': forge(genuine, { claims: past }),
    'an access token signed with another key': forge(genuine, { secret: randomBytes(32) }),
    'an access token without an algorithm': forge(genuine, { head: { alg: 'none' } }),
    'an access token signed with a longer hash': forge(genuine, { head: { alg: 'HS512' }, hash: 'sha512' }),
    'an access token that calls our key a public one': forge(genuine, { head: { alg: 'RS256' } }),
    'a refresh token': String(owner.session['refresh_token']),
    "an access token of staff's signed with the creators' key": forge(
      { token: tokens.get(staffWho('admin').who) ?? '', secret },
      {},
    ),
  };
  for (const [who, token] of Object.entries(forgeries)) tokens.set(who, token);
  // Ensures that each forgery differs from a valid token in one respect only.
  await starwall
    .http()
    .get('/v1/me')
    .set(bearer(forge(genuine, {})))
    .expect(200);
}

/** Uses ids of missing things and an empty body, because authorization is checked first. */
function harmless(operation: Operation): Sent {
  const { url, body } = plainRequest(operation, new Map());
  return { url, body: body === undefined ? undefined : '{}' };
}

function verdictOf({ responses }: Operation, { status, text }: Answer): string {
  if (status === 401 || status === 403) return (JSON.parse(text) as { code: string }).code;
  return status < 500 && responses[String(status)] !== undefined ? LET_THROUGH : `${status} ${text.slice(0, 200)}`;
}

/** Operations with a cookie check the request's origin, which is missing here (see test/dashboard/door.e2e-spec.ts). */
const isForPages = ({ parameters = [] }: Operation) => parameters.some(({ name }) => name === 'Starwall-Browser');

describe('the table of permissions', () => {
  it('lists every operation of the API exactly once', () => {
    expect(listed().toSorted()).toEqual(api.operations.map(({ operationId }) => operationId).toSorted());
  });

  it("agrees with the API's own description", () => {
    const said = ({ creators, staff }: Rule) => {
      if (staff !== undefined) return ['staff_token'];
      return creators === undefined ? [] : ['access_token', ...(creators.keys ? ['api_key'] : [])];
    };
    const names = ({ operation }: Rule) => (operation.security ?? []).flatMap((one) => Object.keys(one));
    expect(rules.map((rule) => [rule.operation.operationId, names(rule)])).toEqual(
      rules.map((rule) => [rule.operation.operationId, said(rule)]),
    );
  });
});

describe('attack 29: every operation', () => {
  const closed = () => rules.filter(({ creators, staff }) => creators !== undefined || staff !== undefined);
  const endsSession = ({ operation }: Rule) => operation.operationId.endsWith('auth_log_out');

  it.each(CREDENTIALS)('accepts and refuses credentials according to the table: $who', async ({ who, expected }) => {
    expect(tokens.has(who) || who === 'nobody').toBe(true);
    const judge = async (rule: Rule) => {
      const answer = await ask(starwall, rule.operation, harmless(rule.operation), tokens.get(who));
      const [wanted, verdict] = [expected(rule), verdictOf(rule.operation, answer)];
      return wanted === verdict ? undefined : `${rule.operation.operationId}: ${verdict}, and not ${wanted}`;
    };
    const [last, first] = [closed().filter(endsSession), closed().filter((rule) => !endsSession(rule))];
    expect([...(await complaints(first, judge)), ...(await complaints(last, judge))]).toEqual([]);
  });

  it.each([
    ['without a credential', undefined],
    ['with an invalid credential', 'no credential at all'],
  ])('is accepted %s if it is public', async (_what, token) => {
    const open = rules.filter(({ operation }) => idsIn(ANYBODY).includes(operation.operationId));
    const judge = async ({ operation }: Rule) => {
      const verdict = verdictOf(operation, await ask(starwall, operation, harmless(operation), token));
      return verdict === (isForPages(operation) ? 'foreign_page' : LET_THROUGH)
        ? undefined
        : `${operation.operationId}: ${verdict}`;
    };
    expect(await complaints(open, judge)).toEqual([]);
  });
});
