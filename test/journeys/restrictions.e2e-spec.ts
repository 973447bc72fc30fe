import { newUuid, parseId, publicId } from '#libs/kernel';
import { CAN, type TenantState } from '#libs/tenants';
import { Backstage } from '../support/backstage.js';
import { Staff } from '../support/staff.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

let starwall: Starwall;
let risk: Staff;
let receiver: WebhookReceiver;
let backstage: Backstage;

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
  risk = await Staff.with('risk', starwall);
  receiver = await WebhookReceiver.start();
});
afterAll(async () => {
  await backstage.close();
  await starwall.stop();
  await receiver.stop();
});

interface Shop {
  readonly creator: Creator;
  readonly tenantId: string;
  readonly bot: RegisteredBot;
  readonly product: string;
  readonly buyer: Buyer;
}

async function openShop(): Promise<Shop> {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const product = await creator.createProduct(bot.id, { content: 'the goods' });
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  const { body: me } = await creator.get('/v1/me').expect(200);
  return { creator, tenantId: me.tenant.id, bot, product, buyer };
}

/** Buys a month that will not be renewed. @returns the subscription's public id */
async function subscribe({ creator, bot, buyer }: Shop): Promise<string> {
  const plan = { kind: 'subscription', title: 'Pro', description: 'Everything', content: undefined };
  await starwall.telegram.start(buyer.chat, `buy_${await creator.createProduct(bot.id, plan)}`);
  const link = await eventually('a link to subscribe', async () => linkIn(await buyer.messages()));
  expect(await starwall.telegram.payLink(buyer.id, link)).toMatchObject({ status: 'paid' });
  const one = await eventually('a subscription', async () => {
    const [first] = (await creator.get(`/v1/subscriptions?buyer_telegram_id=${buyer.id}`).expect(200)).body.data;
    return first?.state === 'active' && first;
  });
  const [{ id } = { id: '' }] = await starwall.telegram.subscriptions(buyer.id);
  await starwall.telegram.cancelSubscription(id);
  await eventually('its recorded end', async () => {
    return (await creator.get(`/v1/subscriptions/${one.id}`).expect(200)).body.state === 'canceled';
  });
  return one.id;
}

/** Counts the webhooks about the shop's product or workspace; those of other shops may arrive late. */
const called = ({ product, tenantId }: Shop): number =>
  receiver.received.filter(({ body }) => body.includes(product) || body.includes(tenantId)).length;

function linkIn(messages: Awaited<ReturnType<Buyer['messages']>>): string | undefined {
  const keyboards = messages.map(
    ({ reply_markup: it }) => it as { inline_keyboard?: { url?: string }[][] } | undefined,
  );
  const urls = keyboards.flatMap((it) => it?.inline_keyboard?.flat().map(({ url }) => url) ?? []);
  return urls.find((url) => url?.includes('invoice') || url?.includes('/$'));
}

/** Returns the kinds of a workspace's jobs that wait for its restriction to be lifted. */
async function waiting({ tenantId }: Shop): Promise<Set<string>> {
  const rows = await backstage.query<{ kind: string }>(
    `select kind from jobs where tenant_id = $1 and waits_for = 'lifting'`,
    [parseId('tenant', tenantId)],
  );
  return new Set(rows.map(({ kind }) => kind));
}

const restrict = (tenantId: string, state: string, more: object = {}) =>
  risk.post(`/v1/staff/tenants/${tenantId}/restrict`, { state, reason: 'Buyers complain about fakes.', ...more });
const lift = (tenantId: string, body: object = {}) => risk.post(`/v1/staff/tenants/${tenantId}/lift`, body);

const STATES = ['active', 'warned', 'no_new_sales', 'outbound_stopped', 'locked'] as const satisfies TenantState[];

