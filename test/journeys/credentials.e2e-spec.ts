import type { DataSource } from 'typeorm';
import { newUuid } from '#libs/kernel';
import { KEY_SCOPES, ROLE_SCOPES } from '#libs/tenants';
import { openAsOwner } from '../support/database.js';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';

const PASSWORD = 'correct horse battery';

let starwall: Starwall;
let owner: DataSource;

beforeAll(async () => {
  [starwall, owner] = await Promise.all([startStarwall(), openAsOwner()]);
});
afterAll(() => Promise.all([starwall.stop(), owner.destroy()]));

type Method = 'get' | 'post' | 'patch' | 'delete';

/** Returns a client that uses the given credential. */
const as = (credential: string) => (method: Method, path: string, body?: object) =>
  starwall.http()[method](path).set('authorization', `Bearer ${credential}`).send(body);
const open = (path: string, body: object) => starwall.http().post(path).send(body);
const newEmail = () => `${newUuid()}@starwall.example`;

async function makeKey(creator: Creator, wish: object = {}) {
  const { body } = await creator.post('/v1/api-keys', { name: 'Till', scopes: KEY_SCOPES, ...wish }).expect(201);
  return { key: String(body.key), id: String(body.id), body, call: as(String(body.key)) };
}

/** @returns a client for the new member */
async function join(creator: Creator, role: string) {
  const email = newEmail();
  const { body: invitation } = await creator.post('/v1/invitations', { email, role }).expect(201);
  const { body: session } = await open('/v1/invitations/accept', { token: invitation.token, password: PASSWORD });
  const { body: me } = await as(session.access_token)('get', '/v1/me').expect(200);
  return { id: String(me.id), email, session, call: as(String(session.access_token)) };
}

