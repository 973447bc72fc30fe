import type { DataSource } from 'typeorm';
import { newUuid, parseId } from '#libs/kernel';
import { openAsOwner } from '../support/database.js';
import { codeOf, confirmEarly } from '../support/staff.js';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';

const PASSWORD = 'correct horse battery';

let starwall: Starwall;
let owner: DataSource;
// Twenty attempts a minute are allowed from one address, and every test makes some.
let network = 0;
beforeAll(async () => {
  starwall = await startStarwall({ TRUSTED_PROXIES: '127.0.0.1,::1' });
  owner = await openAsOwner();
});
beforeEach(() => {
  network += 1;
});
afterAll(async () => {
  await owner.destroy();
  await starwall.stop();
});

const post = (path: string, body: object) =>
  starwall.http().post(path).set('x-forwarded-for', `203.0.113.${network}`).send(body);
const logIn = (email: string, proof: object = {}, password = PASSWORD) =>
  post('/v1/auth/login', { email, password, ...proof });
const me = (token: string) => starwall.http().get('/v1/me').set('authorization', `Bearer ${token}`);
const counted = (statuses: readonly number[], status: number) => statuses.filter((one) => one === status).length;

async function begin(creator: Creator): Promise<string> {
  const { body } = await creator.post('/v1/auth/second-factor', { password: PASSWORD }).expect(200);
  return String(body.secret);
}

async function enrolled() {
  const creator = await Creator.signUp(starwall);
  const seed = await begin(creator);
  const body = await confirmEarly(creator, seed);
  return { creator, email: creator.email, seed, recoveryCodes: body.recovery_codes as string[] };
}

