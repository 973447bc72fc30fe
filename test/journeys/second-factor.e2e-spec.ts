import type { DataSource } from 'typeorm';
import { newUuid, parseId } from '#libs/kernel';
import { openAsOwner } from '../support/database.js';
import { codeOf, confirmEarly } from '../support/staff.js';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';

const PASSWORD = 'correct horse battery';

let starwall: Starwall;
let owner: DataSource;
// One address is allowed twenty attempts a minute, and each test makes some.
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

describe('the enrolment of an authenticator', () => {
  it('shows secret and recovery codes once, and takes effect when it is confirmed', async () => {
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

  it('requires the password to start, and a start to confirm', async () => {
    const creator = await Creator.signUp(starwall);
    const wrong = await creator.post('/v1/auth/second-factor', { password: 'not the password' }).expect(403);
    expect(wrong.body.code).toBe('wrong_password');
    const early = await creator.post('/v1/auth/second-factor/confirm', { code: '123456' }).expect(409);
    expect(early.body.code).toBe('second_factor_not_begun');
  });

  it('is valid only with the second secret when it is started twice', async () => {
    const creator = await Creator.signUp(starwall);
    const [first, second] = [await begin(creator), await begin(creator)];
    await creator.post('/v1/auth/second-factor/confirm', { code: codeOf(first) }).expect(403);
    await creator.post('/v1/auth/second-factor/confirm', { code: codeOf(second) }).expect(200);
  });

  it('is refused while a second factor is active, with the password or a code', async () => {
    const { creator, seed } = await enrolled();
    const again = await creator.post('/v1/auth/second-factor', { password: PASSWORD }).expect(409);
    expect(again.body.code).toBe('second_factor_active');
    await creator.post('/v1/auth/second-factor/confirm', { code: codeOf(seed) }).expect(409);
  });

  it('takes effect once when confirmed eight times concurrently, with one set of recovery codes', async () => {
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

  it('ends all other sessions, as does turning it off; both are in the audit log', async () => {
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

  it('stores no fast hash of the password, and returns the same recovery codes when the request is repeated', async () => {
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

  it('is refused to API keys', async () => {
    const creator = await Creator.signUp(starwall);
    const { body } = await creator.post('/v1/api-keys', { name: 'Till', scopes: ['orders:read'] }).expect(201);
    for (const path of ['', '/confirm', '/disable']) {
      const call = starwall.http().post(`/v1/auth/second-factor${path}`).set('authorization', `Bearer ${body.key}`);
      expect((await call.send({ password: PASSWORD }).expect(403)).body.code).toBe('missing_scope');
    }
  });

  it('stores neither secret nor recovery codes in readable form, and affects no other account', async () => {
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

describe('a login with a second factor', () => {
  it('is asked for a code only after the right password', async () => {
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
    // The wrong password has not used up the code.
    await logIn(email, { code: codeOf(seed) }).expect(200);
  });

  it('accepts a code once, and no older code', async () => {
    const { email, seed } = await enrolled();
    const code = codeOf(seed, 1);
    await logIn(email, { code }).expect(200);
    for (const used of [code, codeOf(seed)]) {
      expect((await logIn(email, { code: used }).expect(403)).body.code).toBe('wrong_second_factor');
    }
  });

  it('opens one session when the same code is sent eight times concurrently', async () => {
    const { email, seed } = await enrolled();
    const code = codeOf(seed);
    const answers = await Promise.all(Array.from({ length: 8 }, () => logIn(email, { code })));
    const statuses = answers.map(({ status }) => status);
    expect(counted(statuses, 200)).toBe(1);
    expect(statuses.filter((status) => ![200, 403, 429].includes(status))).toEqual([]);
  });

  it('accepts each recovery code once, even when it is sent eight times concurrently', async () => {
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

  it('allows five wrong codes in a minute, and then refuses even the right one', async () => {
    const { email, seed } = await enrolled();
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await logIn(email, { code: '000000' })).status);
    expect(statuses).toEqual([403, 403, 403, 403, 403]);
    expect((await logIn(email, { code: codeOf(seed) }).expect(429)).body.code).toBe('too_many_attempts');
  });

  it.each([[{ code: '12345' }], [{ code: 'abcdef' }], [{ code: 123456 }], [{ recovery_code: 'short' }]])(
    'is refused for a malformed code: %o',
    async (proof) => {
      const { body } = await logIn(`${newUuid()}@starwall.example`, proof).expect(400);
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ path: Object.keys(proof)[0] }] });
    },
  );

  it('ignores a code for an account without a second factor', async () => {
    const creator = await Creator.signUp(starwall);
    await logIn(creator.email, { code: '000000' }).expect(200);
  });
});

describe('an action that requires a password', () => {
  it('requires the second factor, too: accepting an invitation, which stays open until then', async () => {
    const [host, guest] = [await Creator.signUp(starwall), await enrolled()];
    const invitation = { email: guest.email, role: 'viewer' };
    const { token } = (await host.post('/v1/invitations', invitation).expect(201)).body;
    const accept = (proof: object) => post('/v1/invitations/accept', { token, password: PASSWORD, ...proof });
    expect((await accept({}).expect(403)).body.code).toBe('second_factor_required');
    expect((await accept({ code: '000000' }).expect(403)).body.code).toBe('wrong_second_factor');
    const { body } = await accept({ code: codeOf(guest.seed) }).expect(200);
    expect((await me(body.access_token).expect(200)).body).toMatchObject({ email: guest.email, role: 'viewer' });
  });

  it('requires the second factor, too: changing the password, which remains unchanged until then', async () => {
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

describe('the removal of the second factor', () => {
  it('requires the password and a code, and then the password alone is enough', async () => {
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

  it('accepts a recovery code instead, and allows another authenticator to be enrolled', async () => {
    const { creator, email, recoveryCodes } = await enrolled();
    const proof = { password: PASSWORD, recovery_code: recoveryCodes[9] };
    await creator.post('/v1/auth/second-factor/disable', proof).expect(204);
    const seed = await begin(creator);
    await confirmEarly(creator, seed);
    await logIn(email, { recovery_code: recoveryCodes[0] }).expect(403);
    await logIn(email, { code: codeOf(seed) }).expect(200);
  });
});
