import { ID_PREFIXES, type IdKind, newUuid, publicId } from '#libs/kernel';
import { Api, type Operation } from '../support/openapi.js';
import { StatementWatch } from '../support/statements.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let api: Api;
let creator: Creator;
let bot: RegisteredBot;
let product: string;
let buyers: Buyer[];
/** Ordered newest first. */
let orders: string[];

type Body = Record<string, unknown>;
interface Resource extends Body {
  readonly id: string;
}

const read = async (path: string): Promise<{ data: Resource[]; has_more: boolean }> =>
  (await creator.get(path).expect(200)).body;
const ids = async (path: string) => (await read(path)).data.map((one) => one.id);
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const period = () => `from=${day(-1)}&to=${day(1)}`;

beforeAll(async () => {
  starwall = await startStarwall();
  api = await Api.of(starwall);
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
  product = await creator.createProduct(bot.id);
  buyers = await Promise.all([1, 2, 3].map(() => Buyer.meets(starwall, bot.telegramId)));
  for (const buyer of buyers) {
    await buyer.pays(await buyer.wants(product));
    await buyer.wants(product);
  }
  orders = await eventually('three deliveries', async () => {
    const { data } = await read('/v1/orders');
    return data.filter((order) => order['status'] === 'delivered').length === 3 && data.map((order) => order.id);
  });
});
afterAll(() => starwall.stop());

const nameOf = ({ method, path }: Operation) => `${method} ${path}`;
const queryOf = ({ parameters = [] }: Operation) => parameters.filter((one) => one.in === 'query');

/** The kind of an id by the preceding path segment. */
const KINDS: Readonly<Record<string, IdKind>> = { bots: 'bot', endpoints: 'endpoint', products: 'product' };
const NAMED: Readonly<Record<string, string>> = { telegram_id: '1', unit: 'scan', bot: publicId('bot', newUuid()) };

function pathOf({ path }: Operation): string {
  const parts = path.split('/');
  return parts
    .map((part, n) => {
      if (!part.startsWith('{')) return part;
      const name = part.slice(1, -1);
      return NAMED[name] ?? publicId(KINDS[String(parts[n - 1])] ?? 'order', newUuid());
    })
    .join('/');
}

/** Finds the routes that return lists, including future ones. */
const lists = () =>
  api.creators.filter((operation) => operation.method === 'get' && api.answerOf(operation)?.includes('has_more'));

