import { newChargeId } from '#libs/fixtures';
import { newUuid, parseId } from '#libs/kernel';
import { Backstage } from '../support/backstage.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { Trouble } from '../support/trouble.js';
import {
  bareRefundedPayment,
  blockedBot,
  nextUpdateId,
  preCheckoutQuery,
  purchasedPaidMedia,
  refundedPayment,
  subscription,
  successfulPayment,
  telegramPosts,
  text,
  type Update,
  webhookOf,
} from '../support/updates.js';

let starwall: Starwall;
let backstage: Backstage;
let creator: Creator;
let bot: RegisteredBot;

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
  creator = await Creator.signUp(starwall);
  // Each test has its own bot, and a free workspace allows fewer bots than there are tests.
  const { tenant } = (await creator.get('/v1/me').expect(200)).body;
  await backstage.query(`update tenants set plan_id = 'business' where id = $1`, [parseId('tenant', tenant.id)]);
});
beforeEach(async () => {
  bot = await creator.registerBot();
});
afterEach(() => starwall.telegram.setFaults({ rules: [] }));
afterAll(async () => {
  await backstage.close();
  await starwall.stop();
});

const SAFE = { status: 200, body: '' };
const refusedWith = (status: number) => ({ status, body: '' });
const posts = (update: Update | string, headers?: Record<string, string>) =>
  telegramPosts(starwall, bot, update, headers);
const settled = (update: Update) =>
  eventually('the update to be handled', async () => {
    const entry = await backstage.entry(bot, update.update_id);
    return entry?.state === 'done' && entry;
  });
const parked = (update: Update) =>
  eventually('the update to be parked', async () => {
    await backstage.hurryUpdates(bot, 'last');
    const entry = await backstage.entry(bot, update.update_id);
    return entry?.state === 'parked' && entry;
  });
const chargesOf = async (filter = '') =>
  (await creator.get(`/v1/charges?bot_id=${bot.id}${filter}`).expect(200)).body.data;
const strays = async () => (await creator.get(`/v1/stray-payments?bot_id=${bot.id}`).expect(200)).body.data;

describe('the webhook', () => {
  it.each<[string, (secret: string) => Record<string, string>]>([
    ['a wrong secret', () => ({ 'x-telegram-bot-api-secret-token': 'A'.repeat(43) })],
    ['an empty secret', () => ({ 'x-telegram-bot-api-secret-token': '' })],
    ['a secret of 257 characters', () => ({ 'x-telegram-bot-api-secret-token': 'A'.repeat(257) })],
    ['the secret plus one character', (secret) => ({ 'x-telegram-bot-api-secret-token': `${secret}A` })],
    ['the secret in another case', (secret) => ({ 'x-telegram-bot-api-secret-token': secret.toLowerCase() })],
    ['the secret in another header', (secret) => ({ 'x-telegram-bot-api-secret-token': '', authorization: secret })],
  ])('refuses an update with %s and stores nothing', async (_, headers) => {
    expect(await posts(text(1, 'hi'), headers(webhookOf(starwall, bot).secret))).toEqual(refusedWith(401));
    expect(await backstage.inbox(bot)).toEqual([]);
  });

  it("refuses an update without a secret or with another bot's secret", async () => {
    const other = webhookOf(starwall, await creator.registerBot());
    expect(await posts(text(1, 'hi'), { 'x-telegram-bot-api-secret-token': other.secret })).toEqual(refusedWith(401));
    const { url } = webhookOf(starwall, bot);
    const without = await fetch(url, { method: 'POST', body: JSON.stringify(text(1, 'hi')) });
    expect({ status: without.status, body: await without.text() }).toEqual(refusedWith(401));
    expect(await backstage.inbox(bot)).toEqual([]);
  });

  it.each(['A'.repeat(43), 'short', '%00', '..%2f..', 'A'.repeat(500)])(
    'refuses another path, with any secret (%#)',
    async (path) => {
      const response = await fetch(`${starwall.ingressUrl}/telegram/${path}`, {
        method: 'POST',
        headers: { 'x-telegram-bot-api-secret-token': webhookOf(starwall, bot).secret },
        body: JSON.stringify(text(1, 'hi')),
      });
      expect({ status: response.status, body: await response.text() }).toEqual(refusedWith(401));
    },
  );

  it.each([
    '',
    '{',
    'null',
    '[]',
    '"update"',
    '{}',
    '{"update_id":"7"}',
    '{"update_id":1.5}',
    '{"update_id":9007199254740993}',
    `{"update_id":1,"message":`,
  ])('rejects the body %j', async (body) => {
    expect(await posts(body)).toEqual(refusedWith(400));
    expect(await backstage.inbox(bot)).toEqual([]);
  });

  it('accepts 512 KiB, but not one byte more', async () => {
    const update = { update_id: nextUpdateId(), business_message: { text: '' } };
    const fill = 512 * 1024 - JSON.stringify(update).length;
    const body = JSON.stringify({ ...update, business_message: { text: 'x'.repeat(fill) } });
    expect(await posts(body.replace('x', 'xx'))).toEqual(refusedWith(413));
    expect(await backstage.inbox(bot)).toEqual([]);
    expect(await posts(body)).toEqual(SAFE);
    expect(await backstage.inbox(bot)).toHaveLength(1);
  });

  it('accepts any content type, because the secret authenticates the sender', async () => {
    const update = purchasedPaidMedia(777);
    expect(await posts(update, { 'content-type': 'text/plain' })).toEqual(SAFE);
    await settled(update);
  });
});

