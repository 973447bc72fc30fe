import { newUuid, publicId } from '#libs/kernel';
import { openAsOwner } from '../support/database.js';
import { Staff } from '../support/staff.js';
import { Creator, newBot, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let creator: Creator;
let bot: RegisteredBot;

beforeAll(async () => {
  starwall = await startStarwall();
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
});
afterAll(() => starwall.stop());

interface Entry {
  readonly id: string;
  readonly action: string;
  readonly outcome: string;
  readonly targets: readonly { readonly kind: string; readonly id: string }[];
  readonly [member: string]: unknown;
}

const entries = async (query = '', who = creator): Promise<Entry[]> =>
  (await who.get(`/v1/audit-entries?limit=100&${query}`).expect(200)).body.data;
const latest = async (query = '') => (await entries(query))[0];

describe('an action of a creator', () => {
  it('is recorded with actor, targets, origin and request', async () => {
    const { id: account } = (await creator.get('/v1/me').expect(200)).body;
    const answer = await creator
      .patch(`/v1/bots/${bot.id}`, { terms_text: 'Secret terms' })
      .set('user-agent', 'till/1.0')
      .expect(200);
    expect(await latest()).toMatchObject({
      object: 'audit_entry',
      action: 'bots_update',
      outcome: 'done',
      actor: { kind: 'account', id: account },
      via: 'session',
      targets: [{ kind: 'bot', id: bot.id }],
      reason: null,
      request_id: answer.headers['request-id'],
      network: '127.0.0.0/24',
      user_agent: 'till/1.0',
    });
    expect(JSON.stringify(await entries())).not.toContain('Secret terms');
  });

  it('is recorded for a successful login, visible to the workspace, but not for a failed one', async () => {
    const logIn = (password: string) =>
      starwall.http().post('/v1/auth/login').set('user-agent', 'a new phone').send({ email: creator.email, password });
    const before = await entries();
    await logIn('not the password').expect(401);
    expect(await entries()).toEqual(before);
    const { headers } = await logIn('correct horse battery').expect(200);
    expect(await latest()).toMatchObject({
      action: 'auth_log_in',
      actor: { kind: 'account', id: (await creator.get('/v1/me').expect(200)).body.id },
      targets: [{ kind: 'session' }],
      request_id: headers['request-id'],
      user_agent: 'a new phone',
    });
  });

  it('is attributed to the API key that made the request', async () => {
    const { body: key } = await creator.post('/v1/api-keys', { name: 'Till', scopes: ['products:write'] }).expect(201);
    expect(await latest()).toMatchObject({ action: 'api_keys_create', targets: [{ kind: 'api_key', id: key.id }] });
    const product = { bot_id: bot.id, kind: 'text', title: 'A', description: 'A', stars: 1, content: 'a' };
    const made = await starwall.http().post('/v1/products').set('authorization', `Bearer ${key.key}`).send(product);
    expect(await latest()).toMatchObject({
      action: 'products_create',
      actor: { kind: 'api_key', id: key.id },
      via: 'api_key',
      targets: [{ kind: 'product', id: made.body.id }],
    });
  });

  it('is not recorded when it is refused before any call to another system', async () => {
    const before = await entries();
    await creator.post('/v1/api-keys', {}).expect(400);
    await creator.post('/v1/api-keys', { name: 'A', scopes: ['keys:write'] });
    await creator.post(`/v1/bots/${publicId('bot', newUuid())}/pause`).expect(404);
    await creator.get('/v1/orders').expect(200);
    expect(await entries()).toEqual(before);
    await creator.post('/v1/bots', { token: bot.token }).expect(409);
    expect(await latest()).toMatchObject({ action: 'bots_register', outcome: 'refused', targets: [] });
  });

  it('is recorded once when the same request is sent twice, in sequence or concurrently', async () => {
    const key = newUuid();
    const body = { name: 'Once', scopes: ['orders:read'] };
    const send = () => creator.post('/v1/api-keys', body).set('idempotency-key', key);
    const made = (await send().expect(201)).body.id;
    await Promise.all([send(), send(), send()]);
    const about = (await entries()).filter(({ targets }) => targets.some(({ id }) => id === made));
    expect(about).toMatchObject([{ action: 'api_keys_create', outcome: 'done' }]);
  });
});

describe('an action that cannot be recorded', () => {
  it('is not carried out, with or without calls to other systems', async () => {
    const owner = await openAsOwner();
    const names = async () => (await creator.get('/v1/api-keys').expect(200)).text;
    const { token } = await newBot(starwall);
    await owner.query('revoke insert on audit_entries from starwall_app');
    try {
      await creator.post('/v1/api-keys', { name: 'Unrecorded', scopes: ['orders:read'] }).expect(500);
      await creator.post('/v1/bots', { token }).expect(500);
    } finally {
      await owner.query('grant insert on audit_entries to starwall_app');
      await owner.destroy();
    }
    expect(await names()).not.toContain('Unrecorded');
    expect((await creator.get('/v1/bots').expect(200)).body.data).toHaveLength(1);
    await creator.post('/v1/bots', { token }).expect(201);
  });
});

describe('the audit log', () => {
  it('is visible to its own workspace only', async () => {
    const stranger = await Creator.signUp(starwall);
    await stranger.registerBot();
    expect((await entries('', stranger)).map(({ action }) => action)).toEqual(['bots_register', 'auth_sign_up']);
  });

  it('is readable by owners and admins, and with an API key that has the scope', async () => {
    for (const [role, status] of [
      ['admin', 200],
      ['support', 403],
      ['viewer', 403],
    ] as const) {
      const email = `${newUuid()}@starwall.example`;
      const { token } = (await creator.post('/v1/invitations', { email, role }).expect(201)).body;
      const acceptance = { token, password: 'correct horse battery' };
      const { body } = await starwall.http().post('/v1/invitations/accept').send(acceptance).expect(200);
      const read = starwall.http().get('/v1/audit-entries').set('authorization', `Bearer ${body.access_token}`);
      await read.expect(status);
    }
    const wish = { name: 'Archive', scopes: ['audit:read'] };
    const { key } = (await creator.post('/v1/api-keys', wish).expect(201)).body;
    await starwall.http().get('/v1/audit-entries').set('authorization', `Bearer ${key}`).expect(200);
  });

  it('is paged in both directions, and can be filtered by action and time', async () => {
    const all = (await entries()).map(({ id }) => id);
    const ids = async (query: string) => (await entries(query)).map(({ id }) => id);
    expect(all.length).toBeGreaterThan(5);
    expect(await ids(`starting_after=${all[2]}`)).toEqual(all.slice(3));
    expect(await ids(`ending_before=${all[2]}`)).toEqual(all.slice(0, 2));
    expect(await ids('created_after=9999-12-31T00:00:00Z')).toEqual([]);
    expect(await ids('created_after=0001-01-01T00:00:00Z')).toEqual(all);
    const registered = await entries('action=bots_register');
    expect(new Set(registered.map(({ action }) => action))).toEqual(new Set(['bots_register']));
  });

  it('can be downloaded as a file, oldest first', async () => {
    const all = await entries();
    const answer = await creator.get('/v1/audit-entries.ndjson').expect(200);
    expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const lines = answer.text ?? String(answer.body);
    const read = lines
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Entry).id);
    expect(read).toEqual(all.map(({ id }) => id).toReversed());
  });
});

