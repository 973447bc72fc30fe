import { createHmac, randomBytes } from 'node:crypto';
import { JwtService, type JwtSignOptions } from '@nestjs/jwt';
import { newUuid } from '#libs/kernel';
import { SigningKeys } from '#libs/vault';
import { openAsOwner } from '../../../../../test/support/database.js';
import { Creator, type Starwall, startStarwall } from '../../../../../test/support/starwall.js';

const PASSWORD = 'correct horse battery';

let starwall: Starwall;

const post = (path: string, body: object) => starwall.http().post(path).send(body);
const logIn = (email: string, password: string) => post('/v1/auth/login', { email, password });
const tokenOf = (creator: Creator) => String(creator.session['access_token']);
const me = (token: string) => starwall.http().get('/v1/me').set('authorization', `Bearer ${token}`);

describe('a session', () => {
  beforeAll(async () => {
    starwall = await startStarwall();
  });
  afterAll(() => starwall.stop());

  it('starts at sign-up, can be refreshed, and ends at logout', async () => {
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

  it('is refused without valid credentials, with the same answer for known and unknown addresses', async () => {
    const { email } = await Creator.signUp(starwall);
    const wrong = await logIn(email, 'not the password').expect(401);
    const unknown = await logIn(`${newUuid()}@starwall.example`, PASSWORD).expect(401);
    expect({ ...unknown.body, request_id: '' }).toEqual({ ...wrong.body, request_id: '' });
    await logIn(email, PASSWORD).expect(200);
  });

  it('is refused after five failures within a minute, whether or not the account exists', async () => {
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

  it.each([
    [{ email: 'ada', password: PASSWORD, workspace: 'A' }, 'email'],
    [{ email: 'ada@starwall.example', password: 'too short', workspace: 'A' }, 'password'],
    [{ email: 'ada@starwall.example', password: 'x'.repeat(201), workspace: 'A' }, 'password'],
    [{ email: 'ada@starwall.example', password: PASSWORD, workspace: ' ' }, 'workspace'],
  ])('is refused for an invalid form: %o', async (form, path) => {
    const { body } = await post('/v1/auth/sign-up', form).expect(400);
    expect(body).toMatchObject({ code: 'invalid_request', errors: [{ path }] });
  });

  it('is refused for an unknown field or a taken address', async () => {
    const { email } = await Creator.signUp(starwall);
    const form = { email, password: PASSWORD, workspace: 'A' };
    await post('/v1/auth/sign-up', { ...form, role: 'owner' }).expect(400);
    expect((await post('/v1/auth/sign-up', form).expect(409)).body.code).toBe('email_taken');
  });
});

describe('a network', () => {
  it('is refused after twenty login attempts within a minute', async () => {
    starwall = await startStarwall();
    for (let i = 0; i < 20; i += 1) await logIn(`${newUuid()}@starwall.example`, PASSWORD).expect(401);
    await logIn(`${newUuid()}@starwall.example`, PASSWORD).expect(429);
    await starwall.stop();
  });
});

describe('attack 18: an access token', () => {
  type Claims = Readonly<Record<'sub' | 'tid' | 'sid', string>>;
  type Header = Readonly<Record<string, unknown>>;

  const good = { issuer: 'starwall', audience: 'starwall-api', expiresIn: 900 } as const;
  const jwt = new JwtService();
  let kid: string;
  let secret: Buffer;
  let creator: Creator;
  beforeAll(async () => {
    starwall = await startStarwall();
    const signer = await starwall.app.get(SigningKeys).signer('access');
    [kid, secret] = [signer.kid, signer.secret.export()];
    creator = await Creator.signUp(starwall);
  });
  afterAll(() => starwall.stop());

  /** Returns the claims of an open session's token. */
  const claimsOf = (): Claims => {
    const { sub, tid, sid } = jwt.decode<Claims>(tokenOf(creator));
    return { sub, tid, sid };
  };
  const sign = (claims: Partial<Claims>, changes: JwtSignOptions = {}) =>
    jwt.sign(claims, { ...good, secret, header: { alg: 'HS256', typ: 'at+jwt', kid }, ...changes });
  /** Signs a token correctly, whatever its header says. */
  const headed = (claims: Claims, head: Header, hash = 'sha256') => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1_000);
    const times = { iat: now, exp: now + 900, iss: 'starwall', aud: 'starwall-api' };
    const text = `${part({ typ: 'at+jwt', ...head })}.${part({ ...claims, ...times })}`;
    return head['alg'] === 'none' ? `${text}.` : `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`;
  };

  it('is accepted when genuine', async () => {
    await me(tokenOf(creator)).expect(200);
    // Each forgery below differs from these two in one respect.
    await me(sign(claimsOf())).expect(200);
    await me(headed(claimsOf(), { alg: 'HS256', kid })).expect(200);
  });

  it.each<[string, (claims: Claims) => string]>([
    ['nothing', () => ''],
    ['nonsense', () => 'a.b.c'],
    ['another key', (claims) => sign(claims, { secret: randomBytes(32) })],
    ['another issuer', (claims) => sign(claims, { issuer: 'somebody' })],
    ['another audience', (claims) => sign(claims, { audience: 'somewhere' })],
    ['an expiry in the past', (claims) => sign(claims, { expiresIn: -1 })],
    ['no end', (claims) => jwt.sign(claims, { ...endless(), header: { alg: 'HS256', typ: 'at+jwt', kid } })],
    ['no subject', ({ tid, sid }) => sign({ tid, sid })],
    ['another subject', (claims) => sign({ ...claims, sub: newUuid() })],
    ['a session that does not exist', (claims) => sign({ ...claims, sid: newUuid() })],
    ['another workspace', (claims) => sign({ ...claims, tid: newUuid() })],
    ['no type', (claims) => headed(claims, { alg: 'HS256', kid, typ: undefined })],
    ['another type', (claims) => headed(claims, { alg: 'HS256', kid, typ: 'JWT' })],
    ['no algorithm', (claims) => headed(claims, { alg: 'none', kid })],
    ['an algorithm in capitals', (claims) => headed(claims, { alg: 'NONE', kid })],
    ['a longer hash', (claims) => headed(claims, { alg: 'HS512', kid }, 'sha512')],
    ['an algorithm of key pairs', (claims) => headed(claims, { alg: 'RS256', kid })],
    ['no key id', (claims) => headed(claims, { alg: 'HS256' })],
    ['an unknown key id', (claims) => headed(claims, { alg: 'HS256', kid: 'A'.repeat(22) })],
    ['a path as key id', (claims) => headed(claims, { alg: 'HS256', kid: '../../../../dev/null' })],
    ['SQL as key id', (claims) => headed(claims, { alg: 'HS256', kid: `x' union select '${kid}` })],
    ['a key id that is a property of every object', (claims) => headed(claims, { alg: 'HS256', kid: '__proto__' })],
    ['a list as key id', (claims) => headed(claims, { alg: 'HS256', kid: [kid] })],
    ['a key id that is too long', (claims) => headed(claims, { alg: 'HS256', kid: kid.repeat(300) })],
  ])('is rejected with %s', async (_, forge) => {
    const { body } = await me(forge(claimsOf())).expect(401);
    expect(body.code).toBe('unauthenticated');
  });

  const endless = () => ({ issuer: good.issuer, audience: good.audience, secret });

  it('is rejected when its key has another purpose', async () => {
    const owner = await openAsOwner();
    await owner.query(`update signing_keys set purpose = 'something_else' where kid = $1`, [kid]);
    const fresh = await startStarwall();
    const status = async () =>
      (
        await fresh
          .http()
          .get('/v1/me')
          .set('authorization', `Bearer ${tokenOf(creator)}`)
      ).status;
    expect(await status()).toBe(401);
    await owner.query(`delete from signing_keys where purpose = 'access'`);
    await owner.query(`update signing_keys set purpose = 'access' where kid = $1`, [kid]);
    await Promise.all([fresh.stop(), owner.destroy()]);
  });
});