describe.each(STATES)('a workspace in the state %s', (state) => {
  const can = CAN[state];
  let shop: Shop;
  let invoice: number;
  let order: string;
  let subscription: string;

  beforeAll(async () => {
    shop = await openShop();
    await shop.buyer.pays(await shop.buyer.wants(shop.product));
    order = await eventually('a delivery', async () => {
      const [one] = (await shop.creator.get('/v1/orders').expect(200)).body.data;
      return one?.status === 'delivered' && one.id;
    });
    subscription = await subscribe(shop);
    const types = { event_types: ['workspace.restricted', 'product.updated'] };
    await shop.creator.post('/v1/endpoints', { url: receiver.url, ...types }).expect(201);
    invoice = await shop.buyer.wants(shop.product);
    if (state !== 'active') await restrict(shop.tenantId, state).expect(200);
  });

  it(`${can.sell ? 'sells' : 'sells nothing, as stated in the shop, in place of an invoice and in the payment window'}`, async () => {
    const { buyer, product } = shop;
    const paid = await buyer.pays(invoice);
    await buyer.says('/shop');
    await buyer.hears(can.sell ? /^What would you like/ : /^The shop is closed for the moment/);
    const invoices = async () => (await buyer.messages()).filter((message) => message.invoice !== undefined).length;
    const before = await invoices();
    await starwall.telegram.start(buyer.chat, `buy_${product}`);
    await eventually('an answer', async () => {
      const said = (await buyer.heard()).filter((text) => text.startsWith('The shop is closed')).length;
      return can.sell ? (await invoices()) > before : said >= 2;
    });
    expect([paid.status, await invoices()]).toEqual(can.sell ? ['paid', before + 1] : ['refused', before]);
  });

  it(`${can.configure ? 'can' : 'cannot'} be changed by its creator`, async () => {
    const { creator, bot, product } = shop;
    const text = { bot_id: bot.id, kind: 'text', title: 'New', description: 'New', stars: 1, content: 'new' };
    const answers = [
      await creator.post('/v1/products', text),
      await creator.patch(`/v1/products/${product}`, { title: 'Renamed' }),
      await creator.patch(`/v1/bots/${bot.id}`, { terms_text: 'Our terms' }),
      await creator.post('/v1/endpoints', { url: receiver.url, event_types: ['order.paid'] }),
    ];
    const refused = answers.map(({ status, body }) => (status < 300 ? 'done' : `${status} ${body.code}`));
    expect(refused).toEqual(Array<string>(4).fill(can.configure ? 'done' : '403 workspace_restricted'));
  });

  it(`${can.deliver ? 'delivers goods, calls servers and sends reminders' : 'delays goods, webhooks and reminders'}`, async () => {
    const { buyer } = shop;
    await buyer.says('/orders');
    const list = await buyer.sees((message) => message.text?.startsWith('Your last purchases') === true);
    await starwall.telegram.press(buyer.chat, list.message_id, `again:${order}`);
    await backstage.ageSubscription(subscription, '29 days');
    if (can.deliver && can.message && can.webhooks) {
      const goods = async () => (await buyer.heard()).filter((text) => text === 'the goods').length;
      await eventually('the goods', async () => (await goods()) > 1);
      await buyer.hears(/ends on/);
      await eventually('a webhook', async () => called(shop) > 0);
    } else {
      await buyer.hears(/as soon as deliveries resume/);
      await eventually('waiting', async () => {
        const kinds = await waiting(shop);
        return kinds.has('subscription.watch') && kinds.has('webhook.attempt');
      });
      expect(called(shop)).toBe(0);
    }
  });

  it('refunds, answers buyers, and is readable to its creator', async () => {
    const { creator, buyer } = shop;
    await creator.post(`/v1/orders/${order}/refunds`).expect(202);
    await buyer.hears(/have been returned/);
    await buyer.says('/paysupport');
    const question = await buyer.sees((message) => message.text?.startsWith('What is it about') === true);
    await starwall.telegram.press(buyer.chat, question.message_id, 'support:other');
    await buyer.hears(/in your own words/);
    await buyer.says('Where is it?');
    await buyer.hears(/the seller has your message/);
    const [thread] = (await creator.get('/v1/support-threads').expect(200)).body.data;
    await creator.post(`/v1/support-threads/${thread.id}/messages`, { text: 'Here it is.' }).expect(201);
    await buyer.hears(/Here it is/);
    for (const path of ['/v1/orders', '/v1/charges', '/v1/events', '/v1/audit-entries']) {
      await creator.get(path).expect(200);
    }
  });

  it('shows its state to its creator', async () => {
    const { tenant } = (await shop.creator.get('/v1/me').expect(200)).body;
    const restriction = { reason: 'Buyers complain about fakes.', since: expect.any(String), review_at: null };
    expect(tenant).toMatchObject({ state, restriction: state === 'active' ? null : restriction });
  });
});

describe('a locked workspace', () => {
  it('can replace the token of its bot, because refunds need a working token', async () => {
    const { creator, tenantId, bot, product, buyer } = await openShop();
    const before = await buyer.balance();
    await buyer.pays(await buyer.wants(product));
    const order = await eventually('the payment', async () => {
      const [one] = (await creator.get('/v1/orders').expect(200)).body.data;
      return one?.payment_state === 'paid' && one.id;
    });
    await restrict(tenantId, 'locked').expect(200);
    const token = await starwall.telegram.revokeToken(bot.telegramId);
    await creator.post(`/v1/orders/${order}/refunds`).expect(202);
    const state = async () => (await creator.get(`/v1/bots/${bot.id}`).expect(200)).body.state;
    await eventually('the dead token to be noticed', async () => (await state()) === 'token_invalid');
    expect(await buyer.balance()).toBe(before - 50);

    await creator.post(`/v1/bots/${bot.id}/rotate-token`, { token }).expect(200);
    await eventually('the refund', async () => {
      await backstage.hurryJobs(bot);
      return (await buyer.balance()) === before;
    });
    await creator.patch(`/v1/bots/${bot.id}`, { terms_text: 'Our terms' }).expect(403, /workspace_restricted/);
  });
});

