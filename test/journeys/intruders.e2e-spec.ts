import { newChargeId } from '#libs/fixtures';
import { request as httpRequest } from 'node:http';
import { Backstage } from '../support/backstage.js';
import { Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import {
  bareRefundedPayment,
  blockedBot,
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

const BUYER = 777_000_123;
const SECRET = 'x-telegram-bot-api-secret-token';

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
afterAll(async () => {
  await backstage.close();
  await starwall.stop();
});

interface Asked {
  readonly method?: string;
  readonly path: string;
  /** Sent unchanged, so that a header can occur twice. */
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** Returns all that the sender can observe, except the parts that differ between any two answers. */
function asks({ method = 'POST', path, headers = [], body = JSON.stringify(forged()) }: Asked) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const all = [
      'host',
      new URL(starwall.ingressUrl).host,
      'content-length',
      String(Buffer.byteLength(body)),
      ...headers,
    ];
    const sent = httpRequest(new URL(path, starwall.ingressUrl), { method, headers: all, agent: false }, (answer) => {
      let said = '';
      answer.setEncoding('utf8').on('data', (part: string) => (said += part));
      answer.on('end', () => {
        const { date: _, 'request-id': __, ...rest } = answer.headers;
        resolve({ status: answer.statusCode ?? 0, headers: rest, body: said });
      });
    });
    sent.on('error', reject).end(body);
  });
}

/** A forged payment with all fields that could turn a webhook's response into a call to Telegram. */
const forged = () => ({ ...successfulPayment(BUYER), method: 'sendMessage', chat_id: BUYER, text: 'hijacked' });
const pathOf = (url: string) => new URL(url).pathname;
const chargesOf = async () => (await creator.get(`/v1/charges?bot_id=${bot.id}`).expect(200)).body.data;
/** Excludes reads and the menu of a new bot, which can happen at any time. */
const callsBy = async () =>
  (await starwall.telegram.calls(bot.telegramId)).filter(({ method }) => !/^(?:get|(?:set|delete)My)/.test(method))
    .length;

describe('attack 1: a forged update', () => {
  it.each<[string, (own: string, others: string) => readonly string[]]>([
    ['without a secret', () => []],
    ['with an empty secret', () => [SECRET, '']],
    ['with a wrong secret', () => [SECRET, 'A'.repeat(43)]],
    ['with a secret of 257 characters', () => [SECRET, 'A'.repeat(257)]],
    ['with the right secret and another one', (own) => [SECRET, own, SECRET, 'A'.repeat(43)]],
    ['with the right secret twice', (own) => [SECRET, own, SECRET, own]],
    ["with another bot's secret", (_, others) => [SECRET, others]],
  ])('%s is refused without a row, a call or a charge', async (_, headersOf) => {
    const other = webhookOf(starwall, await creator.registerBot());
    const { url, secret } = webhookOf(starwall, bot);
    const before = await callsBy();
    const answer = await asks({ path: pathOf(url), headers: headersOf(secret, other.secret) });
    expect(answer).toMatchObject({ status: 401, body: '' });
    expect(await backstage.inbox(bot)).toEqual([]);
    expect(await chargesOf()).toEqual([]);
    expect(await callsBy()).toBe(before);
  });

  it('is also refused to the creator of the bot: the token is no substitute for the secret', async () => {
    const { url } = webhookOf(starwall, bot);
    for (const guess of [bot.token, bot.token.split(':')[1] ?? '']) {
      expect(await asks({ path: pathOf(url), headers: [SECRET, guess] })).toMatchObject({ status: 401 });
    }
    expect(await backstage.inbox(bot)).toEqual([]);
  });
});

describe("attack 2: an update of one bot sent to another bot's path", () => {
  it.each<[string, () => Update]>([
    ['a message', () => text(BUYER, '/start')],
    ['a payment', () => successfulPayment(BUYER)],
    ['a refund', () => refundedPayment(bot, BUYER, newChargeId())],
    ['a bare refund', bareRefundedPayment],
    ['a pre-checkout query', () => preCheckoutQuery(BUYER, 'whatever')],
    ['bought paid media', () => purchasedPaidMedia(BUYER)],
    ['a subscription', () => subscription(BUYER, 'active')],
    ['a blocked bot', () => blockedBot(bot, BUYER)],
  ])('is refused for both bots: %s', async (_, make) => {
    const other = await (await Creator.signUp(starwall)).registerBot();
    const { secret } = webhookOf(starwall, bot);
    const answer = await telegramPosts(starwall, other, make(), { [SECRET]: secret });
    expect(answer).toEqual({ status: 401, body: '' });
    expect([await backstage.inbox(bot), await backstage.inbox(other)]).toEqual([[], []]);
  });
});

