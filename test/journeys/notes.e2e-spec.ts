import { newUuid, publicId } from '#libs/kernel';
import { Api } from '../support/openapi.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let api: Api;
let creator: Creator;
let stranger: Creator;
let bot: RegisteredBot;
let buyer: Buyer;
/** The responses to the creation of each object. */
let made: readonly { readonly metadata: object }[];
/** By the object's name in events: the path that changes its metadata, and other required fields. */
let things: Readonly<Record<string, { readonly path: string; readonly body?: object; readonly told: boolean }>>;

beforeAll(async () => {
  starwall = await startStarwall();
  api = await Api.of(starwall);
  [creator, stranger] = await Promise.all([Creator.signUp(starwall), Creator.signUp(starwall)]);
  bot = await creator.registerBot();
  const product = await creator.createProduct(bot.id);
  buyer = await Buyer.meets(starwall, bot.telegramId);
  await buyer.pays(await buyer.wants(product));
  const charge = await eventually('a charge', async () => (await creator.get('/v1/charges').expect(200)).body.data[0]);
  const refund = await creator.post(`/v1/charges/${charge.id}/refunds`, { metadata: { why: 'asked' } }).expect(202);
  const endpoint = await creator.post('/v1/endpoints', { url: 'http://127.0.0.1:9/', metadata: { at: 'home' } });
  const key = await creator.post('/v1/api-keys', { name: 'a', scopes: ['orders:read'], metadata: { for: 'till' } });
  const code = { bot_id: bot.id, code: 'noted', percent_off: 10, metadata: { print: 'flyer' } };
  const promo = await creator.post('/v1/promo-codes', code).expect(201);
  made = [refund.body, endpoint.body, key.body, promo.body];
  things = {
    bot: { path: `/v1/bots/${bot.id}`, told: true },
    product: { path: `/v1/products/${product}`, told: true },
    order: { path: `/v1/orders/${charge.order_id}`, told: true },
    charge: { path: `/v1/charges/${charge.id}`, told: true },
    refund: { path: `/v1/refunds/${refund.body.id}`, told: true },
    buyer: { path: `/v1/buyers/${buyer.id}`, body: { bot_id: bot.id }, told: true },
    endpoint: { path: `/v1/endpoints/${endpoint.body.id}`, told: false },
    api_key: { path: `/v1/api-keys/${key.body.id}`, told: false },
    promo_code: { path: `/v1/promo-codes/${promo.body.id}`, told: false },
    file: { path: `/v1/files/${await creator.uploadFile('a.txt', 'a')}`, told: false },
  };
});
afterAll(() => starwall.stop());

const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`key ${n}`, '']));
const TOO_MUCH = [many, { ['k'.repeat(41)]: '' }, { key: 'v'.repeat(501) }, { key: '\0' }, { key: 1 }, null];

describe('metadata', () => {
  it('can be set at creation', () => {
    expect(made.map((one) => one.metadata)).toEqual([
      { why: 'asked' },
      { at: 'home' },
      { for: 'till' },
      { print: 'flyer' },
    ]);
  });

  it('can be set on all objects that creators create or own, is returned, and is replaced as a whole', async () => {
    for (const [name, { path, body }] of Object.entries(things)) {
      await creator.patch(path, { ...body, metadata: { a: '1', b: 'ü' } }).expect(200);
      const { body: changed } = await creator.patch(path, { ...body, metadata: { b: '2' } }).expect(200);
      expect([name, changed.object, changed.metadata]).toEqual([name, name, { b: '2' }]);
    }
  });

  it('is reported in an event with its former value', async () => {
    for (const [name, { told }] of Object.entries(things)) {
      if (!told) continue;
      const { body } = await creator.get(`/v1/events?type=${name}.updated&limit=1`).expect(200);
      expect(body.data).toMatchObject([
        { data: { object: name, metadata: { b: '2' } }, previous_attributes: { metadata: { a: '1', b: 'ü' } } },
      ]);
    }
  });

  it('is not reported without a change', async () => {
    const count = async () => (await creator.get('/v1/events?type=charge.updated&limit=100')).body.data.length;
    const before = await count();
    await creator.patch(String(things['charge']?.path), { metadata: { b: '2' } }).expect(200);
    expect(await count()).toBe(before);
  });

  it('has limits', async () => {
    for (const { path, body } of Object.values(things)) {
      for (const metadata of TOO_MUCH) await creator.patch(path, { ...body, metadata }).expect(400);
    }
  });

  it("cannot be set on another workspace's objects", async () => {
    for (const { path, body } of Object.values(things)) {
      await stranger.patch(path, { ...body, metadata: {} }).expect(404);
    }
    const unknown = { bot_id: publicId('bot', newUuid()), metadata: {} };
    await creator.patch(`/v1/buyers/${buyer.id}`, unknown).expect(404);
  });
});