describe('work delayed while outbound calls are stopped', () => {
  it('continues once the restriction is lifted, with each delivery and webhook sent once', async () => {
    const shop = await openShop();
    const { creator, buyer, tenantId } = shop;
    const url = receiver.url;
    await creator.post('/v1/endpoints', { url, event_types: ['order.paid', 'workspace.restricted'] }).expect(201);
    const invoice = await buyer.wants(shop.product);
    // The payment is in progress when the restriction is set: Telegram has the approval.
    const restricted = await restrict(tenantId, 'outbound_stopped').expect(200);
    expect(restricted.body).toMatchObject({
      state: 'outbound_stopped',
      stops: ['sell', 'deliver', 'message', 'webhooks'],
    });
    expect((await buyer.pays(invoice)).status).toBe('refused');
    expect((await lift(tenantId).expect(200)).body).toMatchObject({ state: 'active', stops: [] });
    await buyer.pays(await buyer.wants(shop.product));
    const order = await eventually('the first goods', async () => {
      const [one] = (await creator.get('/v1/orders?delivery_state=delivered').expect(200)).body.data;
      return one?.id;
    });
    await eventually('the first webhook', async () => called(shop) >= 2);
    const told = called(shop);

    await restrict(tenantId, 'outbound_stopped').expect(200);
    await buyer.says('/orders');
    const list = await buyer.sees((message) => message.text?.startsWith('Your last purchases') === true);
    await starwall.telegram.press(buyer.chat, list.message_id, `again:${order}`);
    await buyer.hears(/as soon as deliveries resume/);
    const goods = async () => (await buyer.heard()).filter((text) => text === 'the goods').length;
    expect([await goods(), called(shop)]).toEqual([1, told]);
    await lift(tenantId).expect(200);
    await eventually('the goods', async () => (await goods()) === 2);
    await eventually('the webhook about the restriction', async () => called(shop) === told + 1);
  });
});

describe("a change of a workspace's state", () => {
  it('requires the permission', async () => {
    const { tenantId } = await openShop();
    for (const role of ['viewer', 'support'] as const) {
      const staff = await Staff.with(role, starwall);
      for (const path of ['restrict', 'lift']) {
        const body = path === 'lift' ? {} : { state: 'locked', reason: 'x' };
        const answer = await staff.post(`/v1/staff/tenants/${tenantId}/${path}`, body);
        expect([answer.status, answer.body.code]).toEqual([403, 'missing_permission']);
      }
    }
    expect((await risk.get(`/v1/staff/tenants/${tenantId}`).expect(200)).body).toMatchObject({
      state: 'active',
      history: [],
    });
  });

  it('is made once when requested concurrently', async () => {
    const { tenantId } = await openShop();
    const answers = await Promise.all([1, 2, 3].map(() => restrict(tenantId, 'locked')));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    expect((await restrict(tenantId, 'locked').expect(409)).body.code).toBe('tenant_state_conflict');
    expect((await risk.get(`/v1/staff/tenants/${tenantId}`).expect(200)).body.history).toHaveLength(1);
  });

  it('is reported to the creator with reason and date, but without the notes of staff', async () => {
    const { creator, tenantId } = await openShop();
    const more = { note: 'Looks like the case of last week.', review_at: '2030-01-01T00:00:00Z' };
    await restrict(tenantId, 'warned', more).expect(200);
    await restrict(tenantId, 'no_new_sales', { reason: 'Still fakes.' }).expect(200);
    await lift(tenantId, { reason: 'All cleared up.' }).expect(200);
    const { body: page } = await risk.get(`/v1/staff/tenants/${tenantId}`).expect(200);
    expect(page.history.map((one: { to: string; reason: string }) => [one.to, one.reason])).toEqual([
      ['active', 'All cleared up.'],
      ['no_new_sales', 'Still fakes.'],
      ['warned', 'Buyers complain about fakes.'],
    ]);
    expect(page.notes).toMatchObject([{ staff_id: risk.id, note: more.note }]);
    const { body: events } = await creator.get('/v1/events?limit=100').expect(200);
    const told = events.data.filter((event: { type: string }) => event.type.startsWith('workspace.'));
    expect(told).toMatchObject([
      { type: 'workspace.lifted', data: { id: tenantId, state: 'active', reason: 'All cleared up.' } },
      { type: 'workspace.restricted', data: { state: 'no_new_sales' }, previous_attributes: { state: 'warned' } },
      { type: 'workspace.restricted', data: { state: 'warned', review_at: '2030-01-01T00:00:00.000Z' } },
    ]);
    const log = (await creator.get('/v1/audit-entries').expect(200)).text;
    expect(log).toContain('Still fakes.');
    expect(log + JSON.stringify(events)).not.toContain('last week');
  });

  it('requires a reason and a valid state', async () => {
    const { tenantId } = await openShop();
    for (const body of [
      { state: 'locked' },
      { state: 'locked', reason: ' ' },
      { state: 'closed', reason: 'x' },
      { reason: 'x' },
    ]) {
      await risk.post(`/v1/staff/tenants/${tenantId}/restrict`, body).expect(400);
    }
    await lift(tenantId).expect(409);
    await lift(publicId('tenant', newUuid())).expect(404);
  });
});

