import { newUuid } from '#libs/kernel';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;

beforeAll(async () => {
  starwall = await startStarwall({ STARWALL_RATE_LIMIT: '5' });
});
afterAll(() => starwall.stop());

describe('a login', () => {
  it('tells who guesses neither by its words nor by its time which accounts exist', async () => {
    const known = await Creator.signUp(starwall);
    const guess = async (email: string) => {
      const began = performance.now();
      const { body, status } = await starwall
        .http()
        .post('/v1/auth/login')
        .send({ email, password: 'not the password' });
      return { took: performance.now() - began, answer: { ...body, request_id: '', status } };
    };
    await guess(`${newUuid()}@starwall.example`);
    const [real, made]: [number[], number[]] = [[], []];
    for (let i = 0; i < 4; i += 1) {
      const [one, other] = [await guess(known.email), await guess(`${newUuid()}@starwall.example`)];
      expect(other.answer).toEqual(one.answer);
      real.push(one.took);
      made.push(other.took);
    }
    // Without the hash for nobody, this would be about a tenth.
    expect(Math.min(...made) / Math.min(...real)).toBeGreaterThan(0.3);
    expect(Math.min(...made) / Math.min(...real)).toBeLessThan(3);
  });
});

describe('the limit of a credential', () => {
  it('is shown on every answer, also on refusals, and kept per credential', async () => {
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

  it('does not count who has no credential', async () => {
    const { headers } = await starwall.http().get('/v1/bots').expect(401);
    expect(headers).not.toHaveProperty('ratelimit-limit');
  });
});
