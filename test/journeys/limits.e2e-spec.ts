import { newUuid, Turns } from '#libs/kernel';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;

beforeAll(async () => {
  starwall = await startStarwall({ STARWALL_RATE_LIMIT: '5', TRUSTED_PROXIES: '127.0.0.1,::1,::ffff:127.0.0.1' });
});
afterAll(() => starwall.stop());

describe('a login', () => {
  it('does not reveal whether an account exists, by its answer or by its hashing', async () => {
    const known = await Creator.signUp(starwall);
    let network = 0;
    const guess = async (email: string) => {
      const { body, status } = await starwall
        .http()
        .post('/v1/auth/login')
        .set('x-forwarded-for', `198.51.100.${(network += 1)}`)
        .send({ email, password: 'not the password' });
      return { ...body, request_id: '', status };
    };
    const stranger = `${newUuid()}@starwall.example`;
    // Hashing is the slow part.
    const hashes = vi.spyOn(Turns.prototype, 'take');
    const real = await guess(known.email);
    expect(hashes).toHaveBeenCalledTimes(1);
    expect(await guess(stranger)).toEqual(real);
    expect(hashes).toHaveBeenCalledTimes(2);
  });
});

describe('the rate limit of a credential', () => {
  it('is reported in every answer, including errors, and counted per credential', async () => {
    const creator = await Creator.signUp(starwall);
    const { body: made } = await creator.post('/v1/api-keys', { name: 'Till', scopes: ['bots:read'] }).expect(201);
    const call = (path: string) => starwall.http().get(path).set('authorization', `Bearer ${made.key}`);
    const answers = [
      await call('/v1/bots'),
      await call('/v1/orders'),
      await call('/v1/bots/bot_nonsense'),
      await call('/v1/bots'),
      await call('/v1/bots'),
      await call('/v1/bots'),
    ];
    expect(
      answers.map(({ status, headers }) => [status, headers['ratelimit-limit'], headers['ratelimit-remaining']]),
    ).toEqual([
      [200, '5', '4'],
      [403, '5', '3'],
      [400, '5', '2'],
      [200, '5', '1'],
      [200, '5', '0'],
      [429, '5', '0'],
    ]);
    const refused = answers[5];
    expect(refused?.body).toMatchObject({ status: 429, code: 'rate_limited', remedy: expect.any(String) });
    expect(Number(refused?.headers['retry-after'])).toBe(Number(refused?.headers['ratelimit-reset']));
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    await creator.get('/v1/bots').expect(200).expect('RateLimit-Remaining', '3');
  });

  it('is counted per network without a valid credential', async () => {
    const creator = await Creator.signUp(starwall);
    const from = (n: number) => ({ 'x-forwarded-for': `203.0.113.${n}` });
    const asks = [
      () => starwall.http().get('/v1/bots').set(from(1)),
      () =>
        starwall
          .http()
          .get('/v1/bots')
          .set({ ...from(1), authorization: 'Bearer sw_test_nonsense' }),
      () => starwall.http().post('/v1/auth/refresh').set(from(1)).send({ refresh_token: 'x' }),
      () => starwall.http().post('/v1/nowhere').set(from(1)).send({}),
      () => starwall.http().get('/docs/openapi.json').set(from(1)),
    ];
    const statuses = async () => {
      const seen: number[] = [];
      for (const ask of asks) seen.push((await ask()).status);
      return seen;
    };
    expect(await statuses()).toEqual([401, 401, 401, 404, 200]);
    expect(await statuses()).toEqual([429, 429, 429, 429, 429]);
    const refused = await asks[0]?.();
    expect(refused?.body).toMatchObject({ code: 'rate_limited', detail: expect.stringContaining('This network') });
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused?.headers).not.toHaveProperty('ratelimit-limit');
    // Clients with a credential at the same address are not affected, nor are other networks or the
    // load balancer.
    await creator.get('/v1/bots').set(from(1)).expect(200);
    await starwall.http().get('/v1/bots').set(from(2)).expect(401);
    await starwall.http().get('/health/live').set(from(1)).expect(200);
  });
});
