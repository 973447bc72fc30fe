import { Backstage } from '../support/backstage.js';
import { openAsOwner } from '../support/database.js';
import {
  Buyer,
  Creator,
  eventually,
  newBot,
  type RegisteredBot,
  type Starwall,
  startStarwall,
} from '../support/starwall.js';
import { telegramPosts, webhookOf } from '../support/updates.js';

let starwall: Starwall;
let backstage: Backstage;
let creator: Creator;
let bot: RegisteredBot;

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
  creator = await Creator.signUp(starwall);
});
beforeEach(async () => {
  bot = await creator.registerBot();
});
afterEach(() => starwall.telegram.setFaults({ rules: [] }));
afterAll(async () => {
  await backstage.close();
  await starwall.stop();
});

const pathOf = (one: RegisteredBot) => `/v1/bots/${one.id}`;
const meets = () => Buyer.meets(starwall, bot.telegramId);
const botInState = (state: string) =>
  eventually(`the bot to be ${state}`, async () => {
    const { body } = await creator.get(pathOf(bot)).expect(200);
    return body.state === state && body;
  });
async function openGroup(botTelegramId: number) {
  const [owner, member] = [
    await starwall.telegram.createUser({ first_name: 'Olga' }),
    await starwall.telegram.createUser({ first_name: 'Mia', language_code: 'ru' }),
  ];
  const { id } = await starwall.telegram.createSharedChat({ type: 'supergroup', title: 'VIP', ownerId: owner.id });
  for (const each of [botTelegramId, member.id]) await starwall.telegram.setMember(id, each, { status: 'member' });
  return { id, member: member.id };
}
const newestOrder = async () => (await creator.get(`/v1/orders?bot_id=${bot.id}`).expect(200)).body.data[0];

describe("a bot's menu", () => {
  it('is shown in private chats only, and replaces any earlier commands', async () => {
    const { id, token, username } = await newBot(starwall);
    const before = JSON.stringify([{ command: 'mine', description: 'From before' }]);
    for (const language_code of ['', 'ru']) {
      await fetch(`${starwall.telegram.url}/bot${token}/setMyCommands`, {
        method: 'POST',
        body: new URLSearchParams({ commands: before, language_code }),
      });
    }
    const group = await openGroup(id);
    expect((await starwall.telegram.sharedChat(group.id, group.member)).commands).toHaveLength(1);
    await creator.post('/v1/bots', { token }).expect(201);
    const [english, russian] = [
      await Buyer.meets(starwall, id, 0, { language_code: 'de' }),
      await Buyer.meets(starwall, id, 0, { language_code: 'ru' }),
    ];
    const menu = async (buyer: Buyer) => (await starwall.telegram.chat(buyer.chat)).bot.commands;
    const seen = await eventually('the Russian menu', async () => {
      const shown = await menu(russian);
      return shown.some(({ command, description }) => command === 'shop' && /продаётся/.test(description)) && shown;
    });
    expect(seen.map(({ command }) => command)).toContain('paysupport');
    expect((await menu(english)).map(({ command }) => command)).toContain('paysupport');
    await eventually(`no commands of @${username} in the group`, async () => {
      const { commands } = await starwall.telegram.sharedChat(group.id, group.member);
      return commands.length === 0;
    });
  });

  it('offers /shop, with /buy as an alias', async () => {
    await creator.createProduct(bot.id, { title: 'Tea' });
    const buyer = await meets();
    await buyer.says('/buy');
    await buyer.sees(({ reply_markup }) => JSON.stringify(reply_markup ?? '').includes('Tea – 50'), 'the shop');
  });
});