describe('an update', () => {
  it('is stored and answered once, when it is repeated and when it arrives eight times concurrently', async () => {
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await buyer.says('/start');
    await buyer.hears(/Welcome/);
    const update = text(buyer.id, '/help');
    const answers = await Promise.all(Array.from({ length: 8 }, () => posts(update)));
    expect([...answers, await posts(update)]).toEqual(Array.from({ length: 9 }, () => SAFE));
    await settled(update);
    await buyer.says('/terms');
    await buyer.hears(/digital goods/);
    expect((await buyer.heard()).filter((words) => words.includes('what is sold here\n'))).toHaveLength(1);
    expect((await backstage.inbox(bot)).map((entry) => entry.kind)).toEqual(['message', 'message', 'message']);
  });

  it('is answered in the order of its chat, while other chats continue', async () => {
    const [slow, quick] = [await Buyer.meets(starwall, bot.telegramId), await Buyer.meets(starwall, bot.telegramId)];
    const asked = Array.from({ length: 20 }, (_, n) => ['/help', '/terms', '/orders', '/paysupport'][(n * 7) % 4]);
    const rule = {
      at: 'call',
      action: 'delay',
      name: 'sendMessage',
      botId: bot.telegramId,
      times: 1,
      seconds: 60,
    } as const;
    await starwall.telegram.setFaults({ rules: [rule] });
    for (const words of asked) await slow.says(String(words));
    await eventually('the first answer to be held up', async () => (await starwall.telegram.faults())[0]?.struck === 1);
    await quick.says('/help');
    await quick.hears(/what is sold here/);
    expect(await slow.heard()).toEqual([]);

    await starwall.telegram.advance(60);
    const words = await eventually('all answers', async () => {
      const heard = await slow.heard();
      return heard.length === asked.length && heard;
    });
    const kinds = {
      'what is sold here': '/help',
      'digital goods': '/terms',
      'not bought': '/orders',
      'What is it about': '/paysupport',
    };
    const answered = words.map((said) => Object.entries(kinds).find(([part]) => said.includes(part))?.[1]);
    expect(answered).toEqual(asked);
  });

  it('is handled in the order of arrival, even when update ids decrease', async () => {
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await buyer.says('/start');
    await buyer.hears(/Welcome/);
    const updates = [text(buyer.id, '/help'), text(buyer.id, '/terms'), text(buyer.id, '/orders')];
    const ids = updates.map((update) => update.update_id).toReversed();
    for (const [n, update] of updates.entries()) await posts({ ...update, update_id: Number(ids[n]) });
    await buyer.hears(/not bought/);
    expect((await buyer.heard()).slice(1)).toEqual([
      expect.stringContaining('/paysupport'),
      expect.stringContaining('digital goods'),
      expect.stringContaining('not bought'),
    ]);
  });

  it('about money that keeps failing is parked with its error, and blocks neither other chats nor messages of its own chat', async () => {
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await buyer.says('/start');
    await buyer.hears(/Welcome/);
    const trouble = await Trouble.on(backstage, 'charges', '23514', 1_000, `new.buyer_id = ${buyer.id}`);
    const poison = successfulPayment(buyer.id);
    expect(await posts(poison)).toEqual(SAFE);
    await eventually('the first failure', async () => (await backstage.entry(bot, poison.update_id))?.error !== null);
    const other = await Buyer.meets(starwall, bot.telegramId);
    for (const person of [buyer, other]) {
      await person.says('/terms');
      await person.hears(/digital goods/);
    }
    expect((await backstage.entry(bot, poison.update_id))?.state).toBe('waiting');
    expect((await parked(poison)).error).toContain('refused on purpose');
    await trouble.end();
  });

  it('is not retried when Telegram refuses the answer, and its chat continues at once', async () => {
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await buyer.says('/start');
    await buyer.hears(/Welcome/);
    const rule = { at: 'call', action: 'error400', name: 'sendMessage', botId: bot.telegramId, times: 1 } as const;
    await starwall.telegram.setFaults({ rules: [rule] });
    const update = text(buyer.id, 'Hello');
    expect(await posts(update)).toEqual(SAFE);
    await buyer.says('/help');
    await buyer.hears(/what you have bought/);
    expect(await backstage.entry(bot, update.update_id)).toMatchObject({
      state: 'parked',
      attempts: 1,
      error: expect.stringContaining('refused on purpose'),
    });
  });

  it('is stored and parked without blocking others when it has no sender and no chat', async () => {
    const update = bareRefundedPayment();
    expect(await posts(update)).toEqual(SAFE);
    const next = purchasedPaidMedia(777_000_124);
    expect(await posts(next)).toEqual(SAFE);
    await settled(next);
    expect((await parked(update)).error).toBe('an impossible report of a payment or refund: payer');
    expect(await strays()).toMatchObject([{ reason: 'payer', buyer_telegram_id: null, kind: 'refunded_payment' }]);
  });

  it.each<[string, () => Update]>([
    ['about bought paid media', () => purchasedPaidMedia(777_000_124)],
    ['about a cancelled subscription', () => subscription(777_000_123, 'canceled')],
    ['about a resumed subscription', () => subscription(777_000_123, 'active')],
    ['about a subscription that could not be renewed', () => subscription(777_000_123, 'failed')],
    ['about a buyer who blocked the bot', () => blockedBot(bot, 777_000_123)],
    ['of a future kind', () => ({ update_id: nextUpdateId(), teleported: { user: { id: 7 } } })],
    ['of a kind whose content is not an object', () => ({ update_id: nextUpdateId(), pulse: 72 })],
    ['without content', () => ({ update_id: nextUpdateId() })],
  ])('%s is stored and completed', async (_, make) => {
    const update = make();
    expect(await posts(update)).toEqual(SAFE);
    expect(await settled(update)).toMatchObject({ error: null, body: update });
  });
});

