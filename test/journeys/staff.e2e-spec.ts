import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { newUuid, publicId } from '#libs/kernel';
import { databaseSettings } from '../support/database.js';
import { codeOf, Staff } from '../support/staff.js';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let admin: Staff;

beforeAll(async () => {
  starwall = await startStarwall();
  admin = await Staff.with('admin', starwall);
});
afterAll(() => starwall.stop());

const auth = (path: string, body: object) => starwall.http().post(`/v1/staff/auth/${path}`).send(body);
const logIn = async ({ email, password }: { email: string; password: string }) =>
  (await auth('login', { email, password }).expect(200)).body;

describe('the first admin', () => {
  it('is created by a command, enrols an authenticator, and adds other staff', async () => {
    const email = `${newUuid()}@staff.example`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['dist/commands/staff.js', 'create', '--email', email, '--role', 'admin'],
      { env: { ...process.env, ...databaseSettings() } },
    );
    const password = /shown once: (\S+)/.exec(stdout)?.[1];
    const first = await Staff.enrols(starwall, email, String(password));
    expect((await first.get('/v1/staff/me').expect(200)).body).toMatchObject({ object: 'staff', email, role: 'admin' });
    const made = await first.post('/v1/staff/accounts', { email: `${newUuid()}@staff.example`, role: 'viewer' });
    expect([made.status, made.body.role, made.body.second_factor_at]).toEqual([201, 'viewer', null]);
    await Staff.enrols(starwall, made.body.email, made.body.password);
    const { body: list } = await first.get('/v1/staff/accounts?limit=1').expect(200);
    expect(list.data[0]).toMatchObject({ id: made.body.id, second_factor_at: expect.any(String) });
    expect(JSON.stringify(list)).not.toContain(made.body.password);
  });
});

