import { newUuid, publicId } from '#libs/kernel';
import { Api, type Operation } from '../support/openapi.js';
import { connectChat } from '../support/chats.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { successfulPayment, telegramPosts } from '../support/updates.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

let starwall: Starwall;
let api: Api;
let receiver: WebhookReceiver;

beforeAll(async () => {
  starwall = await startStarwall();
  receiver = await WebhookReceiver.start();
  api = await Api.of(starwall);
});
afterAll(async () => {
  await starwall.stop();
  await receiver.stop();
});

/** The public routes. Adding one is a deliberate decision. */
const PUBLIC = [
  'get /health/live',
  'get /health/ready',
  'get /v1/installation',
  'get /v1/status',
  'post /v1/auth/address/confirm',
  'post /v1/auth/address/restore',
  'post /v1/auth/browser/accept-invitation',
  'post /v1/auth/browser/login',
  'post /v1/auth/browser/logout',
  'post /v1/auth/browser/refresh',
  'post /v1/auth/browser/sign-up',
  'post /v1/auth/login',
  'post /v1/auth/password-resets',
  'post /v1/auth/password-resets/complete',
  'post /v1/auth/refresh',
  'post /v1/auth/sign-up',
  'post /v1/invitations/accept',
  'post /v1/invitations/show',
  'post /v1/staff/auth/browser/confirm',
  'post /v1/staff/auth/browser/login',
  'post /v1/staff/auth/browser/logout',
  'post /v1/staff/auth/browser/recover',
  'post /v1/staff/auth/browser/refresh',
  'post /v1/staff/auth/confirm',
  'post /v1/staff/auth/login',
  'post /v1/staff/auth/recover',
  'post /v1/staff/auth/refresh',
  'post /v1/staff/visits/end',
];

const isOpen = (operation: Operation) => (operation.security ?? []).length === 0;
const nameOf = (operation: Operation) => `${operation.method} ${operation.path}`;
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const idsIn = (text: string) => [...text.matchAll(/\b(?!req_)[a-z]{2,6}_[0-9a-hjkmnp-tv-z]{26}\b/g)].map(([id]) => id);

function request(creator: Creator | undefined, operation: Operation, path: string, body?: object) {
  const call = starwall.http()[operation.method](path);
  const test = creator === undefined ? call : creator.signs(call);
  // Some writes require a key, and the others ignore it.
  if (operation.method !== 'get') void test.set('idempotency-key', newUuid());
  return body === undefined ? test : test.send(body);
}

describe('two workspaces with two bots each', () => {
  it('sell concurrently, each its own goods to its own buyers with its own ledger', async () => {
    const creators = await Promise.all([Creator.signUp(starwall), Creator.signUp(starwall)]);
    const shops = await Promise.all(
      [...creators, ...creators].map(async (creator, n) => {
        const bot = await creator.registerBot(`Shop ${n}`);
        const goods = `goods of ${bot.id}`;
        return { creator, bot, goods, product: await creator.createProduct(bot.id, { content: goods, stars: 10 + n }) };
      }),
    );
    await Promise.all(
      [...shops, ...shops, ...shops].map(async ({ bot, product, goods }) => {
        const buyer = await Buyer.meets(starwall, bot.telegramId);
        expect(await buyer.pays(await buyer.wants(product))).toMatchObject({ status: 'paid' });
        await buyer.hears(new RegExp(goods));
        expect((await buyer.heard()).filter((words) => words.startsWith('goods of'))).toEqual([goods]);
      }),
    );
    for (const creator of creators) {
      const mine = shops.filter((shop) => shop.creator === creator).map((shop) => shop.bot.id);
      const botsIn = async (path: string) => {
        const { body } = await creator.get(path).expect(200);
        return body.data.map((row: { bot_id: string }) => row.bot_id).toSorted();
      };
      const expected = [...mine, ...mine, ...mine].toSorted((a, b) => a.localeCompare(b));
      expect(await botsIn('/v1/orders')).toEqual(expected);
      expect(await botsIn('/v1/charges')).toEqual(expected);
    }
  });
});

