import { newUuid } from '#libs/kernel';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

async function newShop() {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  return { creator, bot, productId: await creator.createProduct(bot.id) };
}
type Shop = Awaited<ReturnType<typeof newShop>>;
type Member = Pick<Creator, 'get' | 'post' | 'delete'>;

const meets = (shop: Shop, language = 'en') =>
  Buyer.meets(starwall, shop.bot.telegramId, 1_000, { first_name: 'Olga', language_code: language });
const newestOrder = async ({ creator }: Shop) => (await creator.get('/v1/orders').expect(200)).body.data[0];

/** @returns the link and its start parameter */
async function code(member: Member, botId: string) {
  const { body } = await member.post('/v1/telegram-links', { bot_id: botId }).expect(201);
  return { id: String(body.id), url: new URL(body.url), start: String(new URL(body.url).searchParams.get('start')) };
}

/** Creates a person whose Telegram account is linked to a member. */
async function linked(shop: Shop, member: Member = shop.creator, language = 'en') {
  const [me, { id, start }] = [await meets(shop, language), await code(member, shop.bot.id)];
  await starwall.telegram.start(me.chat, start);
  await me.hears(/^✅/);
  return { me, id };
}

/** Creates a member with this role and their own session. */
async function colleague(shop: Shop, role: string): Promise<Member> {
  const email = `${newUuid()}@starwall.example`;
  const { body: invited } = await shop.creator.post('/v1/invitations', { email, role }).expect(201);
  const accepted = await starwall
    .http()
    .post('/v1/invitations/accept')
    .send({ token: invited.token, password: 'correct horse battery' })
    .expect(200);
  const bearer = `Bearer ${String(accepted.body.access_token)}`;
  return {
    get: (path: string) => starwall.http().get(path).set('authorization', bearer),
    post: (path: string, body: object) => starwall.http().post(path).set('authorization', bearer).send(body),
    delete: (path: string) => starwall.http().delete(path).set('authorization', bearer),
  } as Member;
}

async function buys(shop: Shop) {
  const person = await Buyer.meets(starwall, shop.bot.telegramId, 1_000, { first_name: 'Ada' });
  await person.pays(await person.wants(shop.productId));
  const order = await eventually('a delivered order', async () => {
    const newest = await newestOrder(shop);
    return newest?.buyer_telegram_id === person.id && newest.status === 'delivered' && newest;
  });
  return { person, order };
}

type Seen = Awaited<ReturnType<Buyer['sees']>>;
const dataOf = ({ reply_markup: markup }: Seen) =>
  (markup?.inline_keyboard.flat() ?? []).flatMap((it) => ('callback_data' in it ? [it.callback_data] : []));
const shows = (person: Buyer, wanted: RegExp) =>
  person.sees((it) => it.text !== undefined && wanted.test(it.text), String(wanted));
const press = (person: Buyer, message: Seen, data: string) =>
  starwall.telegram.press(person.chat, message.message_id, data);
/** Opens the confirmation of a refund, in a separate message. */
async function confirmation(me: Buyer, orderId: string): Promise<Seen> {
  const before = (await me.messages()).length;
  await me.says(`/refund ${orderId}`);
  const shown = await me.sees(
    (it) => it.message_id > before && dataOf(it).includes(`desk:ask:${orderId}`),
    'the order',
  );
  await press(me, shown, `desk:ask:${orderId}`);
  const isQuestion = (it: Seen) => it.message_id === shown.message_id && dataOf(it).includes(`desk:refund:${orderId}`);
  return me.sees(isQuestion, 'the question');
}
const auditOf = async ({ creator }: Shop, action: string) =>
  (await creator.get(`/v1/audit-entries?action=${action}`).expect(200)).body.data;