describe('an action of staff', () => {
  it('is recorded beforehand, including reads of personal data, and visible to staff with the permission', async () => {
    const [risk, viewer] = [await Staff.with('risk', starwall), await Staff.with('viewer', starwall)];
    const tenantId = (await creator.get('/v1/me').expect(200)).body.tenant.id;
    await viewer.get(`/v1/staff/tenants/${tenantId}`).expect(200);
    await viewer.post(`/v1/staff/tenants/${tenantId}/lift`).expect(403);
    await risk.post(`/v1/staff/tenants/${tenantId}/restrict`, { state: 'warned', reason: 'Only a test.' }).expect(200);
    await risk.post(`/v1/staff/tenants/${tenantId}/restrict`, { state: 'warned', reason: 'Again.' }).expect(409);
    await risk.post(`/v1/staff/tenants/${tenantId}/lift`, { reason: 'It was a test.' }).expect(200);

    const staffLog = async (query: string) =>
      (await risk.get(`/v1/staff/audit-entries?limit=100&${query}`).expect(200)).body.data as Entry[];
    const words = ({ action, outcome, reason }: Entry) => [action, outcome, reason];
    expect((await staffLog(`actor_id=${viewer.id}`)).map(words)).toEqual([
      ['staff_tenants_get', 'done', null],
      ['staff_second_factor_confirmed', 'done', null],
    ]);
    const mine = (await staffLog(`actor_id=${risk.id}&tenant_id=${tenantId}`)).map(words);
    expect(mine).toEqual([
      ['staff_tenants_lift', 'done', 'It was a test.'],
      ['staff_tenants_restrict', 'refused', 'Again.'],
      ['staff_tenants_restrict', 'done', 'Only a test.'],
    ]);
    const seen = (await entries(`action=staff_tenants_restrict`)).map(words);
    expect(seen).toEqual(mine.slice(1));
    expect((await entries()).map(({ action }) => action)).not.toContain('staff_tenants_get');
    await viewer.get('/v1/staff/audit-entries').expect(403);
  });

  it('can also be downloaded as a file', async () => {
    const admin = await Staff.with('admin', starwall);
    const { id } = (await admin.post('/v1/staff/accounts', { email: `${newUuid()}@staff.example`, role: 'viewer' }))
      .body;
    const answer = await admin.get(`/v1/staff/audit-entries.ndjson?actor_id=${admin.id}`).expect(200);
    const lines = String(answer.text ?? answer.body)
      .trim()
      .split('\n');
    const read = lines.map((line) => JSON.parse(line) as Entry);
    expect(read.map(({ action }) => action)).toEqual([
      'staff_second_factor_confirmed',
      'staff_accounts_create',
      'staff_audit_entries_export',
    ]);
    expect(id).toMatch(/^stf_/);
  });
});