describe('enrolling an authenticator', () => {
  it('shows secret and recovery codes once, and protects from its confirmation on', async () => {
    const creator = await Creator.signUp(starwall);
    const begun = await creator.post('/v1/auth/second-factor', { password: PASSWORD }).expect(200);
    const seed = String(begun.body.secret);
    expect(begun.body).toEqual({
      object: 'second_factor_enrolment',
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      otpauth_url: expect.stringContaining(
        `Starwall:${encodeURIComponent(creator.email)}?issuer=Starwall&secret=${seed}`,
      ),
    });
    await logIn(creator.email).expect(200);
    expect((await creator.get('/v1/me').expect(200)).body.second_factor).toBeNull();

    const wrong = await creator.post('/v1/auth/second-factor/confirm', { code: '000000' }).expect(403);
    expect(wrong.body.code).toBe('wrong_second_factor');
    const { body } = await creator.post('/v1/auth/second-factor/confirm', { code: codeOf(seed) }).expect(200);
    expect(body).toEqual({ object: 'second_factor', recovery_codes: expect.any(Array) });
    expect(new Set(body.recovery_codes).size).toBe(10);
    expect((await creator.get('/v1/me').expect(200)).body.second_factor).toEqual({
      confirmed_at: expect.any(String),
      recovery_codes_left: 10,
    });
  });

  it('needs the password, and a beginning', async () => {
    const creator = await Creator.signUp(starwall);
    const wrong = await creator.post('/v1/auth/second-factor', { password: 'not the password' }).expect(403);
    expect(wrong.body.code).toBe('wrong_password');
    const early = await creator.post('/v1/auth/second-factor/confirm', { code: '123456' }).expect(409);
    expect(early.body.code).toBe('second_factor_not_begun');
  });

  it('begun twice is valid with the second secret only', async () => {
    const creator = await Creator.signUp(starwall);
    const [first, second] = [await begin(creator), await begin(creator)];
    await creator.post('/v1/auth/second-factor/confirm', { code: codeOf(first) }).expect(403);
    await creator.post('/v1/auth/second-factor/confirm', { code: codeOf(second) }).expect(200);
  });

  it('is refused while there is one, before and after the password', async () => {
    const { creator, seed } = await enrolled();
    const again = await creator.post('/v1/auth/second-factor', { password: PASSWORD }).expect(409);
    expect(again.body.code).toBe('second_factor_active');
    await creator.post('/v1/auth/second-factor/confirm', { code: codeOf(seed) }).expect(409);
  });

  it('confirmed eight times at once turns it on once, with one set of recovery codes', async () => {
    const creator = await Creator.signUp(starwall);
    const code = codeOf(await begin(creator));
    const confirm = () => creator.post('/v1/auth/second-factor/confirm', { code });
    // At most five attempts a minute are checked.
    const answers = await Promise.all(Array.from({ length: 8 }, confirm));
    expect(
      counted(
        answers.map(({ status }) => status),
        200,
      ),
    ).toBe(1);
    const codes = answers.find(({ status }) => status === 200)?.body.recovery_codes as string[];
    await logIn(creator.email, { recovery_code: codes[0] }).expect(200);
  });

  it('ends every other session, and so does turning it off; both are in the audit log', async () => {
    const creator = await Creator.signUp(starwall);
    const { body: before } = await logIn(creator.email).expect(200);
    const seed = await begin(creator);
    await confirmEarly(creator, seed);
    await me(before.access_token).expect(401);
    await post('/v1/auth/refresh', { refresh_token: before.refresh_token }).expect(401);
    const { body: between } = await logIn(creator.email, { code: codeOf(seed) }).expect(200);
    await creator.post('/v1/auth/second-factor/disable', { password: PASSWORD, code: codeOf(seed, 1) }).expect(204);
    await me(between.access_token).expect(401);
    await creator.get('/v1/me').expect(200);
    const { body: log } = await creator.get('/v1/audit-entries').expect(200);
    expect(log.data).toMatchObject([
      { action: 'second_factor_disable', outcome: 'done', actor: { kind: 'account' } },
      { action: 'auth_log_in', outcome: 'done' },
      { action: 'second_factor_confirm', outcome: 'done' },
      { action: 'second_factor_begin', outcome: 'done' },
      { action: 'auth_log_in', outcome: 'done' },
      { action: 'auth_sign_up', outcome: 'done' },
    ]);
  });

  it('stores no fast hash of the password, and returns the same recovery codes for the same request', async () => {
    const creator = await Creator.signUp(starwall);
    const [first, second] = [newUuid(), newUuid()];
    const begun = creator.post('/v1/auth/second-factor', { password: PASSWORD }).set('idempotency-key', first);
    const code = codeOf((await begun.expect(200)).body.secret);
    expect(await owner.query('select from idempotency_keys where key = $1', [first])).toEqual([]);
    const confirm = () =>
      creator.post('/v1/auth/second-factor/confirm', { code }).set('idempotency-key', second).expect(200);
    const answer = (await confirm()).body;
    expect((await confirm()).body).toEqual(answer);
  });

  it('is for people: API keys cannot use it', async () => {
    const creator = await Creator.signUp(starwall);
    const { body } = await creator.post('/v1/api-keys', { name: 'Till', scopes: ['orders:read'] }).expect(201);
    for (const path of ['', '/confirm', '/disable']) {
      const call = starwall.http().post(`/v1/auth/second-factor${path}`).set('authorization', `Bearer ${body.key}`);
      expect((await call.send({ password: PASSWORD }).expect(403)).body.code).toBe('missing_scope');
    }
  });

  it('stores neither secret nor recovery codes in readable form, and affects no one else', async () => {
    const { creator, seed, recoveryCodes } = await enrolled();
    const { body } = await creator.get('/v1/me').expect(200);
    const [row] = await owner.query('select f::text as text from second_factors f where account_id = $1', [
      parseId('account', body.id),
    ]);
    for (const secret of [seed, ...recoveryCodes]) {
      expect(row.text).not.toContain(secret);
      expect(row.text).not.toContain(Buffer.from(secret).toString('hex'));
    }
    const stranger = await Creator.signUp(starwall);
    expect((await stranger.get('/v1/me').expect(200)).body.second_factor).toBeNull();
    await logIn(stranger.email).expect(200);
  });
});

