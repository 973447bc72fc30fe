import type { Api } from './openapi.js';
import { connectChat } from './chats.js';
import { Buyer, type Creator, eventually, type RegisteredBot, type Starwall } from './starwall.js';

export interface Populated {
  /** Public ids by their prefix. */
  readonly ids: Map<string, string>;
  /** The values of path parameters that are not ids. */
  readonly words: Readonly<Record<'telegram_id' | 'unit' | 'language' | 'key', string>>;
}

/** Collects all ids that the API's lists show to a creator. */
export async function idsInLists(api: Api, someone: Creator): Promise<Map<string, string>> {
  const lists = api.creators.filter((one) => one.method === 'get' && !one.path.includes('{'));
  const texts = await Promise.all(lists.map(async ({ path }) => (await someone.get(path)).text));
  const found = texts.join().matchAll(/"(?:id|[a-z]+_id)":"(([a-z]+)_[0-9a-z]{26})"/g);
  return new Map([...found].map(([, id, prefix]) => [String(prefix), String(id)]));
}

/** Creates one of each object that a path of the API can name, in a creator's workspace. */
export async function populate(starwall: Starwall, api: Api, creator: Creator): Promise<Populated> {
  const made = new Map<string, string>();
  const keep = (id: string) => made.set(id.split('_')[0] ?? '', id);
  const create = async (path: string, body: object = {}) => keep((await creator.post(path, body)).body.id);

  const bot = await creator.registerBot();
  const product = await creator.createProduct(bot.id);
  const plan = { kind: 'subscription', title: 'Pro', description: 'Everything', stars: 100, content: undefined };
  const subscribed = await creator.createProduct(bot.id, plan);
  keep(await creator.uploadFile('guide.txt', 'a guide'));
  await create('/v1/api-keys', { name: 'server', scopes: ['orders:read'] });
  const { body: imported } = await creator
    .signs(starwall.http().post('/v1/bot-imports'))
    .attach('file', Buffer.from('no token'), 'bots.txt');
  keep(imported.id);
  await create('/v1/telegram-links', { bot_id: bot.id });
  await create('/v1/order-views', { name: 'Mine', filters: {} });
  await create('/v1/buyer-views', { name: 'Mine', filters: {} });
  await create('/v1/invitations', { email: `${bot.telegramId}@starwall.example`, role: 'viewer' });
  await create('/v1/endpoints', { url: 'http://127.0.0.1:9/hook', event_types: ['order.expired'] });
  await creator.post(`/v1/endpoints/${made.get('we')}/test`).expect(202);
  await create(`/v1/bots/${bot.id}/reconciliations`);
  await create('/v1/promo-codes', { bot_id: bot.id, code: 'spring', percent_off: 20 });
  const licensed = await creator.createProduct(bot.id, { kind: 'licence_key', content: undefined });
  await creator.post(`/v1/products/${licensed}/keys`, { keys: ['AAAA-BBBB'] }).expect((answer) => answer.ok);
  const { body: pool } = await creator.get(`/v1/products/${licensed}/keys`).expect(200);
  keep(pool.data[0].id);

  await administrates(starwall, creator, bot, keep);

  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await subscribes(starwall, buyer, subscribed);
  await asks(starwall, buyer);
  const { body: threads } = await creator.get('/v1/support-threads').expect(200);
  const { body: thread } = await creator.get(`/v1/support-threads/${threads.data[0].id}`).expect(200);
  keep(thread.messages[0].id);
  await buyer.pays(await buyer.wants(product));
  const order = await eventually('a delivered order', async () => {
    const { data } = (await creator.get(`/v1/orders?product_id=${product}&delivery_state=delivered`)).body;
    return data[0]?.id as string | undefined;
  });
  await create(`/v1/orders/${order}/refunds`);
  await starwall.telegram.setUpBot(bot.telegramId, { business: true });
  await starwall.telegram.connectBusiness(buyer.chat, { rights: [] });
  await eventually('a business connection', async () => {
    const { data } = (await creator.get('/v1/business-connections')).body;
    return data.length > 0;
  });
  const premium = { user_telegram_id: buyer.id, months: 3, max_stars: 1_000, confirm: true };
  await creator.post(`/v1/bots/${bot.id}/premium-gifts`, premium).set('idempotency-key', 'premium').expect(409);
  const credits = `/v1/buyers/${buyer.id}/credits/scan`;
  await creator.post(`${credits}/grants`, { amount: 10 }).set('idempotency-key', 'granted').expect(201);
  const reserved = await creator.post(`${credits}/reservations`, { amount: 1 }).set('idempotency-key', 'reserved');
  keep(reserved.body.id);
  const delivery = await eventually('a delivery', async () => {
    const { data } = (await creator.get(`/v1/endpoints/${made.get('we')}/deliveries`)).body;
    return data[0]?.id as string | undefined;
  });
  const named = [bot.id, product, order, delivery].map((id) => [id.split('_')[0] ?? '', id] as const);
  return {
    ids: new Map([...(await idsInLists(api, creator)), ...made, ...named]),
    words: { telegram_id: String(buyer.id), unit: 'scan', language: 'en', key: 'help' },
  };
}

/** Makes the bot administrator of a channel with one of Telegram's paid links. */
async function administrates(
  starwall: Starwall,
  creator: Creator,
  bot: RegisteredBot,
  keep: (id: string) => unknown,
): Promise<void> {
  const chat = await connectChat(starwall, creator, bot, 'channel');
  keep(chat);
  keep((await creator.post(`/v1/chats/${chat}/paid-links`, { stars: 40 }).expect(201)).body.id);
}

async function subscribes(starwall: Starwall, buyer: Buyer, product: string): Promise<void> {
  await starwall.telegram.start(buyer.chat, `buy_${product}`);
  const link = await eventually(
    'a link to subscribe',
    async () => /"url":"([^"]*(?:\/\$|\/invoice\/)[^"]*)"/.exec(JSON.stringify(await buyer.messages()))?.[1],
  );
  await starwall.telegram.payLink(buyer.id, link);
  await buyer.hears(/Pro.*paid until/);
}

async function asks(starwall: Starwall, buyer: Buyer): Promise<void> {
  await buyer.says('/paysupport');
  const menu = await buyer.sees((message) => message.text?.includes('What is it about?') === true, 'the menu');
  await starwall.telegram.press(buyer.chat, menu.message_id, 'support:other');
  await buyer.hears(/in your own words/);
  await buyer.says('Where is it?');
  await buyer.hears(/the seller has your message/);
}