describe('the existence oracle of the webhook', () => {
  it('gives one answer for a wrong secret, an unknown path and a malformed path', async () => {
    const { url, secret } = webhookOf(starwall, bot);
    const headers = [SECRET, 'A'.repeat(43)];
    const wrong = await asks({ path: pathOf(url), headers });
    expect(wrong).toMatchObject({ status: 401, body: '' });
    const others = ['A'.repeat(43), 'short', '%00', '%zz', '..%2f..', 'A'.repeat(5_000), ''];
    for (const path of others) expect(await asks({ path: `/telegram/${path}`, headers })).toEqual(wrong);
    expect(await asks({ path: `/telegram/${'A'.repeat(43)}`, headers: [SECRET, secret] })).toEqual(wrong);
  });

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    'reveals nothing to %s about the path or the secret',
    async (method) => {
      const { url, secret } = webhookOf(starwall, bot);
      const answers = [
        await asks({ method, path: pathOf(url), headers: [SECRET, secret] }),
        await asks({ method, path: pathOf(url), headers: [SECRET, 'A'.repeat(43)] }),
        await asks({ method, path: `/telegram/${'A'.repeat(43)}`, headers: [SECRET, secret] }),
      ];
      expect(answers[0]).toMatchObject({ status: 404, body: '' });
      expect(answers).toEqual([answers[0], answers[0], answers[0]]);
      expect(await backstage.inbox(bot)).toEqual([]);
    },
  );

  it('does not check the size, type or content of a body before the secret', async () => {
    const { url } = webhookOf(starwall, bot);
    const headers = [SECRET, 'A'.repeat(43)];
    const plain = await asks({ path: pathOf(url), headers });
    const odd: Omit<Asked, 'path'>[] = [
      { headers: [...headers, 'content-type', 'application/json'], body: '{' },
      { headers: [...headers, 'content-type', 'multipart/form-data; boundary=x'], body: 'x' },
      { headers: [...headers, 'content-type', 'no type at all'], body: 'x' },
      { headers: [...headers, 'content-encoding', 'gzip'], body: 'x' },
      { headers, body: '' },
    ];
    for (const one of odd) expect(await asks({ path: pathOf(url), ...one })).toEqual(plain);
  });
});

describe('the webhook-reply hijack', () => {
  it.each<[string, number, () => string]>([
    ['an update', 200, () => JSON.stringify(forged())],
    ['a pre-checkout query', 200, () => JSON.stringify(preCheckoutQuery(BUYER, 'sendMessage'))],
    ['JSON that is not an update', 400, () => '{"method":"sendMessage","chat_id":1,"text":"x"}'],
    ['a body that is not JSON', 400, () => 'method=sendMessage'],
    ['an empty body', 400, () => ''],
    ['more than 512 KiB', 413, () => JSON.stringify({ update_id: 1, method: 'x'.repeat(512 * 1024) })],
  ])('has no response body to put a call into: %s', async (_, status, make) => {
    const { url, secret } = webhookOf(starwall, bot);
    const answer = await asks({ path: pathOf(url), headers: [SECRET, secret], body: make() });
    expect(answer).toMatchObject({ status, body: '', headers: { 'content-length': '0' } });
    expect(answer.headers).not.toHaveProperty('content-type');
  });

  it('has none under other paths, either', async () => {
    for (const path of ['/telegram', '/telegram/a/b', '/telegram/a/b?method=sendMessage']) {
      expect(await asks({ path })).toMatchObject({ status: 404, headers: { 'content-length': '0' }, body: '' });
    }
  });
});

describe('a webhook secret that is being replaced', () => {
  it('is accepted together with the new one at first, and later refused', async () => {
    const old = webhookOf(starwall, bot);
    const token = await starwall.telegram.revokeToken(bot.telegramId);
    await creator.post(`/v1/bots/${bot.id}/rotate-token`, { token }).expect(200);
    const fresh = webhookOf(starwall, bot);
    expect(fresh.secret).not.toBe(old.secret);
    const posts = (secret: string) =>
      telegramPosts(starwall, bot, purchasedPaidMedia(BUYER), { [SECRET]: secret }).then(({ status }) => status);
    expect([await posts(old.secret), await posts(fresh.secret)]).toEqual([200, 200]);
    expect(await backstage.inbox(bot)).toHaveLength(2);

    const past = `update bot_routes set previous_secret_until = now() where telegram_id = $1`;
    await backstage.query(past, [bot.telegramId]);
    await eventually('the old secret to be deleted', async () => (await posts(old.secret)) === 401);
    expect(await posts(fresh.secret)).toBe(200);
  });
});

it('the existence oracle of unique keys: names taken in one workspace are free in another', async () => {
  const stranger = await Creator.signUp(starwall);
  const names = { url: 'http://127.0.0.1:9/hook', email: 'somebody@starwall.example' };
  for (const someone of [creator, stranger]) {
    await someone.post('/v1/endpoints', { url: names.url }).expect(201);
    await someone.post('/v1/api-keys', { name: 'Till', scopes: ['bots:read'] }).expect(201);
    await someone.post('/v1/invitations', { email: names.email, role: 'viewer' }).expect(201);
    const { id } = await someone.registerBot();
    const product = { bot_id: id, kind: 'text', title: 'G', description: 'A guide', stars: 5, content: 'the goods' };
    const [first, again] = [
      await someone.post('/v1/products', product).set('idempotency-key', 'the-same-key').expect(201),
      await someone.post('/v1/products', product).set('idempotency-key', 'the-same-key').expect(201),
    ];
    expect(again.body).toEqual(first.body);
  }
});