describe('a staff login', () => {
  it('gives no access with the password alone', async () => {
    const asked = await logIn(admin);
    expect(asked).toMatchObject({ object: 'staff_challenge', enrolment: null });
    const me = await starwall.http().get('/v1/staff/me').set('authorization', `Bearer ${asked.challenge}`);
    expect([me.status, me.body.code]).toEqual([401, 'unauthenticated']);
  });

  it('accepts a code once, even when it is sent three times concurrently', async () => {
    const viewer = await Staff.with('viewer', starwall);
    const { challenge } = await logIn(viewer);
    // The current code was used to enrol.
    const code = codeOf(viewer.seed, 1);
    const answers = await Promise.all([1, 2, 3].map(() => auth('confirm', { challenge, code })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
    expect((await auth('confirm', { challenge, code }).expect(401)).body.code).toBe('wrong_code');
  });

  it('accepts each recovery code once', async () => {
    const viewer = await Staff.with('viewer', starwall);
    const codes = viewer.session['recovery_codes'] as string[];
    expect(codes).toHaveLength(10);
    const { challenge } = await logIn(viewer);
    const recover = (recovery_code: string) => auth('recover', { challenge, recovery_code });
    expect((await recover(String(codes[0]?.toUpperCase())).expect(200)).body.recovery_codes).toBeNull();
    expect((await recover(String(codes[0])).expect(401)).body.code).toBe('wrong_code');
    await recover(String(codes[1])).expect(200);
  });

  it('allows five wrong codes in a minute', async () => {
    const viewer = await Staff.with('viewer', starwall);
    const { challenge } = await logIn(viewer);
    const codes: string[] = [];
    for (let i = 0; i < 6; i += 1) codes.push((await auth('confirm', { challenge, code: '000000' })).body.code);
    expect(codes).toEqual([...Array<string>(5).fill('wrong_code'), 'too_many_attempts']);
  });

  it('gives the same answer for a wrong password, an unknown address and a disabled account', async () => {
    const viewer = await Staff.with('viewer', starwall);
    await admin.post(`/v1/staff/accounts/${viewer.id}/disable`).expect(200);
    const answers = await Promise.all([
      auth('login', { email: admin.email, password: 'wrong' }),
      auth('login', { email: `${newUuid()}@staff.example`, password: 'wrong' }),
      auth('login', viewer.credentials),
    ]);
    const said = answers.map(({ status, body }) => ({ status, ...body, request_id: '' }));
    expect(said[0]).toMatchObject({ status: 401, code: 'wrong_credentials' });
    expect(said).toEqual([said[0], said[0], said[0]]);
  });
});

describe('a staff session', () => {
  it('is refreshed with a token that works once', async () => {
    const viewer = await Staff.with('viewer', starwall);
    const refresh = (token: unknown) => auth('refresh', { refresh_token: token });
    const next = (await refresh(viewer.session['refresh_token']).expect(200)).body;
    expect((await refresh(viewer.session['refresh_token']).expect(409)).body.code).toBe('refresh_in_progress');
    const latest = (await refresh(next.refresh_token).expect(200)).body;
    await starwall.http().get('/v1/staff/me').set('authorization', `Bearer ${latest.access_token}`).expect(200);
    expect((await refresh('x'.repeat(43)).expect(401)).body.code).toBe('refresh_token_invalid');
  });

  it('ends with a logout, which invalidates all its tokens', async () => {
    const viewer = await Staff.with('viewer', starwall);
    await viewer.post('/v1/staff/auth/logout').expect(204);
    await viewer.get('/v1/staff/me').expect(401);
    await auth('refresh', { refresh_token: viewer.session['refresh_token'] }).expect(401);
  });

  it("cannot be used in the API for creators, nor a creator's session in the API for staff", async () => {
    const creator = await Creator.signUp(starwall);
    await creator.get('/v1/staff/me').expect(401);
    await creator.get('/v1/staff/accounts').expect(401);
    await admin.get('/v1/me').expect(401);
    await admin.get('/v1/orders').expect(401);
  });
});

describe('staff accounts', () => {
  it('cannot change their own permissions', async () => {
    const own = `/v1/staff/accounts/${admin.id}`;
    for (const answer of [
      await admin.post(`${own}/disable`),
      await admin.post(`${own}/reset-second-factor`),
      await admin.patch(own, { role: 'viewer' }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([409, 'not_yourself']);
    }
  });

  it('can be disabled at once in this process, and enabled again', async () => {
    const support = await Staff.with('support', starwall);
    await admin.post(`/v1/staff/accounts/${support.id}/disable`).expect(200);
    await support.get('/v1/staff/me').expect(401);
    await auth('refresh', { refresh_token: support.session['refresh_token'] }).expect(401);
    await admin.post(`/v1/staff/accounts/${support.id}/enable`).expect(200);
    await logIn(support);
  });

  it('enrol a new authenticator after a reset, which invalidates logins in progress', async () => {
    const support = await Staff.with('support', starwall);
    const before = await logIn(support);
    await admin.post(`/v1/staff/accounts/${support.id}/reset-second-factor`).expect(200);
    const late = await auth('confirm', { challenge: before.challenge, code: codeOf(support.seed, 1) }).expect(401);
    expect(late.body.code).toBe('challenge_invalid');
    const codes = support.session['recovery_codes'] as string[];
    const { challenge, enrolment } = await logIn(support);
    await auth('recover', { challenge, recovery_code: codes[0] }).expect(401);
    expect(enrolment.secret).not.toBe(support.seed);
    await auth('confirm', { challenge, code: codeOf(enrolment.secret) }).expect(200);
  });

  it('cannot both be disabled when two admins disable each other concurrently', async () => {
    const [a, b] = await Promise.all([Staff.with('admin', starwall), Staff.with('admin', starwall)]);
    const answers = await Promise.all([
      a.post(`/v1/staff/accounts/${b.id}/disable`),
      b.post(`/v1/staff/accounts/${a.id}/disable`),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('have unique email addresses', async () => {
    const body = { email: admin.email.toUpperCase(), role: 'viewer' };
    expect((await admin.post('/v1/staff/accounts', body).expect(409)).body.code).toBe('staff_exists');
  });

  it.each(['viewer', 'support', 'risk'] as const)('cannot be managed by the role %s', async (role) => {
    const staff = await Staff.with(role, starwall);
    const other = `/v1/staff/accounts/${admin.id}`;
    for (const answer of [
      await staff.get('/v1/staff/accounts'),
      await staff.post('/v1/staff/accounts', { email: `${newUuid()}@staff.example`, role: 'admin' }),
      await staff.post(`${other}/disable`),
      await staff.patch(other, { role: 'viewer' }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([403, 'missing_permission']);
    }
    expect((await admin.get('/v1/staff/me').expect(200)).body).toMatchObject({ role: 'admin', disabled_at: null });
  });

  it('return 404 when they do not exist', async () => {
    await admin.post(`/v1/staff/accounts/${publicId('staff', newUuid())}/disable`).expect(404);
  });
});