describe('an API key', () => {
  it('is shown once, works instead of a session, and records its last use', async () => {
    const creator = await Creator.signUp(starwall);
    const { body, call } = await makeKey(creator, { scopes: ['bots:read'] });
    expect(body).toMatchObject({ object: 'api_key', livemode: false, state: 'active', scopes: ['bots:read'] });
    expect(body.key).toMatch(/^sw_test_[0-9A-Za-z]{49}$/);
    await call('get', '/v1/bots').expect(200);

    const used = async (): Promise<{ last_used_at: string | null }> => {
      const { body: list } = await creator.get('/v1/api-keys').expect(200);
      expect(JSON.stringify(list)).not.toContain(body.key);
      return list.data[0].last_used_at === null ? used() : list.data[0];
    };
    expect(Date.now() - Date.parse(String((await used()).last_used_at))).toBeLessThan(60_000);
  });

  it('is rejected when it is forged, misspelt, revoked or expired', async () => {
    const creator = await Creator.signUp(starwall);
    const [revoked, expired, good] = [await makeKey(creator), await makeKey(creator), await makeKey(creator)];
    await revoked.call('get', '/v1/bots').expect(200);
    await creator.delete(`/v1/api-keys/${revoked.id}`).expect(204);
    await owner.query(
      `update api_keys set created_at = now() - interval '2 days', expires_at = now() - interval '1 day'
       where hash = sha256(convert_to($1, 'UTF8'))`,
      [expired.key],
    );
    const misspelt = good.key.slice(0, -1) + (good.key.endsWith('a') ? 'b' : 'a');
    const forged = `sw_test_${'A'.repeat(49)}`;
    const inOtherMode = good.key.replace('sw_test_', 'sw_live_');
    for (const key of [revoked.key, expired.key, misspelt, forged, inOtherMode, 'sw_', '']) {
      const { body } = await as(key)('get', '/v1/bots').expect(401);
      expect(body.code).toBe('unauthenticated');
    }
    await good.call('get', '/v1/bots').expect(200);
    const { body: list } = await creator.get('/v1/api-keys').expect(200);
    expect(list.data.map(({ state }: { state: string }) => state)).toEqual(['active', 'expired', 'revoked']);
  });

  it('gives access to its own workspace only, and cannot be revoked by another', async () => {
    const [ada, bob] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    const bot = await ada.registerBot();
    const [adas, bobs] = [await makeKey(ada), await makeKey(bob)];
    await adas.call('get', `/v1/bots/${bot.id}`).expect(200);
    await bobs.call('get', `/v1/bots/${bot.id}`).expect(404);
    await bob.delete(`/v1/api-keys/${adas.id}`).expect(404);
    await adas.call('get', '/v1/bots').expect(200);
  });

  it('grants exactly its scopes', async () => {
    const creator = await Creator.signUp(starwall);
    const reads = { 'bots:read': '/v1/bots', 'products:read': '/v1/products', 'orders:read': '/v1/orders' };
    const seen: Record<string, number[]> = {};
    for (const scope of Object.keys(reads)) {
      const { call } = await makeKey(creator, { scopes: [scope] });
      seen[scope] = [];
      for (const path of Object.values(reads)) seen[scope].push((await call('get', path)).status);
    }
    expect(seen).toEqual({
      'bots:read': [200, 403, 403],
      'products:read': [403, 200, 403],
      'orders:read': [403, 403, 200],
    });
    const { call } = await makeKey(creator, { scopes: ['products:read'] });
    const { body } = await call('post', '/v1/products', {}).expect(403);
    expect(body).toMatchObject({ code: 'missing_scope', remedy: expect.stringContaining('API key') });
  });

  it('cannot manage keys, members or sessions, even with all scopes', async () => {
    const creator = await Creator.signUp(starwall);
    const { call, id } = await makeKey(creator);
    const attempts: ReadonlyArray<readonly [Method, string, object?]> = [
      ['post', '/v1/api-keys', { name: 'Another', scopes: ['bots:read'] }],
      ['get', '/v1/api-keys'],
      ['delete', `/v1/api-keys/${id}`],
      ['post', '/v1/invitations', { email: newEmail(), role: 'owner' }],
      ['get', '/v1/invitations'],
      ['get', '/v1/members'],
      ['post', '/v1/auth/logout'],
      ['post', '/v1/auth/password', { current_password: PASSWORD, new_password: 'another horse battery' }],
      ['post', '/v1/auth/switch', { tenant_id: 'ten_' }],
      ['get', '/v1/me'],
    ];
    for (const [method, path, body] of attempts) {
      expect([path, (await call(method, path, body)).status]).toEqual([path, 403]);
    }
  });

  it('can be created by owners and admins, with at most their own scopes', async () => {
    const creator = await Creator.signUp(starwall);
    const wish = (scopes: readonly string[]) => ({ name: 'Till', scopes });
    const [admin, support] = [await join(creator, 'admin'), await join(creator, 'support')];
    // Only owners can export.
    const theirs = KEY_SCOPES.filter((scope) => scope !== 'export:read');
    await admin.call('post', '/v1/api-keys', wish(theirs)).expect(201);
    await admin.call('post', '/v1/api-keys', wish(KEY_SCOPES)).expect(403);
    await support.call('post', '/v1/api-keys', wish(['bots:read'])).expect(403);
    for (const scopes of [[], ['self'], ['keys:write'], ['members:write'], ['everything']]) {
      await creator.post('/v1/api-keys', wish(scopes)).expect(400);
    }
    await creator.post('/v1/api-keys', { ...wish(['bots:read']), expires_at: '2020-01-01T00:00:00Z' }).expect(400);
    await creator.post('/v1/api-keys', { ...wish(['bots:read']), expires_at: '2999-01-01T00:00:00Z' }).expect(400);
  });

  it('is created once per Idempotency-Key, and the keys of different credentials are independent', async () => {
    const creator = await Creator.signUp(starwall);
    const make = () =>
      creator.post('/v1/api-keys', { name: 'Till', scopes: ['products:write'] }).set('Idempotency-Key', 'k');
    const [first, second] = [await make().expect(201), await make().expect(201)];
    expect(second.body.key).toBe(first.body.key);
    expect((await creator.get('/v1/api-keys')).body.data).toHaveLength(1);

    const bot = await creator.registerBot();
    const product = { bot_id: bot.id, kind: 'text', title: 'A', description: 'A', stars: 5, content: 'goods' };
    const [one, two] = [await makeKey(creator), await makeKey(creator)];
    const ids = [one, two].map(async ({ call }) => {
      const { body } = await call('post', '/v1/products', product).set('Idempotency-Key', 'k').expect(201);
      return body.id as string;
    });
    expect(new Set(await Promise.all(ids)).size).toBe(2);
  });
});

