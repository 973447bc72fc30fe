import { randomBytes } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { newUuid } from '#libs/kernel';
import { SecretBox } from '#libs/runtime';
import { Creator, type Starwall, startStarwall } from '../../../../../test/support/starwall.js';
import { accessKey } from './access-tokens.service.js';

const MASTER_KEY = randomBytes(32);
const PASSWORD = 'correct horse battery';

let starwall: Starwall;
beforeEach(async () => {
  starwall = await startStarwall({ STARWALL_MASTER_KEY: MASTER_KEY.toString('base64') });
});
afterEach(() => starwall.stop());

const post = (path: string, body: object) => starwall.http().post(path).send(body);
const logIn = (email: string, password: string) => post('/v1/auth/login', { email, password });
const tokenOf = (creator: Creator) => String(creator.session['access_token']);
const me = (token: string) => starwall.http().get('/v1/me').set('authorization', `Bearer ${token}`);

describe('a session', () => {
  it('begins with signing up, is refreshed, and ends with logging out', async () => {
    const email = `${newUuid()}@starwall.example`;
    const form = { email: email.toUpperCase(), password: PASSWORD, workspace: 'A shop' };
    const { body: first } = await post('/v1/auth/sign-up', form).expect(201);
    expect(first).toEqual({
      object: 'session',
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      refresh_token: expect.any(String),
      tenant: expect.objectContaining({ object: 'tenant', name: 'A shop', state: 'active' }),
    });
    const { body: account } = await me(first.access_token).expect(200);
    expect(account).toMatchObject({ object: 'account', email, role: 'owner', tenant: first.tenant });

    const { body: second } = await post('/v1/auth/refresh', { refresh_token: first.refresh_token }).expect(200);
    const crossed = await post('/v1/auth/refresh', { refresh_token: first.refresh_token }).expect(409);
    expect(crossed.body).toMatchObject({ code: 'refresh_in_progress', remedy: expect.any(String) });

    const authorization = `Bearer ${second.access_token}`;
    await starwall.http().post('/v1/auth/logout').set('authorization', authorization).expect(204);
    await me(second.access_token).expect(401);
    await me(first.access_token).expect(401);
    const ended = await post('/v1/auth/refresh', { refresh_token: second.refresh_token }).expect(401);
    expect(ended.body.code).toBe('refresh_token_invalid');
  });

  it('is refused to who cannot say who they are, in one and the same way', async () => {
    const { email } = await Creator.signUp(starwall);
    const wrong = await logIn(email, 'not the password').expect(401);
    const unknown = await logIn(`${newUuid()}@starwall.example`, PASSWORD).expect(401);
    expect({ ...unknown.body, request_id: '' }).toEqual({ ...wrong.body, request_id: '' });
    await logIn(email, PASSWORD).expect(200);
  });

  it('is refused to a sixth guess within a minute, whether the account exists or not', async () => {
    const { email } = await Creator.signUp(starwall);
    const statuses: number[][] = [];
    for (const address of [email, `${newUuid()}@starwall.example`]) {
      const seen: number[] = [];
      for (let i = 0; i < 6; i += 1) seen.push((await logIn(address, 'not the password')).status);
      statuses.push(seen);
    }
    expect(statuses).toEqual(Array.from({ length: 2 }, () => [401, 401, 401, 401, 401, 429]));
    const refused = await logIn(email, PASSWORD).expect(429);
    expect(refused.body.code).toBe('too_many_attempts');
  });

  it('is refused to an address that tried twenty times within a minute', async () => {
    for (let i = 0; i < 20; i += 1) await logIn(`${newUuid()}@starwall.example`, PASSWORD).expect(401);
    await logIn(`${newUuid()}@starwall.example`, PASSWORD).expect(429);
  });

  it.each([
    [{ email: 'ada', password: PASSWORD, workspace: 'A' }, 'email'],
    [{ email: 'ada@starwall.example', password: 'too short', workspace: 'A' }, 'password'],
    [{ email: 'ada@starwall.example', password: 'x'.repeat(201), workspace: 'A' }, 'password'],
    [{ email: 'ada@starwall.example', password: PASSWORD, workspace: ' ' }, 'workspace'],
  ])('is refused to a form that is filled in badly: %o', async (form, path) => {
    const { body } = await post('/v1/auth/sign-up', form).expect(400);
    expect(body).toMatchObject({ code: 'invalid_request', errors: [{ path }] });
  });

  it('is refused for an unknown field, and for an address that is taken', async () => {
    const { email } = await Creator.signUp(starwall);
    const form = { email, password: PASSWORD, workspace: 'A' };
    await post('/v1/auth/sign-up', { ...form, role: 'owner' }).expect(400);
    expect((await post('/v1/auth/sign-up', form).expect(409)).body.code).toBe('email_taken');
  });
});

describe('attack 18: a crafted access token', () => {
  type Claims = Readonly<Record<'sub' | 'tid' | 'sid', string>>;

  const secret = accessKey(new SecretBox(MASTER_KEY));
  const good = { issuer: 'starwall', audience: 'starwall-api', expiresIn: 900, secret } as const;
  const header = { alg: 'HS256', typ: 'at+jwt' } as const;
  const jwt = new JwtService();

  /** What the token of a session that stands says. */
  const claimsOf = (creator: Creator): Claims => {
    const { sub, tid, sid } = jwt.decode<Claims>(tokenOf(creator));
    return { sub, tid, sid };
  };

  it('opens what it is for', async () => {
    const creator = await Creator.signUp(starwall);
    await me(tokenOf(creator)).expect(200);
    // The forgeries below differ from this one in one thing each.
    await me(jwt.sign(claimsOf(creator), { ...good, header })).expect(200);
  });

  it.each<[string, (claims: Claims) => string]>([
    ['nothing', () => ''],
    ['nonsense', () => 'a.b.c'],
    ['another key', (claims) => jwt.sign(claims, { ...good, header, secret: randomBytes(32) })],
    [
      'another algorithm',
      (claims) => jwt.sign(claims, { ...good, header: { alg: 'HS512', typ: 'at+jwt' }, algorithm: 'HS512' }),
    ],
    ['no algorithm', unsigned],
    ['another type', (claims) => jwt.sign(claims, good)],
    ['another issuer', (claims) => jwt.sign(claims, { ...good, header, issuer: 'somebody' })],
    ['another audience', (claims) => jwt.sign(claims, { ...good, header, audience: 'somewhere' })],
    ['a time that is over', (claims) => jwt.sign(claims, { ...good, header, expiresIn: -1 })],
    ['no end', (claims) => jwt.sign(claims, { issuer: good.issuer, audience: good.audience, secret, header })],
    ['no subject', ({ tid, sid }) => jwt.sign({ tid, sid }, { ...good, header })],
    ['another subject', (claims) => jwt.sign({ ...claims, sub: newUuid() }, { ...good, header })],
    ['a session that never was', (claims) => jwt.sign({ ...claims, sid: newUuid() }, { ...good, header })],
    ['another workspace', (claims) => jwt.sign({ ...claims, tid: newUuid() }, { ...good, header })],
  ])('with %s opens nothing', async (_, forge) => {
    const { body } = await me(forge(claimsOf(await Creator.signUp(starwall)))).expect(401);
    expect(body.code).toBe('unauthenticated');
  });

  function unsigned(claims: Claims): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const times = { iat: 1, exp: 4_000_000_000, iss: 'starwall', aud: 'starwall-api' };
    return `${part({ alg: 'none', typ: 'at+jwt' })}.${part({ ...claims, ...times })}.`;
  }
});