describe('a payment without an order', () => {
  const buyerId = 777_000_123;

  it('is refused at the pre-checkout query', async () => {
    const query = preCheckoutQuery(buyerId, `${buyerId}&&&e639736a-cd60-48cf-bdc3-a4d94cea9f21`);
    expect(await posts(query)).toEqual(SAFE);
    const calls = await starwall.telegram.calls(bot.telegramId);
    expect(calls.findLast(({ method }) => method === 'answerPreCheckoutQuery')).toMatchObject({
      method: 'answerPreCheckoutQuery',
      params: { ok: 'false', error_message: 'This invoice is unknown. Please open the shop and buy again.' },
    });
    expect(await settled(query)).toMatchObject({ kind: 'pre_checkout_query' });
  });

  it('is listed once as unmatched when it was made anyway, and its refund is recorded', async () => {
    const chargeId = newChargeId();
    const paid = successfulPayment(buyerId, { chargeId }, { provider_payment_charge_id: `${buyerId}_8` });
    await Promise.all(Array.from({ length: 8 }, () => posts({ ...paid, update_id: nextUpdateId() })));
    const [charge, ...more] = await eventually('the charge', async () => {
      const found = await chargesOf('&match=unmatched');
      return found.length > 0 && found;
    });
    expect(more).toEqual([]);
    expect(charge).toMatchObject({
      state: 'paid',
      order_id: null,
      buyer_telegram_id: buyerId,
      stars: 3,
      payload: `${buyerId}&&&e639736a-cd60-48cf-bdc3-a4d94cea9f21`,
      telegram_payment_charge_id: chargeId,
      provider_payment_charge_id: `${buyerId}_8`,
    });
    const search = async (someone: Creator) =>
      (await someone.get('/v1/search').query({ q: charge?.['payload'] }).expect(200)).body.data;
    expect(await search(creator)).toMatchObject([{ kind: 'charge', id: charge?.['id'] }]);
    expect(await search(await Creator.signUp(starwall))).toEqual([]);

    const refund = refundedPayment(bot, buyerId, chargeId);
    await posts(refund);
    await settled(refund);
    expect(await chargesOf()).toMatchObject([{ state: 'refunded' }]);
    const [books] = await backstage.query<{ sum: number; entries: number }>(
      `select sum(stars)::int as sum, count(*)::int as entries from ledger_entries e join bots b on b.id = e.bot_id
       where b.telegram_id = $1 and account = 'held'`,
      [bot.telegramId],
    );
    expect(books).toEqual({ sum: 0, entries: 2 });
  });

  it('is also listed when only its refund was reported', async () => {
    const chargeId = newChargeId();
    const refund = refundedPayment(bot, buyerId, chargeId);
    expect(await posts(refund)).toEqual(SAFE);
    await settled(refund);
    const charge = { telegram_payment_charge_id: chargeId, buyer_telegram_id: buyerId, state: 'refunded', stars: 3 };
    expect(await chargesOf('&match=unmatched')).toMatchObject([charge]);
    await posts(refundedPayment(bot, buyerId, chargeId));
    const late = successfulPayment(buyerId, { chargeId });
    await posts(late);
    await settled(late);
    expect(await chargesOf()).toMatchObject([charge]);
  });

  it('keeps long ids and texts exactly', async () => {
    const paid = { payload: 'п'.repeat(64), chargeId: newChargeId(300), stars: 2_147_483_647 };
    const giant = 2 ** 52 - 1;
    const renewal = { subscription_expiration_date: 1_795_184_000, is_recurring: true, is_first_recurring: true };
    await posts(successfulPayment(giant, paid, renewal));
    expect(await eventually('the charge', async () => (await chargesOf())[0])).toMatchObject({
      buyer_telegram_id: giant,
      stars: 2_147_483_647,
      payload: paid.payload,
      telegram_payment_charge_id: paid.chargeId,
    });
  });

  it('in another currency is never recorded as Stars: its creator is notified, and nothing is blocked', async () => {
    const update = successfulPayment(buyerId, { currency: 'USD', stars: 100 });
    expect(await posts(update)).toEqual(SAFE);
    await settled(update);
    await posts(update);
    expect(await chargesOf()).toEqual([]);
    const shown = { reason: 'currency', currency: 'USD', amount: '100', buyer_telegram_id: buyerId };
    expect(await strays()).toMatchObject([shown]);
    const { data } = (await creator.get('/v1/events?type=payment.stray&limit=1').expect(200)).body;
    expect(data).toMatchObject([{ data: shown }]);
  });

  it.each([0, -1, 1.5, 2 ** 31, 2 ** 53])('is parked at once when its amount is %j', async (stars) => {
    const update = successfulPayment(buyerId, {}, { total_amount: stars });
    const next = successfulPayment(buyerId);
    for (const one of [update, next]) expect(await posts(one)).toEqual(SAFE);
    await settled(next);
    expect(await parked(update)).toMatchObject({
      attempts: 1,
      error: 'an impossible report of a payment or refund: amount',
    });
    expect(await chargesOf()).toHaveLength(1);
    expect((await strays())[0]).toMatchObject({ reason: 'amount', amount: String(stars), buyer_telegram_id: buyerId });
  });

  it.each([2 ** 52, 2 ** 53, 2 ** 53 + 2])('from an impossible payer, %j, does not break the lists', async (giant) => {
    const update = successfulPayment(giant);
    expect(await posts(update)).toEqual(SAFE);
    expect(await parked(update)).toMatchObject({ attempts: 1 });
    expect(await strays()).toMatchObject([{ reason: 'payer', buyer_telegram_id: null }]);
    expect(await chargesOf()).toEqual([]);
  });

  it('made in a group belongs to its sender', async () => {
    const { update_id, message } = successfulPayment(buyerId) as unknown as { update_id: number; message: object };
    const update = { update_id, message: { ...message, chat: { id: -100_500, type: 'group', title: 'Friends' } } };
    expect(await posts(update)).toEqual(SAFE);
    await settled(update);
    expect(await chargesOf()).toMatchObject([{ buyer_telegram_id: buyerId }]);
  });

  it.each([
    ['date', { subscription_expiration_date: 1e18, is_recurring: true }],
    ['charge', { telegram_payment_charge_id: '' }],
  ])('is parked at once when its %s is invalid', async (reason, extra) => {
    const update = successfulPayment(buyerId, {}, extra);
    await posts(update);
    expect(await parked(update)).toMatchObject({
      attempts: 1,
      error: `an impossible report of a payment or refund: ${reason}`,
    });
    expect(await strays()).toMatchObject([{ reason }]);
  });
});