describe('a running platform', () => {
  it('sets the webhook, its secret, the types of updates and the menu when a bot is registered', async () => {
    const made = await newBot(starwall);
    await creator.post('/v1/bots', { token: made.token }).expect(201);
    const calls = await starwall.telegram.calls(made.id);
    const webhook = calls.find((call) => call.method === 'setWebhook')?.params;
    expect(webhook?.['url']).toMatch(new RegExp(`^${starwall.ingressUrl}/telegram/[A-Za-z0-9_-]{43}$`));
    expect(JSON.parse(String(webhook?.['allowed_updates']))).toEqual([
      'message',
      'callback_query',
      'pre_checkout_query',
      'purchased_paid_media',
      'subscription',
      'my_chat_member',
      'inline_query',
      'business_connection',
      'chat_member',
      'chat_join_request',
    ]);
    expect(calls.map((call) => call.method)).toEqual(expect.arrayContaining(['getMe', 'setMyCommands']));
    const buyer = await Buyer.meets(starwall, made.id);
    await buyer.says('/start');
    await buyer.hears(/Welcome to Shop/);
  });

  it('pauses and resumes a bot, which sells nothing meanwhile and keeps its orders', async () => {
    const buyer = await meets();
    await buyer.pays(await buyer.wants(await creator.createProduct(bot.id)));
    await buyer.hears(/the goods/);
    await creator.post(`${pathOf(bot)}/pause`).expect(200);
    await creator.post(`${pathOf(bot)}/pause`).expect(200);
    await buyer.says('/shop');
    await buyer.hears(/closed for the moment/);
    await buyer.says('/orders');
    await buyer.hears(/Guide · 50 ⭐ · delivered/);
    await creator.post(`${pathOf(bot)}/resume`).expect(200);
    await buyer.says('/shop');
    await buyer.hears(/What would you like/);
  });

  it('replaces the webhook secret with the token, without losing a message meanwhile', async () => {
    const buyers = await Promise.all(Array.from({ length: 5 }, meets));
    const { secret } = webhookOf(starwall, bot);
    const talk = buyers.map(async (buyer) => {
      for (let n = 0; n < 6; n += 1) await buyer.says('/help');
    });
    const token = await starwall.telegram.revokeToken(bot.telegramId);
    const [rotated] = await Promise.all([creator.post(`${pathOf(bot)}/rotate-token`, { token }), ...talk]);
    expect(rotated.body).toMatchObject({ state: 'active', token_last4: token.slice(-4) });
    expect(webhookOf(starwall, bot).secret).not.toBe(secret);
    await eventually('every answer', async () => {
      await backstage.hurryUpdates(bot);
      return (await Promise.all(buyers.map((buyer) => buyer.heard()))).every((words) => words.length === 6);
    });
    // The answer arrives shortly before its update is marked.
    await eventually('all to be marked', async () =>
      (await backstage.inbox(bot)).every((entry) => entry.state === 'done'),
    );
  });

  it('removes a bot and restores it under its old id, answering the messages sent in between', async () => {
    const buyer = await meets();
    await buyer.pays(await buyer.wants(await creator.createProduct(bot.id)));
    await buyer.hears(/the goods/);
    const old = webhookOf(starwall, bot);
    await creator.removeBot(bot.id);
    await creator.removeBot(bot.id);
    // Answers like any unknown path once the ingress's cache has expired.
    await eventually('the link to be revoked', async () => {
      const headers = { 'x-telegram-bot-api-secret-token': old.secret };
      return (await fetch(old.url, { method: 'POST', headers })).status === 401;
    });
    await buyer.says('/orders');

    const { body } = await creator.post('/v1/bots', { token: bot.token }).expect(201);
    expect(body).toMatchObject({ id: bot.id, state: 'active' });
    await buyer.hears(/Guide · 50 ⭐ · delivered/);
    expect(webhookOf(starwall, bot).url).not.toBe(old.url);
  });

  it('records a payment that arrived before the removal, and delivers its goods first', async () => {
    const buyer = await meets();
    const invoice = await buyer.wants(await creator.createProduct(bot.id));
    const owner = await openAsOwner();
    const lock = owner.createQueryRunner();
    await lock.query('begin');
    await lock.query('lock table charges in exclusive mode');
    await buyer.pays(invoice);
    await eventually('the payment to be kept', async () =>
      (await backstage.inbox(bot)).some((entry) => entry.kind === 'successful_payment'),
    );
    const { body } = await creator.delete(pathOf(bot)).expect(202);
    expect(body).toMatchObject({ state: 'removing', removal: { state: 'running', failures: [] } });
    expect(body.removal.left.map((it: { kind: string }) => it.kind)).toContain('update');
    await lock.query('rollback');
    await lock.release();
    await owner.destroy();
    const order = await eventually('the order to be paid', async () => {
      const newest = await newestOrder();
      return newest.delivery_state === 'delivered' && newest;
    });
    expect(order).toMatchObject({ payment_state: 'paid', delivery_error: null });
    await creator.removeBot(bot.id);
  });
});