describe('a creator who links their Telegram account', () => {
  it('opens the link once, and is recognised by the bot', async () => {
    const shop = await newShop();
    const [me, { id, url, start }] = [await meets(shop), await code(shop.creator, shop.bot.id)];
    expect(url.origin).toBe('https://t.me');
    const read = async () => (await shop.creator.get(`/v1/telegram-links/${id}`).expect(200)).body;
    expect(await read()).toMatchObject({ state: 'open', telegram_id: null, role: 'owner' });
    expect(await read()).not.toHaveProperty('url');
    await starwall.telegram.start(me.chat, start);
    await me.hears(/^✅ Your account is linked.*role owner\.\n\n\/sales/);
    expect(await read()).toMatchObject({ state: 'linked', telegram_id: me.id, name: 'Olga' });
    expect(await auditOf(shop, 'telegram_links_connect')).toMatchObject([
      { via: 'telegram', actor: { kind: 'account' }, targets: [{ kind: 'telegram_link', id }] },
    ]);
    // Alerts are sent there from now on.
    expect((await shop.creator.get('/v1/alerts').expect(200)).body).toMatchObject({ telegram_id: me.id, sales: true });
  });

  it("sees today's sales and an alert for each sale, in English or Russian", async () => {
    const shop = await newShop();
    const { me } = await linked(shop);
    await me.says('/sales');
    await me.hears(/^Today, [^]*No sales yet\.$/);
    const { order } = await buys(shop);
    await buys(shop);
    const alert = await shows(me, new RegExp(`^💰[^]*${order.id}$`));
    expect(dataOf(alert)).toEqual([`desk:order:${order.id}`]);
    await me.says('/sales');
    await me.hears(/^Today, [^]*\n2 sales, 100 Stars\n\n• Guide: 2 sales, 100 Stars$/);

    const { me: russian } = await linked(shop, shop.creator, 'ru');
    await russian.hears(/^✅ Ваш аккаунт привязан/);
    await russian.says('/sales');
    await russian.hears(/^Сегодня, [^]*\nПродаж: 2, 100 звёзд\n\n• Guide: /);
    // This ended the same member's earlier link, so that person is a buyer again.
    await me.says('/sales');
    await me.hears(/^Send \/shop/);
  });

  it('refunds an order once, after a confirmation, and is named in the audit log', async () => {
    const shop = await newShop();
    const { me } = await linked(shop);
    const { person, order } = await buys(shop);
    await me.says('/refund');
    const list = await shows(me, /^Which sale\?$/);
    expect(dataOf(list)).toEqual([`desk:order:${order.id}`]);
    await press(me, list, `desk:order:${order.id}`);
    const shown = await shows(me, new RegExp(`^“Guide” for 50 Stars\nBuyer: Ada\n[^]*Delivered\\.\n\n${order.id}$`));
    await press(me, shown, `desk:ask:${order.id}`);
    const asked = await shows(me, /^Refund 50 Stars for “Guide” to Ada\?[^]*loses the purchase at once/);
    expect(dataOf(asked)).toEqual([`desk:refund:${order.id}`, `desk:keep:${order.id}`]);

    await press(me, asked, `desk:keep:${order.id}`);
    await me.hears(/^Nothing was refunded/);
    expect((await newestOrder(shop)).payment_state).toBe('paid');

    const [first, second] = [await confirmation(me, order.id), await confirmation(me, order.id)];
    await Promise.all([1, 2].map(() => press(me, first, `desk:refund:${order.id}`)));
    await eventually('the Stars', async () => (await person.balance()) === 1_000);
    await eventually('the books', async () => (await newestOrder(shop)).payment_state === 'refunded');
    await press(me, second, `desk:refund:${order.id}`);
    await me.hears(/already been refunded/);
    const { data: refunds } = (await shop.creator.get('/v1/refunds').expect(200)).body;
    const { body: account } = await shop.creator.get('/v1/me').expect(200);
    expect(refunds).toMatchObject([{ order_id: order.id, requested_by: account.id, state: 'refunded' }]);
    const entries = await auditOf(shop, 'orders_refund');
    expect(entries.length).toBeGreaterThan(0);
    expect(entries[0]).toMatchObject({
      via: 'telegram',
      actor: { id: account.id },
      targets: [{ id: order.id }, { id: refunds[0].id }],
    });
  });

  it('answers a buyer by a reply, and turns alerts on and off', async () => {
    const shop = await newShop();
    const { me } = await linked(shop);
    const { person } = await buys(shop);
    await person.says('/paysupport');
    const menu = await shows(person, /What is it about\?/);
    await press(person, menu, 'support:other');
    await shows(person, /in your own words/);
    await person.says('Where is it?');
    const alert = await shows(me, /^✉️ A buyer is waiting/);
    await starwall.telegram.sendMessage(me.chat, { text: 'Look above', repliesTo: alert.message_id });
    await person.hears(/Look above/);
    expect(await auditOf(shop, 'support_answer')).toMatchObject([{ via: 'telegram' }]);

    await me.says('/alerts');
    const state = await shows(me, /^Alerts are sent to this chat/);
    await press(me, state, 'desk:alerts:sales');
    const alerts = () => shop.creator.get('/v1/alerts');
    await eventually('the switch', async () => (await alerts()).body.sales === false);
    expect((await alerts()).body).toMatchObject({ failures: true, support: true });
    await press(me, state, 'desk:alerts:stop');
    await eventually('no alerts', async () => (await alerts()).status === 404);
  });
});