describe('the workspaces listed for staff', () => {
  it('are found by any identifier that staff may have', async () => {
    const { creator, tenantId, bot, buyer, product } = await openShop();
    await buyer.pays(await buyer.wants(product));
    const charge = await eventually('the charge', async () => (await creator.get('/v1/charges')).body.data[0]);
    const { username } = (await creator.get(`/v1/bots/${bot.id}`).expect(200)).body;
    const handles = [
      creator.email.toUpperCase(),
      `@${username}`,
      String(bot.telegramId),
      String(buyer.id),
      charge.telegram_charge_id ?? charge.telegram_payment_charge_id,
      charge.id,
      charge.order_id,
      bot.id,
      tenantId,
    ];
    for (const handle of handles) {
      const { body } = await risk.get(`/v1/staff/tenants?query=${encodeURIComponent(String(handle))}`).expect(200);
      expect([handle, body.data.map((one: { id: string }) => one.id)]).toEqual([handle, [tenantId]]);
    }
    const { body: named } = await risk.get('/v1/staff/tenants?query=a%20sh&limit=100').expect(200);
    expect(named.data.map((one: { id: string }) => one.id)).toContain(tenantId);
    const { body: nobody } = await risk.get('/v1/staff/tenants?query=%25').expect(200);
    expect(nobody.data).toEqual([]);
  });

  it('are found by a buyer only with the permission to see buyers', async () => {
    const { tenantId, bot, buyer } = await openShop();
    await buyer.says('/start');
    await buyer.hears(/Welcome/);
    const viewer = await Staff.with('viewer', starwall);
    const found = async (staff: Staff, id: number) =>
      (await staff.get(`/v1/staff/tenants?query=${id}`).expect(200)).body.data.map((one: { id: string }) => one.id);
    expect([await found(viewer, buyer.id), await found(viewer, bot.telegramId)]).toEqual([[], [tenantId]]);
    expect(await found(risk, buyer.id)).toEqual([tenantId]);
  });

  it('are paged in both directions, and filtered by state', async () => {
    const shops = [await openShop(), await openShop(), await openShop()];
    for (const { tenantId } of shops) await restrict(tenantId, 'locked').expect(200);
    const ids = async (query: string) =>
      (await risk.get(`/v1/staff/tenants?state=locked&${query}`).expect(200)).body.data.map(
        (one: { id: string }) => one.id,
      );
    const [c, b, a] = await ids('limit=3');
    expect([c, b, a]).toEqual(shops.map(({ tenantId }) => tenantId).toReversed());
    expect(await ids(`limit=1&starting_after=${c}`)).toEqual([b]);
    expect(await ids(`limit=2&ending_before=${a}`)).toEqual([c, b]);
  });

  it('are shown in detail, with buyers only to staff who may see them', async () => {
    const { tenantId, bot, buyer, product, creator } = await openShop();
    await buyer.pays(await buyer.wants(product));
    await eventually('the sale', async () => (await creator.get('/v1/charges')).body.data[0]);
    const viewer = await Staff.with('viewer', starwall);
    for (const staff of [risk, viewer]) {
      const { body } = await staff.get(`/v1/staff/tenants/${tenantId}`).expect(200);
      expect(body).toMatchObject({
        id: tenantId,
        state: 'active',
        members: [{ email: creator.email, role: 'owner' }],
        bots: [{ bot_id: bot.id, state: 'active', last_reconciliation: null }],
        last_30_days: { orders: 1, stars: 50, refunds: 0, refunded_stars: 0 },
        open_refunds: { count: 0, oldest: [] },
        parked: { updates: 0, jobs: 0 },
        failing_endpoints: [],
      });
      expect(JSON.stringify(body)).not.toContain(String(buyer.id));
    }
    await viewer.get(`/v1/staff/tenants/${publicId('tenant', newUuid())}`).expect(404);
  });
});