describe('a member', () => {
  it('joins by an invitation passed on by the creator, with the permissions of the role', async () => {
    const creator = await Creator.signUp(starwall);
    const viewer = await join(creator, 'viewer');
    await viewer.call('get', '/v1/orders').expect(200);
    await viewer.call('post', '/v1/products', {}).expect(403);
    await viewer.call('get', '/v1/members').expect(403);
    const { body } = await creator.get('/v1/members').expect(200);
    expect(body.data).toEqual([
      expect.objectContaining({ object: 'member', id: viewer.id, email: viewer.email, role: 'viewer' }),
      expect.objectContaining({ email: creator.email, role: 'owner' }),
    ]);
    const { body: sent } = await creator.get('/v1/invitations').expect(200);
    expect(sent.data).toEqual([expect.objectContaining({ state: 'accepted', accepted_by: viewer.id })]);
    expect(sent.data[0]).not.toHaveProperty('token');
  });

  it('receives another role and is removed with immediate effect', async () => {
    const creator = await Creator.signUp(starwall);
    const guest = await join(creator, 'viewer');
    await guest.call('get', '/v1/api-keys').expect(403);
    const { body } = await creator.patch(`/v1/members/${guest.id}`, { role: 'admin' }).expect(200);
    expect(body).toMatchObject({ id: guest.id, email: guest.email, role: 'admin' });
    const { body: made } = await guest
      .call('post', '/v1/api-keys', { name: 'Theirs', scopes: ['bots:read'] })
      .expect(201);
    await as(made.key)('get', '/v1/bots').expect(200);

    await creator.delete(`/v1/members/${guest.id}`).expect(204);
    await guest.call('get', '/v1/bots').expect(401);
    await as(made.key)('get', '/v1/bots').expect(401);
    await open('/v1/auth/refresh', { refresh_token: guest.session.refresh_token }).expect(401);
    const { body: login } = await open('/v1/auth/login', { email: guest.email, password: PASSWORD }).expect(403);
    expect(login.code).toBe('no_workspace');
  });

  it('cannot be removed or demoted as the last owner', async () => {
    const creator = await Creator.signUp(starwall);
    const { body: me } = await creator.get('/v1/me').expect(200);
    expect((await creator.delete(`/v1/members/${me.id}`).expect(409)).body.code).toBe('last_owner');
    expect((await creator.patch(`/v1/members/${me.id}`, { role: 'viewer' }).expect(409)).body.code).toBe('last_owner');
  });

  it('cannot be seen, changed or removed by another workspace, nor can an invitation be cancelled', async () => {
    const [ada, bob] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    const guest = await join(ada, 'viewer');
    const { body: invitation } = await ada.post('/v1/invitations', { email: newEmail(), role: 'viewer' }).expect(201);
    await bob.patch(`/v1/members/${guest.id}`, { role: 'owner' }).expect(404);
    await bob.delete(`/v1/members/${guest.id}`).expect(404);
    await bob.delete(`/v1/invitations/${invitation.id}`).expect(404);
    expect((await bob.get('/v1/members')).body.data).toHaveLength(1);
    expect((await bob.get('/v1/invitations')).body.data).toEqual([]);
  });

  it('can switch between several workspaces', async () => {
    const [home, abroad] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    const invitation = await abroad.post('/v1/invitations', { email: home.email, role: 'support' }).expect(201);
    await open('/v1/invitations/accept', { token: invitation.body.token, password: 'not the password' }).expect(401);
    await open('/v1/invitations/accept', { token: invitation.body.token, password: PASSWORD }).expect(200);
    await open('/v1/invitations/accept', { token: invitation.body.token, password: PASSWORD }).expect(404);

    const { body: me } = await home.get('/v1/me').expect(200);
    expect(me.workspaces.map(({ role }: { role: string }) => role)).toEqual(['owner', 'support']);
    expect(me.scopes).toEqual(expect.arrayContaining(['refunds:write', 'workspace:write']));
    const { body: there } = await home.post('/v1/auth/switch', { tenant_id: me.workspaces[1].id }).expect(200);
    expect(there).not.toHaveProperty('refresh_token');
    const { body: now } = await as(there.access_token)('get', '/v1/me').expect(200);
    expect(now).toMatchObject({ id: me.id, role: 'support', tenant: { id: me.workspaces[1].id } });
    expect(now.scopes).toContain('refunds:write');
    expect(now.scopes).not.toContain('workspace:write');
    const stranger = await Creator.signUp(starwall);
    await stranger.post('/v1/auth/switch', { tenant_id: me.workspaces[0].id }).expect(404);
  });

  it('can be invited by an admin to the lower roles only', async () => {
    const creator = await Creator.signUp(starwall);
    const admin = await join(creator, 'admin');
    const statuses: number[] = [];
    for (const role of Object.keys(ROLE_SCOPES)) {
      statuses.push((await admin.call('post', '/v1/invitations', { email: newEmail(), role })).status);
    }
    expect(statuses).toEqual([403, 403, 201, 201]);
  });
});

describe('a new password', () => {
  it('requires the old one, and ends all other sessions at once', async () => {
    const creator = await Creator.signUp(starwall);
    const { body: other } = await open('/v1/auth/login', { email: creator.email, password: PASSWORD }).expect(200);
    await as(other.access_token)('get', '/v1/me').expect(200);
    const form = { current_password: PASSWORD, new_password: 'another horse battery' };
    const wrong = await creator.post('/v1/auth/password', { ...form, current_password: 'a guess of mine' }).expect(403);
    expect(wrong.body.code).toBe('wrong_password');
    const key = newUuid();
    await creator.post('/v1/auth/password', form).set('Idempotency-Key', key).expect(204);
    // A fingerprint of the request would be a fast hash of both passwords.
    expect(await owner.query('select from idempotency_keys where key = $1', [key])).toEqual([]);
    await as(other.access_token)('get', '/v1/me').expect(401);
    await open('/v1/auth/refresh', { refresh_token: other.refresh_token }).expect(401);
    await creator.get('/v1/me').expect(200);
    await open('/v1/auth/login', { email: creator.email, password: PASSWORD }).expect(401);
  });

  it('cannot be set by guessing with a stolen token: the sixth guess within a minute is refused', async () => {
    const creator = await Creator.signUp(starwall);
    const guess = () =>
      creator.post('/v1/auth/password', { current_password: 'a guess of mine', new_password: 'another horse battery' });
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await guess()).status);
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429]);
    expect(Number((await guess().expect(429)).headers['retry-after'])).toBeGreaterThan(0);
  });
});