it('a creator receives alerts in their own language', async () => {
  const shop = await newShop();
  const { me } = await linked(shop, shop.creator, 'ru');
  const { order } = await buys(shop);
  const alert = await shows(me, /^💰 Продано: “Guide”/);
  expect(alert.text).toContain(order.id);
  expect(JSON.stringify(alert.reply_markup)).toContain('Показать заказ');
});

describe("a member's menu", () => {
  /** Returns the commands in the bot's menu as this person sees it. */
  const menuOf = async (person: Buyer) =>
    (await starwall.telegram.chat(person.chat)).bot.commands.map(({ command }: { command: string }) => command);
  const becomes = (person: Buyer, begins: readonly string[]) =>
    eventually(`a menu of ${begins.join()}`, async () => {
      const menu = await menuOf(person);
      return begins.every((command, n) => menu[n] === command) && menu.includes('shop') && menu;
    });

  it('starts with the commands of their role, and loses them when the link ends', async () => {
    const shop = await newShop();
    const { me, id } = await linked(shop);
    await becomes(me, ['sales', 'refund', 'alerts']);
    const stranger = await meets(shop);
    await stranger.says('/shop');
    expect(await menuOf(stranger)).not.toContain('sales');
    await shop.creator.delete(`/v1/telegram-links/${id}`).expect(204);
    await eventually('the usual menu', async () => !(await menuOf(me)).includes('sales'));
  });

  it('follows changes of the role, the language and the membership', async () => {
    const shop = await newShop();
    const { me } = await linked(shop, await colleague(shop, 'support'), 'ru');
    const menu = await becomes(me, ['sales', 'refund', 'shop']);
    expect(menu).not.toContain('alerts');
    const { commands } = (await starwall.telegram.chat(me.chat)).bot;
    expect(commands[0]).toMatchObject({ description: 'Продажи за сегодня' });
    const { data: members } = (await shop.creator.get('/v1/members').expect(200)).body;
    const member = members.find((it: { role: string }) => it.role === 'support');
    await shop.creator.patch(`/v1/members/${member.id}`, { role: 'viewer' }).expect(200);
    await becomes(me, ['sales', 'shop']);
    await shop.creator.delete(`/v1/members/${member.id}`).expect(204);
    await eventually('the usual menu', async () => !(await menuOf(me)).includes('sales'));
  });
});