describe('a revoked token', () => {
  it('is detected at the first call, reported, and replaced by a new one; then the message is answered', async () => {
    const buyer = await meets();
    await buyer.says('/start');
    await buyer.hears(/Welcome/);
    const token = await starwall.telegram.revokeToken(bot.telegramId);
    await buyer.says('/terms');
    await botInState('token_invalid');
    await creator.post(`${pathOf(bot)}/resume`).expect(409, /token_invalid/);
    await creator.get(`${pathOf(bot)}/webhook`).expect(400, /token_refused/);
    await creator.post(`${pathOf(bot)}/rotate-token`, { token: bot.token }).expect(400, /token_refused/);

    await creator.post(`${pathOf(bot)}/rotate-token`, { token }).expect(200, /"active"/);
    await eventually('the answer', async () => {
      await backstage.hurryUpdates(bot);
      return (await buyer.heard()).some((words) => words.includes('digital goods'));
    });
  });

  it('loses no money: the order is paid at once and delivered with the new token', async () => {
    const buyer = await meets();
    const product = await creator.createProduct(bot.id);
    const invoice = await buyer.wants(product);
    const hold = {
      at: 'queue',
      action: 'delay',
      name: 'message',
      botId: bot.telegramId,
      times: 1,
      seconds: 60,
    } as const;
    await starwall.telegram.setFaults({ rules: [hold] });
    await buyer.pays(invoice);
    const token = await starwall.telegram.revokeToken(bot.telegramId);
    await starwall.telegram.advance(60);
    await eventually('the order to be paid', async () => (await newestOrder()).payment_state === 'paid');
    await botInState('token_invalid');
    await creator.post(`${pathOf(bot)}/rotate-token`, { token }).expect(200);
    await eventually('the goods', async () => {
      await backstage.hurryJobs(bot);
      return (await buyer.heard()).includes('the goods');
    });
  });

  it('is reported to the creator by a single event', async () => {
    const buyers = await Promise.all(Array.from({ length: 4 }, meets));
    await starwall.telegram.revokeToken(bot.telegramId);
    await Promise.all(buyers.map((buyer) => buyer.says('/help')));
    await botInState('token_invalid');
    await eventually('all to be attempted', async () =>
      (await backstage.inbox(bot)).every((entry) => entry.state === 'done' || entry.error !== null),
    );
    const events = await backstage.query(
      `select 1 from events where type = 'bot.token_invalid' and bot_id = (select id from bots where telegram_id = $1)`,
      [bot.telegramId],
    );
    expect(events).toHaveLength(1);
  });

  it("cannot be replaced by another bot's token, nor by another creator", async () => {
    const [other, stranger] = [await creator.registerBot(), await Creator.signUp(starwall)];
    await creator.post(`${pathOf(bot)}/rotate-token`, { token: other.token }).expect(409, /token_of_another_bot/);
    await stranger.post(`${pathOf(bot)}/rotate-token`, { token: bot.token }).expect(404);
  });
});

describe('a bot', () => {
  it('goes to exactly one of two workspaces that register it concurrently', async () => {
    const stranger = await Creator.signUp(starwall);
    const made = await newBot(starwall);
    const creators = [creator, stranger, creator, stranger, creator, stranger];
    const answers = await Promise.all(creators.map((one) => one.post('/v1/bots', { token: made.token })));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(5);
    const lists = await Promise.all([creator, stranger].map((one) => one.get('/v1/bots?limit=100').expect(200)));
    const held = lists.map(({ body }) =>
      body.data.filter((one: { telegram_id: number }) => one.telegram_id === made.id),
    );
    expect(held.map((bots) => bots.length).toSorted((a, b) => a - b)).toEqual([0, 1]);
    const buyer = await Buyer.meets(starwall, made.id);
    await buyer.says('/start');
    await buyer.hears(/Welcome/);
  });

  it('stays with its workspace until its removal, and can then be registered by another', async () => {
    const stranger = await Creator.signUp(starwall);
    const { body } = await stranger.post('/v1/bots', { token: bot.token }).expect(409);
    expect(body.code).toBe('bot_taken');
    await stranger.post('/v1/bots', { token: bot.token, take_over: true }).expect(409);
    await creator.removeBot(bot.id);
    const moved = await stranger.post('/v1/bots', { token: bot.token }).expect(201);
    expect(moved.body.id).not.toBe(bot.id);
    await creator.post('/v1/bots', { token: bot.token }).expect(409, /bot_taken/);
    await creator.get(`/v1/bots/${moved.body.id}`).expect(404);
    const buyer = await meets();
    await buyer.says('/start');
    await buyer.hears(/Welcome/);
  });

  it("keeps another tool's webhook, which is reported, unless it is taken over", async () => {
    const made = await newBot(starwall);
    const theirs = { url: 'https://elsewhere.example/hook/secret-path' };
    await fetch(`${starwall.simulator.url}/bot${made.token}/setWebhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(theirs),
    });
    const { body, text } = await creator.post('/v1/bots', { token: made.token }).expect(409);
    expect(body).toMatchObject({ code: 'foreign_webhook', detail: expect.stringContaining('elsewhere.example') });
    expect(text).not.toContain('secret-path');
    expect((await starwall.telegram.webhook(made.id)).url).toBe(theirs.url);
    await creator.post('/v1/bots', { token: made.token, take_over: true }).expect(201);
  });

  it('is not half registered when Telegram does not answer', async () => {
    const made = await newBot(starwall);
    for (const name of ['getMe', 'setWebhook', 'setMyCommands']) {
      await starwall.telegram.setFaults({
        rules: [{ at: 'call', action: 'error500', name, botId: made.id, times: 1 }],
      });
      const { body } = await creator.post('/v1/bots', { token: made.token }).expect(503);
      expect(body).toMatchObject({ code: 'telegram_unavailable', remedy: expect.any(String) });
    }
    await creator.post('/v1/bots', { token: made.token }).expect(201);
  });

  it('refuses an update that carries the token instead of the secret', async () => {
    const answer = await telegramPosts(starwall, bot, '{"update_id":1}', {
      'x-telegram-bot-api-secret-token': bot.token,
    });
    expect(answer).toEqual({ status: 401, body: '' });
  });
});
