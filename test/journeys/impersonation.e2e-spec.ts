import { newUuid, publicId } from '#libs/kernel';
import { Api, type Operation } from '../support/openapi.js';
import { Staff } from '../support/staff.js';
import { Creator, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let api: Api;
let admin: Staff;
let creator: Creator;
let bot: RegisteredBot;
let tenantId: string;

beforeAll(async () => {
  starwall = await startStarwall();
  [api, admin, creator] = await Promise.all([
    Api.of(starwall),
    Staff.with('admin', starwall),
    Creator.signUp(starwall),
  ]);
  bot = await creator.registerBot();
  tenantId = (await creator.get('/v1/me').expect(200)).body.tenant.id;
});
afterAll(() => starwall.stop());

const reason = 'Asked for help with a bot.';
const begin = async (staff: Staff): Promise<string> => {
  const { body } = await staff.post(`/v1/staff/tenants/${tenantId}/impersonate`, { reason }).expect(200);
  return body.access_token;
};
const as = (token: string, { method, path }: Pick<Operation, 'method' | 'path'>) =>
  starwall.http()[method](path.replace('{id}', bot.id)).set('authorization', `Bearer ${token}`);
const look = (token: string, path: string) => as(token, { method: 'get', path });

describe('staff who impersonate a workspace', () => {
  it('can read what its members read, for ten minutes, under their own name', async () => {
    const { body } = await admin.post(`/v1/staff/tenants/${tenantId}/impersonate`, { reason }).expect(200);
    expect(body).toMatchObject({ object: 'impersonation', tenant_id: tenantId, expires_in: 600 });
    const claims = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({ act: { sub: expect.any(String) } });
    expect(claims.exp - claims.iat).toBe(600);
    const { body: bots } = await look(body.access_token, '/v1/bots').expect(200);
    expect(bots.data).toMatchObject([{ id: bot.id }]);
    for (const path of ['/v1/orders', '/v1/members', '/v1/audit-entries', '/v1/support-threads']) {
      await look(body.access_token, path).expect(200);
    }
  });

  it('cannot write by any route, and are told why', async () => {
    const token = await begin(admin);
    const writes = api.creators.filter(({ method, security = [] }) => method !== 'get' && security.length > 0);
    expect(writes.length).toBeGreaterThan(30);
    for (const operation of writes) {
      const { status, body } = await as(token, operation).send(api.bodyFor(operation) ?? {});
      expect([operation.path, status, body.code]).toEqual([operation.path, 403, 'impersonation_read_only']);
    }
    expect((await look(token, '/v1/me').expect(403)).body.code).toBe('impersonation_read_only');
  });

  it('cannot export the workspace, which needs a separate permission', async () => {
    const support = await Staff.with('support', starwall);
    const token = await begin(support);
    expect((await look(token, '/v1/export').expect(403)).body.code).toBe('impersonation_read_only');
    const { body } = await support.get(`/v1/staff/tenants/${tenantId}/export`).expect(403);
    expect(body.code).toBe('missing_permission');
  });

  it('cannot use a staff route with the token, or see another workspace', async () => {
    const token = await begin(admin);
    await look(token, '/v1/staff/me').expect(401);
    const other = await (await Creator.signUp(starwall)).registerBot();
    expect((await look(token, `/v1/bots/${other.id}`).expect(404)).body.code).toBe('not_found');
  });

  it('are visible to the workspace, with the reason and each request of the visit', async () => {
    const support = await Staff.with('support', starwall);
    const token = await begin(support);
    await look(token, '/v1/orders').expect(200);
    await look(token, `/v1/bots/${bot.id}`).expect(200);
    const { body } = await creator.get('/v1/audit-entries?limit=3').expect(200);
    const actor = { kind: 'staff', id: support.id };
    expect(body.data).toMatchObject([
      { action: 'bots_get', actor, via: 'impersonation', targets: [{ kind: 'bot', id: bot.id }], outcome: 'done' },
      { action: 'orders_list', actor, via: 'impersonation', targets: [] },
      {
        action: 'staff_tenants_impersonate',
        actor,
        via: 'staff',
        reason,
        outcome: 'done',
        targets: [{ id: tenantId }, {}],
      },
    ]);
  });

  it('lose access when their session ends, when they are disabled, and when their role changes', async () => {
    const [a, b, c] = await Promise.all(
      (['support', 'support', 'risk'] as const).map((role) => Staff.with(role, starwall)),
    );
    const all = [a, b, c] as [Staff, Staff, Staff];
    const tokens = await Promise.all(all.map(begin));
    for (const token of tokens) await look(token, '/v1/bots').expect(200);
    await all[0].post('/v1/staff/auth/logout').expect(204);
    await admin.post(`/v1/staff/accounts/${all[1].id}/disable`).expect(200);
    await admin.patch(`/v1/staff/accounts/${all[2].id}`, { role: 'viewer' }).expect(200);
    for (const token of tokens) await look(token, '/v1/bots').expect(401);
  });

  it('lose access at once when they leave, and the workspace sees when they left', async () => {
    const support = await Staff.with('support', starwall);
    const token = await begin(support);
    await look(token, '/v1/bots').expect(200);
    const end = (access_token: string) => starwall.http().post('/v1/staff/visits/end').send({ access_token });
    for (let n = 0; n < 2; n += 1) await end(token).expect(204);
    await look(token, '/v1/bots').expect(401);
    const { body } = await creator.get('/v1/audit-entries?action=staff_visits_end').expect(200);
    const mine = body.data.filter((it: { actor: { id: string } }) => it.actor.id === support.id);
    expect(mine).toMatchObject([
      { via: 'impersonation', outcome: 'done', targets: [{ kind: 'tenant', id: tenantId }] },
    ]);
    // The session continues, and other visits are not affected.
    const next = await begin(support);
    await look(next, '/v1/bots').expect(200);
    const session = String(creator.session['access_token']);
    await end(session).expect(204);
    await creator.get('/v1/bots').expect(200);
  });

  it('need the permission, a reason and an existing workspace', async () => {
    const viewer = await Staff.with('viewer', starwall);
    const path = `/v1/staff/tenants/${tenantId}/impersonate`;
    expect((await viewer.post(path, { reason }).expect(403)).body.code).toBe('missing_permission');
    for (const body of [{}, { reason: '  ' }, { reason: 'x'.repeat(501) }]) await admin.post(path, body).expect(400);
    await admin.post(`/v1/staff/tenants/${publicId('tenant', newUuid())}/impersonate`, { reason }).expect(404);
  });
});