describe('every list', () => {
  it('refuses unknown filters', async () => {
    expect(lists().length).toBeGreaterThan(12);
    for (const list of lists()) {
      const { status, body } = await creator.get(`${pathOf(list)}?colour=red&${period()}`);
      const complaint = JSON.stringify(body.errors ?? []);
      expect([nameOf(list), status, complaint.includes('colour')]).toEqual([nameOf(list), 400, true]);
    }
  });

  it('is paged in both directions, or returned as a whole', async () => {
    // Prices are few, and their cursor is a version number.
    const paged = lists().filter((list) => list.path !== '/v1/products/{id}/prices' && queryOf(list).length > 1);
    expect(paged.length).toBeGreaterThan(10);
    for (const list of paged) {
      const names = queryOf(list).map((one) => one.name);
      expect([nameOf(list), names]).toEqual([
        nameOf(list),
        expect.arrayContaining(['limit', 'starting_after', 'ending_before']),
      ]);
    }
  });

  it.each(['/v1/orders', '/v1/charges', '/v1/events', '/v1/bots', '/v1/products'])(
    'returns the same objects in the same order backwards: %s',
    async (path) => {
      const all = await ids(`${path}?limit=100`);
      expect(all.length).toBeGreaterThan(0);
      expect(await ids(`${path}?limit=100&ending_before=${all.at(-1)}`)).toEqual(all.slice(0, -1));
      expect(await ids(`${path}?limit=100&ending_before=${all[0]}`)).toEqual([]);
    },
  );

  it('reports whether there is more in the requested direction', async () => {
    const back = await read(`/v1/orders?limit=2&ending_before=${orders[5]}`);
    expect([back.data.map((order) => order.id), back.has_more]).toEqual([orders.slice(3, 5), true]);
    const last = await read(`/v1/orders?limit=2&ending_before=${orders[2]}`);
    expect([last.data.map((order) => order.id), last.has_more]).toEqual([orders.slice(0, 2), false]);
  });

  it('accepts only one direction at a time', async () => {
    const { body } = await creator.get(`/v1/orders?starting_after=${orders[0]}&ending_before=${orders[5]}`).expect(400);
    expect(body).toMatchObject({
      code: 'invalid_request',
      errors: [{ message: expect.stringContaining('at most one') }],
    });
  });

  it('can be filtered by time', async () => {
    const { data } = await read(`/v1/orders?ending_before=${orders[3]}&limit=1`);
    const time = String(data[0]?.['created_at']);
    expect(await ids(`/v1/orders?created_before=${time}`)).toEqual(orders.slice(3));
    expect(await ids(`/v1/orders?created_after=${time}`)).toEqual(orders.slice(0, 3));
    for (const path of ['/v1/charges', '/v1/events']) {
      expect(await ids(`${path}?created_after=0001-01-01T00:00:00Z`)).toEqual(await ids(path));
      expect(await ids(`${path}?created_before=9999-12-31T00:00:00Z`)).toEqual(await ids(path));
      expect(await ids(`${path}?created_after=9999-12-31T00:00:00Z`)).toEqual([]);
    }
    await creator.get('/v1/orders?created_after=yesterday').expect(400);
  });

  it('can be filtered by buyer, product and state', async () => {
    const [buyer] = buyers;
    const other = await creator.createProduct(bot.id);
    expect(await ids(`/v1/orders?buyer_telegram_id=${buyer?.id}`)).toEqual(orders.slice(4));
    expect(await ids(`/v1/orders?product_id=${product}`)).toEqual(orders);
    expect(await ids(`/v1/orders?product_id=${other}`)).toEqual([]);
    expect(await ids(`/v1/orders?payment_state=placed&delivery_state=none`)).toHaveLength(3);
    expect(await ids(`/v1/charges?buyer_telegram_id=${buyer?.id}&product_id=${product}&state=paid`)).toHaveLength(1);
    expect(await ids(`/v1/charges?product_id=${other}`)).toEqual([]);
  });
});

describe('every resource', () => {
  it('has a prefixed id, an object type, a time and `livemode`', async () => {
    const prefixes = new RegExp(`^(${Object.values(ID_PREFIXES).join('|')})_[0-9a-hjkmnp-tv-z]{26}$`);
    for (const path of ['bots', 'products', 'orders', 'charges', 'events', 'members']) {
      const { data } = await read(`/v1/${path}`);
      for (const resource of data) {
        expect(resource).toMatchObject({
          object: expect.any(String),
          id: expect.stringMatching(prefixes),
          livemode: false,
        });
        expect(Object.keys(resource)).toEqual(expect.arrayContaining([path === 'events' ? 'timestamp' : 'created_at']));
      }
    }
  });

  it('is documented with these fields', () => {
    const schemas = Object.entries(api.document.components.schemas);
    const resources = schemas.filter(([, { properties = {} }]) => 'object' in properties && 'id' in properties);
    expect(resources.length).toBeGreaterThan(15);
    expect(resources.filter(([, schema]) => !schema.required?.includes('livemode')).map(([name]) => name)).toEqual([]);
  });
});

