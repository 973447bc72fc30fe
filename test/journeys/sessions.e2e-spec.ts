import { Backstage } from '../support/backstage.js';
import { Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

const PASSWORD = 'correct horse battery';

let starwall: Starwall;
let backstage: Backstage;
beforeAll(async () => {
  starwall = await startStarwall({ TRUSTED_PROXIES: '127.0.0.1,::1' });
  backstage = await Backstage.open(starwall);
});
afterAll(async () => {
  await backstage.close();
  await starwall.stop();
});

const authorization = (token: string) => ({ authorization: `Bearer ${token}` });
const tokenOf = (someone: Creator) => String(someone.session['access_token']);

async function logIn(email: string, headers: Record<string, string> = {}) {
  const form = { email, password: PASSWORD };
  const { body } = await starwall.http().post('/v1/auth/login').set(headers).send(form).expect(200);
  return body as { readonly access_token: string; readonly refresh_token: string };
}

const sessionsOf = async (token: string, query = '') =>
  (await starwall.http().get(`/v1/sessions${query}`).set(authorization(token)).expect(200)).body;

describe('the list of sessions', () => {
  it('shows when each session started and was last used, and its approximate origin', async () => {
    const creator = await Creator.signUp(starwall);
    const away = await logIn(creator.email, {
      'x-forwarded-for': '203.0.113.77',
      'user-agent': `Phone\u0009${'x'.repeat(300)}`,
    });
    const { data } = await sessionsOf(away.access_token);
    const [own, ...others] = data;
    expect([{ ...own, last_used_at: null }, ...others]).toEqual([
      {
        object: 'open_session',
        livemode: false,
        id: expect.stringMatching(/^ses_/),
        tenant_id: (creator.session['tenant'] as { id: string }).id,
        created_at: expect.any(String),
        last_used_at: null,
        expires_at: expect.any(String),
        network: '203.0.113.0/24',
        user_agent: expect.stringMatching(/^Phonex{195}$/),
        current: true,
      },
      expect.objectContaining({ current: false, network: '127.0.0.0/24' }),
    ]);
    await eventually('the recorded use', async () => {
      const { data: later } = await sessionsOf(away.access_token);
      return later[0].last_used_at !== null;
    });
  });

  it('is paged, and omits ended sessions', async () => {
    const creator = await Creator.signUp(starwall);
    for (let n = 0; n < 3; n += 1) await logIn(creator.email);
    const gone = await logIn(creator.email);
    await starwall.http().post('/v1/auth/logout').set(authorization(gone.access_token)).expect(204);
    const first = await sessionsOf(tokenOf(creator), '?limit=3');
    expect(first).toMatchObject({ has_more: true });
    const rest = await sessionsOf(tokenOf(creator), `?limit=3&starting_after=${first.data[2].id}`);
    expect(rest).toMatchObject({ has_more: false, data: [{ current: true }] });
  });

  it('is private, and its sessions cannot be ended by another account', async () => {
    const [creator, stranger] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    const [{ id }] = (await sessionsOf(tokenOf(creator))).data;
    expect((await sessionsOf(tokenOf(stranger))).data).toHaveLength(1);
    await stranger.delete(`/v1/sessions/${id}`).expect(404);
    await creator.get('/v1/me').expect(200);
  });

  it('is refused to an API key', async () => {
    const creator = await Creator.signUp(starwall);
    const { body } = await creator.post('/v1/api-keys', { name: 'Till', scopes: ['bots:read'] }).expect(201);
    await starwall.http().get('/v1/sessions').set(authorization(body.key)).expect(403);
  });
});

describe('the end of sessions', () => {
  it('invalidates the access and refresh tokens of one session, and is idempotent', async () => {
    const creator = await Creator.signUp(starwall);
    const stolen = await logIn(creator.email);
    const [{ id }] = (await sessionsOf(stolen.access_token)).data;
    await creator.delete(`/v1/sessions/${id}`).expect(204);
    await creator.delete(`/v1/sessions/${id}`).expect(204);
    await starwall.http().get('/v1/me').set(authorization(stolen.access_token)).expect(401);
    await starwall.http().post('/v1/auth/refresh').send({ refresh_token: stolen.refresh_token }).expect(401);
    await creator.get('/v1/me').expect(200);
  });

  it('can include all other sessions, and returns their number', async () => {
    const creator = await Creator.signUp(starwall);
    const others = [await logIn(creator.email), await logIn(creator.email)];
    await creator.post('/v1/sessions/revoke-others').expect(200, { object: 'ended_sessions', count: 2 });
    for (const { access_token } of others)
      await starwall.http().get('/v1/me').set(authorization(access_token)).expect(401);
    await creator.post('/v1/sessions/revoke-others').expect(200, { object: 'ended_sessions', count: 0 });
    expect((await sessionsOf(tokenOf(creator))).data).toHaveLength(1);
  });

  it('can include the current session', async () => {
    const creator = await Creator.signUp(starwall);
    const [{ id }] = (await sessionsOf(tokenOf(creator))).data;
    await creator.delete(`/v1/sessions/${id}`).expect(204);
    await creator.get('/v1/me').expect(401);
  });

  it('leaves at most one session open when two sessions end each other concurrently', async () => {
    const creator = await Creator.signUp(starwall);
    const other = await logIn(creator.email);
    const revoke = (token: string) =>
      starwall
        .http()
        .post('/v1/sessions/revoke-others')
        .set(authorization(token))
        .then(({ status }) => status);
    await Promise.all([revoke(tokenOf(creator)), revoke(other.access_token)]);
    const rows = await backstage.query<{ open: number }>(
      `select count(*)::int as open from sessions s join accounts a on a.id = s.account_id
       where a.email = $1 and s.revoked_at is null`,
      [creator.email],
    );
    expect(rows[0]?.open).toBeLessThan(2);
  });
});