describe('logging in with a second factor', () => {
  it('is required after the right password, and only then', async () => {
    const { email, seed } = await enrolled();
    const asked = await logIn(email).expect(403);
    expect(asked.body).toMatchObject({ code: 'second_factor_required', remedy: expect.stringContaining('`code`') });
    const answers = [
      await logIn(email, {}, 'not the password'),
      await logIn(email, { code: codeOf(seed) }, 'not the password'),
      await logIn(`${newUuid()}@starwall.example`, { code: codeOf(seed) }),
    ];
    const said = answers.map(({ status, body }) => ({ status, ...body, request_id: '' }));
    expect(said[0]).toMatchObject({ status: 401, code: 'wrong_credentials' });
    expect(said).toEqual([said[0], said[0], said[0]]);
    // The wrong password has not used the code up.
    await logIn(email, { code: codeOf(seed) }).expect(200);
  });

  it('accepts a code once, and none that is older', async () => {
    const { email, seed } = await enrolled();
    const code = codeOf(seed, 1);
    await logIn(email, { code }).expect(200);
    for (const used of [code, codeOf(seed)]) {
      expect((await logIn(email, { code: used }).expect(403)).body.code).toBe('wrong_second_factor');
    }
  });

  it('eight times at once with one code opens one session', async () => {
    const { email, seed } = await enrolled();
    const code = codeOf(seed);
    const answers = await Promise.all(Array.from({ length: 8 }, () => logIn(email, { code })));
    const statuses = answers.map(({ status }) => status);
    expect(counted(statuses, 200)).toBe(1);
    expect(statuses.filter((status) => ![200, 403, 429].includes(status))).toEqual([]);
  });

  it('accepts each recovery code once, even when it is sent eight times at once', async () => {
    const { creator, email, recoveryCodes } = await enrolled();
    const [first = '', second = ''] = recoveryCodes;
    await logIn(email, { recovery_code: first.toUpperCase().replaceAll('-', ' ') }).expect(200);
    expect((await logIn(email, { recovery_code: first }).expect(403)).body.code).toBe('wrong_second_factor');
    const answers = await Promise.all(Array.from({ length: 8 }, () => logIn(email, { recovery_code: second })));
    expect(
      counted(
        answers.map(({ status }) => status),
        200,
      ),
    ).toBe(1);
    expect((await creator.get('/v1/me').expect(200)).body.second_factor.recovery_codes_left).toBe(8);
  });

  it('allows five guesses in a minute, and then not even the right code', async () => {
    const { email, seed } = await enrolled();
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await logIn(email, { code: '000000' })).status);
    expect(statuses).toEqual([403, 403, 403, 403, 403]);
    expect((await logIn(email, { code: codeOf(seed) }).expect(429)).body.code).toBe('too_many_attempts');
  });

  it.each([[{ code: '12345' }], [{ code: 'abcdef' }], [{ code: 123456 }], [{ recovery_code: 'short' }]])(
    'is refused for a code that cannot be one: %o',
    async (proof) => {
      const { body } = await logIn(`${newUuid()}@starwall.example`, proof).expect(400);
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ path: Object.keys(proof)[0] }] });
    },
  );

  it('without one, a code does not matter', async () => {
    const creator = await Creator.signUp(starwall);
    await logIn(creator.email, { code: '000000' }).expect(200);
  });
});

describe('actions that used to need a password alone', () => {
  it('need the second factor as well: accepting an invitation, which stays open until then', async () => {
    const [host, guest] = [await Creator.signUp(starwall), await enrolled()];
    const invitation = { email: guest.email, role: 'viewer' };
    const { token } = (await host.post('/v1/invitations', invitation).expect(201)).body;
    const accept = (proof: object) => post('/v1/invitations/accept', { token, password: PASSWORD, ...proof });
    expect((await accept({}).expect(403)).body.code).toBe('second_factor_required');
    expect((await accept({ code: '000000' }).expect(403)).body.code).toBe('wrong_second_factor');
    const { body } = await accept({ code: codeOf(guest.seed) }).expect(200);
    expect((await me(body.access_token).expect(200)).body).toMatchObject({ email: guest.email, role: 'viewer' });
  });

  it('need the second factor as well: changing the password, which stays the old one until then', async () => {
    const { creator, email, seed, recoveryCodes } = await enrolled();
    const form = { current_password: PASSWORD, new_password: 'another horse battery' };
    const change = (proof: object) => creator.post('/v1/auth/password', { ...form, ...proof });
    expect((await change({}).expect(403)).body.code).toBe('second_factor_required');
    expect((await change({ code: '000000' }).expect(403)).body.code).toBe('wrong_second_factor');
    await change({ code: codeOf(seed) }).expect(204);
    await logIn(email, { recovery_code: recoveryCodes[0] }).expect(401);
    await logIn(email, { recovery_code: recoveryCodes[0] }, form.new_password).expect(200);
  });
});

describe('turning the second factor off', () => {
  it('needs the password and a code, and afterwards the password is enough', async () => {
    const { creator, email, seed } = await enrolled();
    const disable = (form: object) => creator.post('/v1/auth/second-factor/disable', form);
    const code = codeOf(seed);
    const wrong = await disable({ password: 'not the password', code }).expect(403);
    expect(wrong.body.code).toBe('wrong_password');
    expect((await disable({ password: PASSWORD }).expect(403)).body.code).toBe('second_factor_required');
    expect((await disable({ password: PASSWORD, code: '000000' }).expect(403)).body.code).toBe('wrong_second_factor');
    await disable({ password: PASSWORD, code }).expect(204);
    await disable({ password: PASSWORD }).expect(204);
    expect((await creator.get('/v1/me').expect(200)).body.second_factor).toBeNull();
    await logIn(email).expect(200);
  });

  it('accepts a recovery code instead, and another authenticator can be enrolled', async () => {
    const { creator, email, recoveryCodes } = await enrolled();
    const proof = { password: PASSWORD, recovery_code: recoveryCodes[9] };
    await creator.post('/v1/auth/second-factor/disable', proof).expect(204);
    const seed = await begin(creator);
    await confirmEarly(creator, seed);
    await logIn(email, { recovery_code: recoveryCodes[0] }).expect(403);
    await logIn(email, { code: codeOf(seed) }).expect(200);
  });
});
