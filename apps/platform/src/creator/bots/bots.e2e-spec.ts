import { newUuid } from '#libs/kernel';
import { Creator, type Starwall, startStarwall } from '../../../../../test/support/starwall.js';

let starwall: Starwall;
beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

const newBot = () =>
  starwall.telegram.createBot({ username: `b${newUuid().replaceAll('-', '').slice(-20)}_bot`, name: 'Shop' });

describe('the bots API', () => {
  it('never shows the token, from registration to removal', async () => {
    const ada = await Creator.signUp(starwall);
    const { id: telegramId, token, username } = await newBot();
    const shown: string[] = [];
    const { body: bot, text } = await ada.post('/v1/bots', { token }).expect(201);
    shown.push(text);
    expect(bot).toEqual({
      object: 'bot',
      environment: 'production',
      livemode: false,
      metadata: {},
      id: expect.stringMatching(/^bot_[0-9a-z]{26}$/),
      telegram_id: telegramId,
      username,
      name: 'Shop',
      state: 'active',
      token_last4: token.slice(-4),
      support_text: null,
      terms_text: null,
      terms_version: null,
      stopped: null,
      created_at: expect.any(String),
    });

    const path = `/v1/bots/${bot.id}`;
    const seen = async (test: ReturnType<Creator['get']>, change: object) => {
      const answer = await test.expect(200);
      shown.push(answer.text);
      expect(answer.body).toMatchObject(change);
    };
    await seen(ada.get('/v1/bots'), { object: 'list', data: [bot], has_more: false });
    await seen(ada.patch(path, { support_text: 'Write to Ada' }), { support_text: 'Write to Ada' });
    await seen(ada.post(`${path}/pause`), { state: 'paused' });
    await seen(ada.post(`${path}/resume`), { state: 'active' });
    await seen(ada.get(`${path}/webhook`), { object: 'bot_webhook', ours: true, last_error: null });
    const newToken = await starwall.telegram.revokeToken(telegramId);
    await seen(ada.post(`${path}/rotate-token`, { token: newToken }), { token_last4: newToken.slice(-4) });
    await ada.removeBot(bot.id);
    await seen(ada.get(path), { id: bot.id, state: 'removed', removal: { state: 'done', failures: [] } });
    await seen(ada.get('/v1/bots'), { data: [] });

    expect(shown.join()).not.toContain(token.slice(token.indexOf(':') + 1, -4));
    expect(shown.join()).not.toContain(newToken.slice(newToken.indexOf(':') + 1, -4));
  });

  it.each<[number, string, object]>([
    [400, 'invalid_request', {}],
    [400, 'invalid_request', { token: 'x', name: 'My bot' }],
    [400, 'invalid_request', { token: 'x', take_over: 'yes' }],
    [400, 'token_malformed', { token: 'x' }],
    [400, 'token_refused', { token: `123456:${'A'.repeat(35)}` }],
  ])('answers %i %s to %o', async (status, code, body) => {
    const ada = await Creator.signUp(starwall);
    const answer = await ada.post('/v1/bots', body).expect(status);
    expect(answer.body).toMatchObject({ code, remedy: expect.any(String) });
    expect(answer.text).not.toContain('A'.repeat(35));
  });

  it('answers 409 for a taken bot, without naming its owner', async () => {
    const [ada, bob] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    const bot = await ada.registerBot();
    const taken = await bob.post('/v1/bots', { token: bot.token }).expect(409);
    expect(taken.body.code).toBe('bot_taken');
    expect(taken.text).not.toContain(bot.id);
    expect((await ada.post('/v1/bots', { token: bot.token }).expect(409)).body.code).toBe('bot_already_registered');
  });
});

it("another tenant's bot is not found", async () => {
  const [ada, bob] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
  const { id, token } = await ada.registerBot();
  const path = `/v1/bots/${id}`;
  const answers = [
    await bob.get(path),
    await bob.patch(path, { support_text: 'Pay me instead' }),
    await bob.post(`${path}/pause`),
    await bob.post(`${path}/resume`),
    await bob.post(`${path}/rotate-token`, { token }),
    await bob.get(`${path}/webhook`),
    await bob.delete(path),
  ];
  expect(answers.map((answer) => [answer.status, answer.body.code])).toEqual(answers.map(() => [404, 'not_found']));
  expect((await ada.get(path).expect(200)).body.state).toBe('active');
});
