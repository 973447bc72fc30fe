import { codeOf, Staff } from '../support/staff.js';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

const COOKIE = '__Secure-starwall-staff';
const SCOPE = 'Path=/v1/staff/auth/browser; HttpOnly; Secure; SameSite=Strict';

type Headers = Readonly<Record<string, string>>;

/** Returns the headers of a request from one of our own pages. */
const own = (): Headers => ({
  'starwall-browser': '1',
  origin: starwall.url,
  host: new URL(starwall.url).host,
  'sec-fetch-site': 'same-origin',
});
const post = (path: string, headers: Headers, body: object = {}) =>
  starwall.http().post(`/v1/staff/auth/browser/${path}`).set(headers).send(body);

interface Answer {
  readonly headers: Readonly<Record<string, string>>;
}
const cookieOf = (answer: Answer) => [answer.headers['set-cookie']].flat().join();
const keptIn = (answer: Answer) => cookieOf(answer).split(';')[0] ?? '';

/** Starts a session of a new staff account in a browser. */
async function enter() {
  const staff = await Staff.with('viewer', starwall);
  const { body: asked } = await post('login', own(), staff.credentials).expect(200);
  const proof = { challenge: asked.challenge, code: codeOf(staff.seed, 1) };
  return { staff, proof, answer: await post('confirm', own(), proof).expect(200) };
}

describe('the cookie of a staff session', () => {
  it('holds the refresh token, away from scripts, other sites and all other routes', async () => {
    const { answer, staff } = await enter();
    expect(answer.body).toMatchObject({ object: 'staff_session', expires_in: 900, recovery_codes: null });
    expect(answer.body.refresh_token).toBeUndefined();
    expect(cookieOf(answer)).toMatch(new RegExp(`^${COOKIE}=[\\w-]{43}; Max-Age=43200; ${SCOPE}$`));
    const bearer = `Bearer ${answer.body.access_token}`;
    const { body: me } = await starwall.http().get('/v1/staff/me').set('authorization', bearer).expect(200);
    expect(me.email).toBe(staff.email);
  });

  it('works once, is replaced, and ends with the session', async () => {
    const { answer } = await enter();
    const first = { ...own(), cookie: keptIn(answer) };
    const refreshed = await post('refresh', first).expect(200);
    expect((await post('refresh', first).expect(409)).body.code).toBe('refresh_in_progress');
    const second = { ...own(), cookie: keptIn(refreshed) };
    const left = await post('logout', second).expect(204);
    expect(cookieOf(left)).toBe(`${COOKIE}=; Max-Age=0; ${SCOPE}`);
    expect((await post('refresh', second).expect(401)).body.code).toBe('refresh_token_invalid');
    const bearer = `Bearer ${refreshed.body.access_token}`;
    await starwall.http().get('/v1/staff/me').set('authorization', bearer).expect(401);
    await post('logout', own()).expect(204);
  });

  it.each<[string, Headers]>([
    ['without the header of our pages', { 'starwall-browser': '' }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from another host of the same site', { 'sec-fetch-site': 'same-site' }],
  ])('is not accepted %s', async (_, change) => {
    const { answer, staff, proof } = await enter();
    const kept = { ...own(), cookie: keptIn(answer) };
    const bodies = { refresh: {}, logout: {}, login: staff.credentials, confirm: proof, recover: {} };
    for (const [path, body] of Object.entries(bodies))
      expect((await post(path, { ...kept, ...change }, body).expect(403)).body.code).toBe('foreign_page');
    await post('refresh', kept).expect(200);
  });

  it('can be obtained with a recovery code in place of the authenticator', async () => {
    const staff = await Staff.with('viewer', starwall);
    const { body: asked } = await post('login', own(), staff.credentials).expect(200);
    const [code] = staff.session['recovery_codes'] as string[];
    const answer = await post('recover', own(), { challenge: asked.challenge, recovery_code: code }).expect(200);
    await post('refresh', { ...own(), cookie: keptIn(answer) }).expect(200);
  });

  it("cannot be used as a creator's session, nor a creator's cookie as a staff session", async () => {
    const { answer } = await enter();
    const creator = await Creator.signUp(starwall);
    const creatorToken = String(creator.session['refresh_token']);
    const staffToken = keptIn(answer).split('=')[1] ?? '';
    await post('refresh', { ...own(), cookie: `${COOKIE}=${creatorToken}` }).expect(401);
    await post('refresh', { ...own(), cookie: `__Host-starwall-session=${creatorToken}` }).expect(401);
    const asCreator = { ...own(), cookie: `__Host-starwall-session=${staffToken}` };
    await starwall.http().post('/v1/auth/browser/refresh').set(asCreator).expect(401);
    await post('refresh', { ...own(), cookie: keptIn(answer) }).expect(200);
  });
});

it('the pages of the console are hidden from search engines and frames', async () => {
  for (const path of ['/staff', '/staff/sign-in', '/staff/tenants/ten_1']) {
    const { headers } = await starwall.http().get(path).expect(200);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' });
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  }
  const { headers } = await starwall.http().get('/orders').expect(200);
  expect(headers['x-robots-tag']).toBeUndefined();
});