describe('an unusual buyer', () => {
  it('can buy normally with a name that PostgreSQL cannot store', async () => {
    const name = 'A\ud800B\u0000C';
    const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, { first_name: name });
    const invoice = await buyer.wants(await creator.createProduct(bot.id));
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'paid' });
    await buyer.hears(/the goods/);
    const states = async () => (await backstage.inbox(bot)).map((entry) => entry.state).join();
    await eventually('all to be handled', async () => (await states()) === 'done,done,done');
  });

  it('can buy normally with an id of 52 bits', async () => {
    const id = 2 ** 52 - 1 - Math.floor(Math.random() * 2 ** 30);
    const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, { id });
    const invoice = await buyer.wants(await creator.createProduct(bot.id));
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'paid' });
    await buyer.hears(/the goods/);
    expect((await creator.get(`/v1/orders?buyer_telegram_id=${id}`).expect(200)).body.data).toHaveLength(1);
  });

  it('is welcomed when the deep link is longer than Telegram allows', async () => {
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await buyer.says(`/start buy_${await creator.createProduct(bot.id)}-${'x'.repeat(100)}`);
    await buyer.hears(/Welcome/);
  });

  it.each([
    `/start buy_prod_${'0'.repeat(26)}`,
    `/start ${'x'.repeat(3_000)}`,
    `/start buy_${newUuid()}`,
    '/start@somebody_else_bot',
    '/START',
    '/',
    '🧨'.repeat(2_000),
  ])('is answered after sending nonsense, and the chat continues (%#)', async (words) => {
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await buyer.says(words);
    await buyer.says('/terms');
    await buyer.hears(/digital goods/);
    const states = async () => (await backstage.inbox(bot)).map((entry) => entry.state).join();
    await eventually('both to be handled', async () => (await states()) === 'done,done');
  });
});