describe('an order', () => {
  it("carries its creator's metadata, which is replaced as a whole and reported by an event", async () => {
    const path = `/v1/orders/${orders[0]}`;
    await creator.patch(path, { metadata: { invoice: '17', object: 'x', id: 'y' } }).expect(200);
    const { body } = await creator.patch(path, { metadata: { invoice: '18' } }).expect(200);
    expect(body).toMatchObject({ id: orders[0], metadata: { invoice: '18' }, livemode: false });
    const [latest] = (await read(`/v1/events?type=order.updated&order_id=${orders[0]}`)).data;
    expect(latest).toMatchObject({
      data: { id: orders[0], metadata: { invoice: '18' } },
      previous_attributes: { metadata: { invoice: '17', object: 'x', id: 'y' } },
    });
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`key ${n}`, '']));
    for (const metadata of [
      many,
      { ['k'.repeat(41)]: '' },
      { key: 'v'.repeat(501) },
      { key: '\0' },
      { key: 1 },
      null,
    ]) {
      await creator.patch(path, { metadata }).expect(400);
    }
    await (await Creator.signUp(starwall)).patch(path, { metadata: {} }).expect(404);
  });

  it('includes its product, buyer and charges on request', async () => {
    const { data } = await read('/v1/orders?expand=product,buyer,charges');
    const paid = data.find((order) => order['status'] === 'delivered');
    const buyer = { object: 'buyer', telegram_id: paid?.['buyer_telegram_id'], bot_id: bot.id, livemode: false };
    expect(paid).toMatchObject({
      product: { object: 'product', id: product, title: 'Guide', livemode: false },
      buyer,
      charges: [{ object: 'charge', order_id: paid?.id, stars: 50, livemode: false }],
    });
    const { body } = await creator.get(`/v1/orders/${paid?.id}?expand=buyer`).expect(200);
    expect(body).toMatchObject({ buyer, charges: [{ order_id: paid?.id }], refunds: [] });
    expect(body).not.toHaveProperty('product');
    expect((await read('/v1/orders')).data[0]).not.toHaveProperty('buyer');
    await creator.get('/v1/orders?expand=product,secrets').expect(400);
  });

  it('does not include goods without the scope to read products', async () => {
    const made = await creator.post('/v1/api-keys', { name: 'books', scopes: ['orders:read'] }).expect(201);
    const get = (path: string) => starwall.http().get(path).set('authorization', `Bearer ${made.body.key}`);
    await get('/v1/orders?expand=buyer,charges').expect(200);
    expect((await get('/v1/orders?expand=product').expect(403)).body.code).toBe('missing_scope');
    expect((await get(`/v1/orders/${orders[0]}?expand=product`).expect(403)).body.code).toBe('missing_scope');
    expect((await get(`/v1/buyers/${buyers[0]?.id}/state`).expect(403)).body.code).toBe('missing_scope');
  });

  it('is listed with as many statements on a long page as on a short one', async () => {
    const short = await statementsOf(() => read('/v1/orders?limit=1&expand=product,buyer,charges'));
    const long = await statementsOf(() => read('/v1/orders?limit=6&expand=product,buyer,charges'));
    expect(short).toEqual(long);
    expect(long.filter((sql) => /from "?(products|buyers|charges)"? /i.test(sql))).toHaveLength(3);
  });
});