describe('a member of the workspace', () => {
  it('can see sales but cannot refund as a viewer', async () => {
    const shop = await newShop();
    const viewer = await colleague(shop, 'viewer');
    const { me, id } = await linked(shop, viewer);
    const { order } = await buys(shop);
    await me.says(`/refund ${order.id}`);
    const shown = await shows(me, new RegExp(`^“Guide”[^]*${order.id}$`));
    expect(dataOf(shown)).toEqual(['desk:orders']);
    await me.says('/alerts');
    await me.hears(/^Alerts are off/);
    expect((await viewer.get('/v1/telegram-links').expect(200)).body.data).toMatchObject([{ id, role: 'viewer' }]);
  });

  it('can no longer refund after losing the permission, even by an earlier button', async () => {
    const shop = await newShop();
    const { me } = await linked(shop, await colleague(shop, 'support'));
    const { order } = await buys(shop);
    const question = await confirmation(me, order.id);
    const { data: members } = (await shop.creator.get('/v1/members').expect(200)).body;
    const member = members.find((it: { role: string }) => it.role === 'support');
    await shop.creator.patch(`/v1/members/${member.id}`, { role: 'viewer' }).expect(200);
    await press(me, question, `desk:refund:${order.id}`);
    await me.hears(/^Your role in the workspace \(viewer\) does not allow that/);
    expect((await newestOrder(shop)).payment_state).toBe('paid');
  });

  it('loses access when they leave or are unlinked, which requires the permission', async () => {
    const shop = await newShop();
    const [support, viewer] = [await colleague(shop, 'support'), await colleague(shop, 'viewer')];
    const own = await linked(shop);
    const theirs = await linked(shop, support);
    await viewer.delete(`/v1/telegram-links/${theirs.id}`).expect(403);
    await viewer.get(`/v1/telegram-links/${theirs.id}`).expect(404);
    const { data: all } = (await shop.creator.get('/v1/telegram-links').expect(200)).body;
    expect(all.map((it: { id: string }) => it.id)).toEqual([theirs.id, own.id]);

    const { data: members } = (await shop.creator.get('/v1/members').expect(200)).body;
    const leaver = members.find((it: { role: string }) => it.role === 'support');
    await shop.creator.delete(`/v1/members/${leaver.id}`).expect(204);
    await theirs.me.says('/sales');
    await theirs.me.hears(/^Send \/shop/);

    await shop.creator.delete(`/v1/telegram-links/${own.id}`).expect(204);
    await shop.creator.delete(`/v1/telegram-links/${own.id}`).expect(204);
    await own.me.says('/refund');
    await own.me.hears(/^Send \/shop/);
    expect((await shop.creator.get('/v1/telegram-links').expect(200)).body.data).toEqual([]);
  });

  it('cannot see or end links of another workspace', async () => {
    const [shop, other] = [await newShop(), await newShop()];
    const { id, me } = await linked(shop);
    await other.creator.get(`/v1/telegram-links/${id}`).expect(404);
    await other.creator.delete(`/v1/telegram-links/${id}`).expect(404);
    await other.creator.post('/v1/telegram-links', { bot_id: shop.bot.id }).expect(404);
    expect((await other.creator.get('/v1/telegram-links').expect(200)).body.data).toEqual([]);
    // In another workspace's bot, the same person is a buyer.
    const chat = { botId: other.bot.telegramId, userId: me.id };
    await starwall.telegram.sendText(chat, '/sales');
    await eventually('the answer to a buyer', async () => {
      const { messages } = await starwall.telegram.chat(chat);
      return messages.some((it) => it.text?.startsWith('Send /shop') === true);
    });
  });
});

describe('a person without a link', () => {
  it('is treated as a buyer when their code is used, replaced, foreign or invented', async () => {
    const [shop, other] = [await newShop(), await newShop()];
    const used = await code(shop.creator, shop.bot.id);
    await starwall.telegram.start((await meets(shop)).chat, used.start);
    await eventually('its use', async () => {
      const { body } = await shop.creator.get(`/v1/telegram-links/${used.id}`);
      return body.state === 'linked';
    });
    const replaced = await code(shop.creator, shop.bot.id);
    await code(shop.creator, shop.bot.id);
    const foreign = await code(other.creator, other.bot.id);
    const invented = `link_${'A'.repeat(43)}`;
    for (const start of [used.start, replaced.start, foreign.start, invented]) {
      const stranger = await meets(shop);
      await starwall.telegram.start(stranger.chat, start);
      await stranger.hears(/^Welcome to Shop/);
      expect(await stranger.heard()).toHaveLength(1);
      await stranger.says('/sales');
      await stranger.hears(/^Send \/shop/);
    }
    expect((await shop.creator.get('/v1/telegram-links').expect(200)).body.data).toHaveLength(2);
  });

  it('cannot be given more than five codes in ten minutes', async () => {
    const shop = await newShop();
    for (let n = 0; n < 5; n += 1) await code(shop.creator, shop.bot.id);
    const { body, headers } = await shop.creator.post('/v1/telegram-links', { bot_id: shop.bot.id }).expect(429);
    expect(body.code).toBe('too_many_codes');
    expect(headers['retry-after']).toBe('600');
  });
});