/** Resources, by schema name, that lack a property which all others have, with reasons. */
const WITHOUT: Readonly<Record<string, { readonly but: readonly string[]; readonly why: string }>> = {
  Me: { but: ['created_at'], why: 'is the member, the account and the workspace at once, each with its own' },
  BuyerState: { but: ['created_at'], why: 'is a view of the moment' },
  Plan: { but: ['created_at'], why: 'is what the platform offers' },
  BotText: { but: ['created_at'], why: 'is there for every bot from the beginning' },
  Gift: { but: ['created_at'], why: 'is what Telegram offers' },
  BusinessConnection: { but: ['created_at'], why: 'is made in Telegram: it has connected_at' },
  BotImportLine: { but: ['created_at'], why: 'is a part of its import, which has one' },
  Obligation: { but: ['created_at'], why: 'is a view of the moment' },
  Reconciliation: { but: ['created_at'], why: 'is work: it has started_at and finished_at' },
};

/** Resources without creators' metadata, because they record events or belong to others. */
const WITHOUT_METADATA =
  `Me BuyerState Reconciliation WebhookDelivery Alerts CreditLot CreditEntry CreditGrant CreditDebit
  CreditReservation Tenant Member Invitation NewInvitation SupportThread ExpandedSupportThread SupportConversation SupportMessage Erasure Closure
  OpenSession BotText Plan LicenceKey ChatAccess PaidLink Gift Spending BusinessConnection ProductPost
  Obligation StrayPayment NewTelegramLink TelegramLink BotImport BotImportLine
  OrderView BuyerView`.split(/\s+/);

/** Events, each of which is also a webhook with a timestamp. */
const AN_EVENT = /Event$/;

/** Resources for staff, which are described elsewhere. */
const OF_STAFF = /^(New|Disabled)?(Staff|Audit|Impersonation|Trouble)/;

describe('the schema of every resource', () => {
  const resources = () =>
    Object.entries(api.document.components.schemas).filter(
      ([, { properties = {} }]) => 'object' in properties && ('id' in properties || 'telegram_id' in properties),
    );
  const lacking = (property: string, excused: (name: string) => boolean) =>
    resources().flatMap(([name, { required = [] }]) =>
      required.includes(property) || excused(name) || OF_STAFF.test(name) ? [] : [name],
    );

  const isWithout = (name: string, property: string) =>
    WITHOUT[name]?.but.includes(property) === true || (property === 'created_at' && AN_EVENT.test(name));

  it('has an object type, a mode and a time', () => {
    expect(resources().length).toBeGreaterThan(25);
    for (const property of ['object', 'livemode', 'created_at'])
      expect([property, lacking(property, (name) => isWithout(name, property))]).toEqual([property, []]);
  });

  it('has metadata if creators create or own the resource', () => {
    expect(lacking('metadata', (name) => AN_EVENT.test(name) || WITHOUT_METADATA.includes(name))).toEqual([]);
  });

  it('has no obsolete exception', () => {
    const has = (name: string, property: string) =>
      api.document.components.schemas[name]?.required?.includes(property) === true;
    const stale = Object.entries(WITHOUT).flatMap(([name, { but }]) => but.filter((property) => has(name, property)));
    expect([...stale, ...WITHOUT_METADATA.filter((name) => has(name, 'metadata'))]).toEqual([]);
  });
});