/** Collects the API's own reads while it answers requests, without those of the worker. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const watch = new StatementWatch((_label, sql) => {
    if (/from "?(orders|products|buyers|charges)"? /i.test(sql))
      seen.push(sql.replaceAll(/\$\d+(, ?)?|limit \d+/gi, ''));
  });
  watch.label(starwall.app.getHttpServer(), 'emit', () => 'answering');
  await work().finally(() => watch.stop());
  return seen;
}

describe('the state of a buyer', () => {
  it('is returned in one call', async () => {
    const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, {
      first_name: 'Ada',
      username: `ada_${Date.now()}`,
    });
    for (const wish of [product, product]) {
      await buyer.pays(await buyer.wants(wish));
    }
    const [order] = await eventually('both', async () => {
      const { data } = await read(`/v1/orders?buyer_telegram_id=${buyer.id}&delivery_state=delivered`);
      return data.length === 2 && data;
    });
    await creator
      .post(`/v1/buyers/${buyer.id}/credits/scan/grants`, { amount: 7 })
      .set('idempotency-key', newUuid())
      .expect(201);
    await creator.post(`/v1/orders/${order?.id}/refunds`).set('idempotency-key', newUuid()).expect(202);
    await eventually('the refund', async () => {
      const [refund] = (await read(`/v1/refunds?order_id=${order?.id}&state=refunded`)).data;
      return refund !== undefined;
    });
    const { body } = await creator.get(`/v1/buyers/${buyer.id}/state`).expect(200);
    expect(body).toMatchObject({
      object: 'buyer_state',
      telegram_id: buyer.id,
      livemode: false,
      bots: [{ object: 'buyer', bot_id: bot.id, first_name: 'Ada', reachable: true }],
      totals: { orders: { count: 2, stars: 100 }, refunds: { count: 1, stars: 50 } },
      purchases: [
        { order_id: order?.id, payment_state: 'refunded', title: 'Guide' },
        { payment_state: 'paid', delivery_state: 'delivered', product_id: product },
      ],
      entitlements: [{ object: 'entitlement', product_id: product }],
      has_more_entitlements: false,
      credits: [{ unit: 'scan', available: 7 }],
    });
    await (await Creator.signUp(starwall)).get(`/v1/buyers/${buyer.id}/state`).expect(404);
  });
});

describe('refunds', () => {
  it('can be listed, filtered and read by their own workspace only', async () => {
    const { data } = await read('/v1/refunds');
    const [refund] = data;
    expect(refund).toMatchObject({ object: 'refund', state: 'refunded', livemode: false });
    expect((await creator.get(`/v1/refunds/${refund?.id}`).expect(200)).body).toEqual(refund);
    for (const filter of [`charge_id=${String(refund?.['charge_id'])}`, `bot_id=${bot.id}`, 'state=refunded']) {
      expect(await ids(`/v1/refunds?${filter}`)).toEqual([refund?.id]);
    }
    for (const filter of [
      `charge_id=${publicId('charge', newUuid())}`,
      `bot_id=${publicId('bot', newUuid())}`,
      'state=failed',
    ]) {
      expect(await ids(`/v1/refunds?${filter}`)).toEqual([]);
    }
    const stranger = await Creator.signUp(starwall);
    await stranger.get(`/v1/refunds/${refund?.id}`).expect(404);
    expect((await stranger.get('/v1/refunds').expect(200)).body.data).toEqual([]);
  });
});

describe('sales metrics', () => {
  const metrics = async (query: string) => (await creator.get(`/v1/metrics/sales?${query}`).expect(200)).body;

  it('report the number of paid invoices and their income', async () => {
    const byDay = await metrics(period());
    const { body: statement } = await creator.get(`/v1/bots/${bot.id}/statement?${period()}`).expect(200);
    expect(byDay).toMatchObject({
      object: 'sales_metrics',
      group_by: 'day',
      totals: {
        orders: { placed: 8, approved: 5, paid: 5, delivered: 5 },
        stars_earned: 250,
        refunds: { count: 1, stars: 50 },
        conversion: 0.625,
      },
    });
    expect(byDay.data.map((one: Body) => one['day'])).toEqual([day(-1), day(0)]);
    expect(byDay.totals.stars_earned - byDay.totals.refunds.stars).toBe(statement.earned);
    for (const [by, key, value] of [
      ['product', 'product_id', product],
      ['bot', 'bot_id', bot.id],
    ]) {
      const { data, totals } = await metrics(`${period()}&group_by=${by}`);
      expect(totals).toEqual(byDay.totals);
      expect(data).toEqual([{ [String(key)]: value, ...totals }]);
    }
    expect((await metrics(`${period()}&bot_id=${bot.id}&product_id=${product}`)).totals).toEqual(byDay.totals);
  });

  it("exclude another workspace's sales, and reject an invalid period", async () => {
    const stranger = await Creator.signUp(starwall);
    const { body } = await stranger.get(`/v1/metrics/sales?${period()}&bot_id=${bot.id}`).expect(200);
    expect(body.totals).toMatchObject({ orders: { placed: 0 }, stars_earned: 0, conversion: null });
    await creator.get(`/v1/metrics/sales?from=${day(1)}&to=${day(0)}`).expect(400);
    await creator.get(`/v1/metrics/sales?from=${day(-400)}&to=${day(0)}`).expect(400);
    await creator.get(`/v1/metrics/sales?${period()}&group_by=hour`).expect(400);
  });
});
