import { readdirSync, readFileSync } from 'node:fs';
import { newUuid } from '#libs/kernel';
import { PAGES } from '../../apps/dashboard/src/pages.js';
import { type Starwall, startStarwall } from '../support/starwall.js';
import { PASSWORD } from './browser.js';

let starwall: Starwall;
beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

const COOKIE = '__Host-starwall-session';
const ASSETS = 'dist/apps/dashboard/assets';

/** Returns the headers of a request from one of our own pages. */
const own = () => ({
  'starwall-browser': '1',
  origin: starwall.url,
  host: new URL(starwall.url).host,
  'sec-fetch-site': 'same-origin',
});
const post = (path: string, headers: Readonly<Record<string, string>>, body: object = {}) =>
  starwall.http().post(`/v1/auth/browser/${path}`).set(headers).send(body);

interface Answer {
  readonly headers: Readonly<Record<string, string>>;
}
const cookieOf = (answer: Answer) => [answer.headers['set-cookie']].flat().join();
const keptIn = (answer: Answer) => cookieOf(answer).split(';')[0] ?? '';

const newForm = () => ({ email: `${newUuid()}@starwall.example`, password: PASSWORD, workspace: 'A shop' });

describe('a session in a browser', () => {
  it('keeps its refresh token away from scripts and other sites', async () => {
    const answer = await post('sign-up', own(), newForm()).expect(201);
    expect(answer.body.refresh_token).toBeUndefined();
    expect(cookieOf(answer)).toMatch(
      new RegExp(`^${COOKIE}=[\\w-]{43}; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Strict$`),
    );
    expect(JSON.stringify(answer.body)).not.toContain(keptIn(answer).split('=')[1]);
  });

  it('cannot be started by a link outside of the standalone program', async () => {
    expect((await post('link', own(), { code: 'anything' }).expect(404)).body.code).toBe('no_such_route');
  });

  it('continues with its cookie, once, and ends with it', async () => {
    const form = newForm();
    await post('sign-up', own(), form).expect(201);
    const login = await post('login', own(), { email: form.email, password: PASSWORD }).expect(200);
    const first = { ...own(), cookie: keptIn(login) };
    const refreshed = await post('refresh', first).expect(200);
    expect((await post('refresh', first).expect(409)).body.code).toBe('refresh_in_progress');
    const second = { ...own(), cookie: keptIn(refreshed) };
    const left = await post('logout', second).expect(204);
    expect(cookieOf(left)).toMatch(new RegExp(`^${COOKIE}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict$`));
    expect((await post('refresh', second).expect(401)).body.code).toBe('refresh_token_invalid');
    await starwall.http().get('/v1/me').set('authorization', `Bearer ${refreshed.body.access_token}`).expect(401);
    await post('logout', own()).expect(204);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['without the header of our pages', { 'starwall-browser': '' }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from an opaque origin', { origin: 'null' }],
    ['from another host of the same site', { 'sec-fetch-site': 'same-site' }],
  ])('rejects a request %s', async (_, change) => {
    const kept = keptIn(await post('sign-up', own(), newForm()).expect(201));
    const headers = { ...own(), cookie: kept, ...change };
    for (const path of ['refresh', 'logout']) {
      const { body } = await post(path, headers).expect(403);
      expect(body).toMatchObject({ code: 'foreign_page', remedy: expect.any(String) });
    }
    for (const path of ['login', 'sign-up']) await post(path, headers, newForm()).expect(403);
    await post('refresh', { ...own(), cookie: kept }).expect(200);
  });
});

describe('the files of the dashboard', () => {
  const get = (path: string) => starwall.http().get(path);

  it('are a single page at each of its URLs, uncached and closed to other origins', async () => {
    for (const path of ['/', '/orders/ord_1?payment_state=paid', ...PAGES.map((page) => `/${page}`)]) {
      const { headers, text } = await get(path)
        .expect(200)
        .expect('content-type', /^text\/html/);
      expect(text).toContain('<div id="root">');
      expect(text).not.toMatch(/<script(?![^>]*src=)[^>]*>/);
      expect(headers['cache-control']).toBe('no-store');
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
    }
  });

  it('are compressed, and cached forever if their names change with their contents', async () => {
    const name = readdirSync(ASSETS).find((file) => /^index-.*\.js$/.test(file)) ?? '';
    const { headers } = await get(`/assets/${name}`).set('accept-encoding', 'br').expect(200);
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'br',
      'content-type': expect.stringMatching(/javascript/),
    });
    const plain = await get(`/assets/${name}`).set('accept-encoding', 'identity').expect(200);
    expect(plain.headers['content-encoding']).toBeUndefined();
  });

  it('leave every other path to the API', async () => {
    for (const path of [
      '/nothing',
      '/v1/orders-of-nobody',
      '/assets/nothing.js',
      '/pages.json',
      '/assets/..%2fpages.json',
    ]) {
      const { body } = await get(path)
        .expect(404)
        .expect('content-type', /problem\+json/);
      expect(body.code).toBe('no_such_route');
    }
  });

  it('are small: the first page at most 200 kB, its styles at most 25 kB', () => {
    const page = readFileSync('dist/apps/dashboard/index.html', 'utf8');
    const sizeOf = (file: string) => readFileSync(`${ASSETS}/${file}.gz`).length;
    const files = [...page.matchAll(/\/assets\/([\w-]+\.(?:js|css))/g)].map(([, file]) => String(file));
    const bytes = files.reduce((sum, file) => sum + sizeOf(file), 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(200_000);
    expect(sizeOf(files.find((file) => file.endsWith('.css')) ?? '')).toBeLessThan(25_000);
  });
});
