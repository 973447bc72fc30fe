import { newUuid } from '#libs/kernel';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';
import { purchasedPaidMedia, telegramPosts } from '../support/updates.js';

const TELEGRAM = '149.154.160.0/20,91.108.4.0/22';
const APP = 'https://app.example.com';
const PASSWORD = 'correct horse battery';

let starwall: Starwall;
afterEach(() => starwall.stop());

const from = (...addresses: string[]) => ({ 'x-forwarded-for': addresses.join(', ') });
const logInFrom = (address: string) =>
  starwall
    .http()
    .post('/v1/auth/login')
    .set(from(address))
    .send({ email: `${newUuid()}@starwall.example`, password: PASSWORD });
const statusesOf = async (count: number, address: (n: number) => string) => {
  const seen: number[] = [];
  for (let n = 0; n < count; n += 1) seen.push((await logInFrom(address(n))).status);
  return seen;
};

describe('a client address in X-Forwarded-For', () => {
  it('is accepted from a trusted proxy, so that each client behind it is counted separately', async () => {
    starwall = await startStarwall({ TRUSTED_PROXIES: '127.0.0.0/8,::1' });
    expect(await statusesOf(21, () => '203.0.113.7')).toEqual([...Array(20).fill(401), 429]);
    await logInFrom('203.0.113.8').expect(401);
    // An address made up by the client is to the left of the proxy's entry.
    const made = await starwall
      .http()
      .post('/v1/auth/login')
      .set(from('198.51.100.1', '203.0.113.7'))
      .send({ email: 'a@starwall.example', password: PASSWORD });
    expect(made.status).toBe(429);
  });

  it('is ignored from anyone else, so it cannot be used to bypass the limit', async () => {
    starwall = await startStarwall();
    expect(await statusesOf(21, (n) => `203.0.113.${n}`)).toEqual([...Array(20).fill(401), 429]);
  });
});

describe("the list of Telegram's networks", () => {
  it("accepts only Telegram's updates behind a trusted proxy, without revealing itself", async () => {
    starwall = await startStarwall({ TRUSTED_PROXIES: '127.0.0.1', TELEGRAM_NETWORKS: TELEGRAM });
    const bot = await (await Creator.signUp(starwall)).registerBot();
    const post = (headers: Record<string, string>) => telegramPosts(starwall, bot, purchasedPaidMedia(7), headers);
    expect(await post(from('149.154.167.220'))).toEqual({ status: 200, body: '' });
    expect(await post(from('203.0.113.7', '91.108.4.9'))).toEqual({ status: 200, body: '' });
    const wrongSecret = await post({ ...from('149.154.167.220'), 'x-telegram-bot-api-secret-token': 'A'.repeat(43) });
    for (const headers of [from('203.0.113.7'), from('149.154.167.220', '203.0.113.7'), {}])
      expect(await post(headers)).toEqual(wrongSecret);
    expect(wrongSecret).toEqual({ status: 401, body: '' });
  });

  it('ignores X-Forwarded-For from an untrusted client', async () => {
    starwall = await startStarwall({ TELEGRAM_NETWORKS: TELEGRAM });
    const bot = await (await Creator.signUp(starwall)).registerBot();
    const answer = await telegramPosts(starwall, bot, purchasedPaidMedia(7), from('149.154.167.220'));
    expect(answer).toEqual({ status: 401, body: '' });
  });
});

describe('a web page of another origin', () => {
  const preflight = (origin: string) =>
    starwall
      .http()
      .options('/v1/me')
      .set({ origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' });

  it('cannot read answers unless it is allowed to', async () => {
    starwall = await startStarwall();
    for (const answer of [await preflight(APP), await starwall.http().get('/v1/me').set('origin', APP)])
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('can read answers if exactly its origin is listed, without sending cookies', async () => {
    starwall = await startStarwall({ CORS_ORIGINS: `${APP},http://localhost:5173` });
    const allowed = await preflight(APP).expect(204);
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
    });
    expect(allowed.headers).not.toHaveProperty('access-control-allow-credentials');
    const refused = await starwall.http().get('/v1/me').set('origin', APP).expect(401);
    expect(refused.headers).toMatchObject({ 'access-control-allow-origin': APP, vary: 'Origin' });
    for (const origin of ['https://app.example.com.evil.example', 'https://evil.example', 'null', `${APP}:8443`])
      expect((await preflight(origin)).headers).not.toHaveProperty('access-control-allow-origin');
  });
});