describe('a request without a credential', () => {
  it('is accepted by exactly the routes that are declared public', async () => {
    const open = api.operations.filter(isOpen).map(nameOf);
    expect(open.toSorted((a, b) => a.localeCompare(b))).toEqual(PUBLIC);
    const closed = api.operations.filter((operation) => !isOpen(operation));
    expect(closed.length).toBeGreaterThan(30);
    const path = (operation: Operation) => operation.path.replaceAll(/\{[^}]+\}/g, 'anything');
    for (const credential of [undefined, 'Bearer a.b.c', 'Basic YWRhOnB3']) {
      const answers = closed.map(async (operation) => {
        const test = request(undefined, operation, path(operation), {});
        if (credential !== undefined) void test.set('authorization', credential);
        const { status, body } = await test;
        return [nameOf(operation), status, body.code];
      });
      expect(await Promise.all(answers)).toEqual(
        closed.map((operation) => [nameOf(operation), 401, 'unauthenticated']),
      );
    }
  });
});

describe("another workspace's objects", () => {
  let owner: Creator;
  let stranger: Creator;
  let bot: RegisteredBot;
  /** One object of each kind, by the names that routes use. */
  let things: Readonly<Record<string, string>>;

  beforeAll(async () => {
    [owner, stranger] = await Promise.all([Creator.signUp(starwall), Creator.signUp(starwall)]);
    bot = await owner.registerBot();
    await stranger.registerBot();
    things = await populate(owner, bot);
  });

  it('cannot be read or changed by any route', async () => {
    const before = await everythingOf(owner);
    const walked = api.creators.filter((operation) => /\{(?!telegram_id|unit)/.test(operation.path));
    expect(walked.length).toBeGreaterThan(20);
    for (const operation of walked) {
      const { status, body } = await request(stranger, operation, pathTo(operation), api.bodyFor(operation));
      // A body that is not an upload is refused before the product is looked up.
      const refusal = operation.path.endsWith('/keys/file') ? [400, 'invalid_upload'] : [404, 'not_found'];
      expect([nameOf(operation), status, body.code]).toEqual([nameOf(operation), ...refusal]);
      expect(idsIn(JSON.stringify(body))).toEqual([]);
    }
    expect(await everythingOf(owner)).toEqual(before);
  });

  it('do not reveal its buyers, whose Telegram ids are the same everywhere', async () => {
    const before = await everythingOf(owner);
    const walked = api.creators.filter((operation) => operation.path.includes('{telegram_id}'));
    for (const operation of walked) {
      const answer = await request(stranger, operation, pathTo(operation), api.bodyFor(operation));
      expect([nameOf(operation), known(answer.text)]).toEqual([nameOf(operation), []]);
      expect(answer.status).toBeLessThan(500);
    }
    expect(await everythingOf(owner)).toEqual(before);
  });

  it('appear in no list, with any filter or cursor, nor in searches', async () => {
    // The audit log records requests, and those have just included all of these ids.
    const lists = api.creators.filter(
      ({ method, path }) => method === 'get' && !path.includes('{') && !path.startsWith('/v1/audit-entries'),
    );
    for (const operation of lists) {
      const names = (operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name);
      const required = requiredQuery(operation);
      const queries = names
        .filter((name) => name in FILTERS || name.endsWith('_id'))
        .map((name) => `${name}=${filterFor(operation, name)}`);
      for (const query of ['', ...queries]) {
        const path = `${operation.path}?${[required, query].filter((part) => part !== '').join('&')}`;
        const answer = await stranger.get(path);
        expect([path, answer.status < 500, known(answer.text)]).toEqual([path, true, []]);
      }
    }
  });

  it('cannot be referenced in a body', async () => {
    const text = { kind: 'text', title: 'Guide', description: 'A guide', stars: 1, content: 'x' };
    const mine = (await stranger.get('/v1/bots').expect(200)).body.data[0].id;
    const file = { ...text, kind: 'file', content: null, bot_id: mine, file_id: things['files'] };
    for (const body of [{ ...text, bot_id: bot.id }, file]) {
      expect((await stranger.post('/v1/products', body).expect(404)).body.code).toBe('not_found');
    }
    expect((await stranger.get('/v1/products').expect(200)).body.data).toEqual([]);
  });

  /** Finds the owner's ids that a text reveals. */
  const known = (text: string) => idsIn(text).filter((id) => Object.values(things).includes(id));

  /** Query parameters that take ids, and the kinds of their objects. */
  const FILTERS: Readonly<Record<string, string>> = {
    bot_id: 'bots',
    product_id: 'products',
    order_id: 'orders',
    buyer_telegram_id: 'telegram_id',
    charge_id: 'charges',
    starting_after: '',
    ending_before: '',
    q: 'orders',
  };

  const thing = (kind: string): string => {
    const id = things[kind];
    if (id === undefined) throw new Error(`this test does not know the kind of id "${kind}": add one to populate()`);
    return id;
  };

  const filterFor = ({ path }: Operation, name: string) =>
    thing(FILTERS[name] === '' ? String(path.split('/').at(-1)) : (FILTERS[name] ?? name));

  /** Fills the path with the owner's ids: `{id}` is an object of the kind in the previous segment. */
  function pathTo(operation: Operation): string {
    const parts = operation.path.split('/');
    const filled = parts.map((part, n) => {
      if (part === '{id}') return thing(String(parts[n - 1]));
      if (part.startsWith('{')) return thing(part.slice(1, -1));
      return part;
    });
    const required = operation.method === 'get' ? requiredQuery(operation) : '';
    return required === '' ? filled.join('/') : `${filled.join('/')}?${required}`;
  }

  const REQUIRED: Readonly<Record<string, () => string>> = {
    q: () => thing('orders'),
    from: () => day(-1),
    to: () => day(0),
  };

  function requiredQuery(operation: Operation): string {
    return (operation.parameters ?? [])
      .filter((one) => one.in === 'query' && one.required === true)
      .map(({ name }) => `${name}=${REQUIRED[name]?.() ?? thing(`the query parameter ${name}`)}`)
      .join('&');
  }

  /** Reads the owner's data by every GET route. */
  async function everythingOf(creator: Creator): Promise<Record<string, unknown>> {
    // An archive contains its time; the other routes cover the same contents.
    const archives = ['/v1/export', '/v1/products/{id}/qr'];
    const reads = api.creators.filter(
      (operation) => operation.method === 'get' && !isOpen(operation) && !archives.includes(operation.path),
    );
    const seen: Array<readonly [string, readonly [number, string]]> = [];
    for (const operation of reads) {
      const answer = await creator.get(pathTo(operation));
      const text = String(answer.text).replaceAll(/"(?:as_of|last_used_at)":(?:"[^"]+"|null)/g, '');
      seen.push([nameOf(operation), [answer.status, text]]);
    }
    const [refused, read] = [
      seen.filter(([, [status]]) => status !== 200),
      seen.filter(([, [status]]) => status === 200),
    ];
    expect(refused.map(([name, [status]]) => `${name}: ${status}`)).toEqual([
      'get /v1/products/{id}/keys: 409',
      'get /v1/workspace/closure: 404',
      'get /v1/support-threads/{id}/messages/{message_id}/file: 404',
    ]);
    return Object.fromEntries(read);
  }

  /** Creates one of each kind of object in a workspace. Add new kinds here. */
  async function populate(creator: Creator, shop: RegisteredBot): Promise<Record<string, string>> {
    const files = await creator.uploadFile('guide.txt', 'The guide');
    // Uses a server that answers, because repeated attempts would look different each time.
    const endpoint = { url: receiver.url, event_types: ['order.delivered'] };
    const endpoints = (await creator.post('/v1/endpoints', endpoint).expect(201)).body.id;
    const buyer = await Buyer.meets(starwall, shop.telegramId);
    const products = await creator.createProduct(shop.id);
    await buyer.pays(await buyer.wants(products));
    const orders = await eventually('delivery', async () => {
      const [order] = (await creator.get('/v1/orders').expect(200)).body.data;
      return order.status === 'delivered' && order.id;
    });
    const charges = (await creator.get('/v1/charges').expect(200)).body.data[0].id;
    const [deliveries, events] = await eventually('a delivered webhook', async () => {
      const [one] = (await creator.get(`/v1/endpoints/${endpoints}/deliveries`).expect(200)).body.data;
      return one?.state === 'delivered' && [one.id, one.event_id];
    });
    await creator.put('/v1/alerts', { bot_id: shop.id, telegram_id: buyer.id }).expect(200);
    const asked = creator.post(`/v1/charges/${charges}/refunds`).set('idempotency-key', newUuid());
    const refunds = (await asked.expect(202)).body.id;
    await eventually('the refund', async () => {
      return (await creator.get(`/v1/refunds/${refunds}`).expect(200)).body.state === 'refunded';
    });
    const hooks = { endpoints, delivery_id: deliveries, deliveries, events };
    const ids = { bots: shop.id, bot: shop.id, files, products, orders, charges, refunds, ...hooks };
    const promo = { bot_id: shop.id, code: 'HALF', percent_off: 50 };
    const rest = {
      telegram_id: String(buyer.id),
      buyers: `${buyer.id}:${shop.id}`,
      unit: 'tokens',
      language: 'en',
      key: 'help',
      key_id: publicId('licenceKey', newUuid()),
      subscriptions: await populateSubscription(creator, shop, buyer),
      'promo-codes': (await creator.post('/v1/promo-codes', promo).expect(201)).body.id,
      ...(await populateMore(creator, shop, buyer)),
      ...(await populateSpending(creator, shop, buyer)),
    };
    const link = await creator.post('/v1/telegram-links', { bot_id: shop.id }).expect(201);
    const view = await creator.post('/v1/order-views', { name: 'Mine', filters: {} }).expect(201);
    const buyers = await creator.post('/v1/buyer-views', { name: 'Mine', filters: {} }).expect(201);
    const bots = creator.signs(starwall.http().post('/v1/bot-imports')).attach('file', Buffer.from('none'), 'bots.txt');
    const imported = { 'bot-imports': (await bots.expect(201)).body.id, lines: (await bots).body.id };
    return {
      ...ids,
      ...rest,
      ...imported,
      'telegram-links': link.body.id,
      'order-views': view.body.id,
      'buyer-views': buyers.body.id,
      ...(await populatePeople(creator)),
    };
  }

  async function populateSubscription(creator: Creator, shop: RegisteredBot, buyer: Buyer): Promise<string> {
    const plan = { kind: 'subscription', title: 'Pro', content: undefined };
    await starwall.telegram.start(buyer.chat, `buy_${await creator.createProduct(shop.id, plan)}`);
    const offer = await buyer.sees(
      ({ reply_markup: markup }) => JSON.stringify(markup ?? '').includes('every'),
      'an offer',
    );
    const link = /"url":"([^"]+)"/.exec(JSON.stringify(offer.reply_markup))?.[1] ?? '';
    await starwall.telegram.payLink(buyer.id, link);
    return eventually('a subscription', async () => {
      const [order] = (await creator.get('/v1/orders?delivery_state=delivered&limit=1').expect(200)).body.data;
      const [subscription] = (await creator.get('/v1/subscriptions').expect(200)).body.data;
      return order !== undefined && order.subscription_id === subscription?.id && subscription?.id;
    });
  }

  async function populateSpending(
    creator: Creator,
    shop: RegisteredBot,
    buyer: Buyer,
  ): Promise<Record<string, string>> {
    await starwall.telegram.setUpBot(shop.telegramId, { business: true });
    await starwall.telegram.connectBusiness(buyer.chat, { rights: ['can_view_gifts_and_stars'] });
    const connection = await eventually('a business connection', async () => {
      const [newest] = (await creator.get('/v1/business-connections').expect(200)).body.data;
      return newest?.id as string | undefined;
    });
    // The bot cannot afford it, which is recorded as well.
    const premium = { user_telegram_id: buyer.id, months: 3, max_stars: 1_000, confirm: true };
    const asked = creator.post(`/v1/bots/${shop.id}/premium-gifts`, premium).set('idempotency-key', newUuid());
    await asked.expect(409);
    const spendings = (await creator.get('/v1/spendings').expect(200)).body.data[0].id;
    return { spendings, 'business-connections': connection };
  }

  async function populatePeople(creator: Creator): Promise<Record<string, string>> {
    const key = { name: 'Till', scopes: ['orders:read'] };
    const keys = (await creator.post('/v1/api-keys', key).expect(201)).body.id;
    const invite = { email: `${newUuid()}@starwall.example`, role: 'viewer' };
    const { id, token } = (await creator.post('/v1/invitations', invite).expect(201)).body;
    const acceptance = { token, password: 'correct horse battery' };
    await starwall.http().post('/v1/invitations/accept').send(acceptance).expect(200);
    const members = (await creator.get('/v1/invitations').expect(200)).body.data[0].accepted_by;
    const sessions = (await creator.get('/v1/sessions').expect(200)).body.data[0].id;
    const entries = (await creator.get('/v1/audit-entries').expect(200)).body.data;
    return { 'api-keys': keys, invitations: id, members, sessions, 'audit-entries': entries[0].id };
  }

  async function populateMore(creator: Creator, shop: RegisteredBot, buyer: Buyer): Promise<Record<string, string>> {
    const credits = `/v1/buyers/${buyer.id}/credits/tokens`;
    const keyed = (path: string, body: object) =>
      creator.post(path, body).set('idempotency-key', newUuid()).expect(201);
    await keyed(`${credits}/grants`, { amount: 10 });
    const entries = (await creator.get(`${credits}/entries`).expect(200)).body.data[0].id;
    const reservations = (await keyed(`${credits}/reservations`, { amount: 1 })).body.id;

    await buyer.says('/paysupport');
    const question = await buyer.sees((message) => message.text?.startsWith('What is it about') === true);
    await starwall.telegram.press(buyer.chat, question.message_id, 'support:other');
    await buyer.hears(/in your own words/);
    await buyer.says('It does not open');
    await buyer.hears(/the seller has your message/);
    const threads = (await creator.get('/v1/support-threads').expect(200)).body.data[0].id;
    const { messages } = (await creator.get(`/v1/support-threads/${threads}`).expect(200)).body;
    await telegramPosts(starwall, shop, successfulPayment(buyer.id, { currency: 'USD', stars: 100 }));
    const strays = await eventually('a stray payment', async () => {
      const [stray] = (await creator.get('/v1/stray-payments').expect(200)).body.data;
      return stray?.id as string | undefined;
    });

    const runs = `/v1/bots/${shop.id}/reconciliations`;
    const reconciliations = (await creator.post(runs).expect(202)).body.id;
    await eventually('the reconciliation', async () => {
      const { body } = await creator.get(`${runs}/${reconciliations}`).expect(200);
      return body.finished_at !== null;
    });
    const chats = await connectChat(starwall, creator, shop, 'channel');
    const link_id = (await creator.post(`/v1/chats/${chats}/paid-links`, { stars: 40 }).expect(201)).body.id;
    return {
      chats,
      link_id,
      entries,
      'credit-reservations': reservations,
      'support-threads': threads,
      message_id: messages[0].id,
      'stray-payments': strays,
      reconciliations,
    };
  }
});

it("an unknown id gets the same answer as another workspace's id", async () => {
  const creator = await Creator.signUp(starwall);
  const other = await Creator.signUp(starwall);
  const theirs = await creator.get(`/v1/bots/${(await other.registerBot()).id}`).expect(404);
  const missing = await creator.get(`/v1/bots/${publicId('bot', newUuid())}`).expect(404);
  expect({ ...theirs.body, request_id: '' }).toEqual({ ...missing.body, request_id: '' });
});
