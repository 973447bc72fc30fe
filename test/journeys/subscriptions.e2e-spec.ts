import { Backstage } from '../support/backstage.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let backstage: Backstage;
let creator: Creator;
let bot: RegisteredBot;

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
});
afterAll(async () => {
  await backstage.close();
  await starwall.stop();
});

const PLAN = { kind: 'subscription', title: 'Pro', description: 'Everything', stars: 100, content: undefined };
const plan = (changes: object = {}) => creator.createProduct(bot.id, { ...PLAN, ...changes });

type View = Record<string, unknown> & { readonly id: string };

/** Follows the plan's deep link, pays the link that the bot sends, and reads the subscription from the API. */
async function subscribes(productId: string, wallet = 1_000, person: { language_code?: string } = {}) {
  const buyer = await Buyer.meets(starwall, bot.telegramId, wallet, person);
  const link = await linkFor(buyer, productId);
  expect(await starwall.telegram.payLink(buyer.id, link)).toMatchObject({ status: 'paid' });
  return { buyer, link, subscription: await theOneOf(buyer, (it) => it['state'] === 'active') };
}

async function linkFor(buyer: Buyer, productId: string): Promise<string> {
  const before = (await links(buyer)).length;
  await starwall.telegram.start(buyer.chat, `buy_${productId}`);
  return eventually('a link to subscribe', async () => {
    const found = await links(buyer);
    return found.length > before ? found.at(-1) : undefined;
  });
}

const links = async (buyer: Buyer) =>
  (await buyer.messages()).flatMap((message) => {
    const { inline_keyboard: rows = [] } = (message.reply_markup ?? {}) as {
      inline_keyboard?: readonly (readonly { url?: string }[])[];
    };
    return rows.flat().flatMap(({ url }) => (url?.includes('/$') || url?.includes('/invoice/') ? [url] : []));
  });

const listed = async (buyer: Buyer): Promise<View[]> =>
  (await creator.get(`/v1/subscriptions?buyer_telegram_id=${buyer.id}`).expect(200)).body.data;
const theOneOf = (buyer: Buyer, wanted: (it: View) => boolean) =>
  eventually('the subscription', async () => (await listed(buyer)).find(wanted));
const ordersOf = async (buyer: Buyer) =>
  (await creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}&payment_state=paid`).expect(200)).body.data as View[];
const atTelegram = async (buyer: Buyer) => {
  const [first] = await starwall.telegram.subscriptions(buyer.id);
  if (first === undefined) throw new Error('Telegram knows no subscription');
  return first;
};

describe('a subscription', () => {
  it('is bought by a link, renewed by Telegram, and every payment is an order', async () => {
    const { buyer, subscription } = await subscribes(await plan());
    expect(subscription).toMatchObject({
      object: 'subscription',
      renews: true,
      stars: 100,
      period_seconds: 2_592_000,
      renewals: 0,
      canceled_by: null,
    });
    await buyer.hears(/Pro.*paid until/);

    await starwall.telegram.renewSubscription((await atTelegram(buyer)).id);
    const renewed = await theOneOf(buyer, (it) => it['renewals'] === 1);
    expect(Date.parse(String(renewed['paid_until']))).toBeGreaterThan(Date.parse(String(subscription['paid_until'])));
    const orders = await eventually('both orders', async () => {
      const found = await ordersOf(buyer);
      return found.every((it) => it['status'] === 'delivered') && found.length === 2 && found;
    });
    expect(orders.map((it) => it['billing'])).toEqual(['subscription_renewal', 'subscription_start']);
    expect(orders.every((it) => it['subscription_id'] === subscription.id)).toBe(true);
    expect(await buyer.balance()).toBe(800);

    const state = (await creator.get(`/v1/buyers/${buyer.id}/state`).expect(200)).body;
    expect(state.subscriptions).toMatchObject([{ id: subscription.id, state: 'active' }]);
    expect(state.entitlements.map((it: View) => it['ends_at'])).toContain(renewed['paid_until']);
  });

  it('is offered once: who has it is told so', async () => {
    const product = await plan();
    const { buyer } = await subscribes(product);
    const link = await linkFor(buyer, product);
    const outcome = await starwall.telegram.payLink(buyer.id, link);
    expect(outcome).toMatchObject({ status: 'refused' });
    expect(JSON.stringify(outcome)).toContain('You have this subscription already');
  });

  it('is shown in the bot and canceled there; access lasts until what is paid for is over', async () => {
    const { buyer, subscription } = await subscribes(await plan());
    await buyer.says('/subscriptions');
    const shown = await buyer.sees(({ text }) => text?.includes('Pro – 100 ⭐ every 30 days') === true, 'the list');
    await starwall.telegram.press(buyer.chat, shown.message_id, `unsub:${subscription.id}`);
    const asked = await buyer.sees(({ text }) => text?.includes('no further payment') === true, 'the question');
    await starwall.telegram.press(buyer.chat, asked.message_id, `unsubscribe:${subscription.id}`);
    const canceled = await theOneOf(buyer, (it) => it['state'] === 'canceled');
    expect(canceled).toMatchObject({ canceled_by: 'buyer', pending: null, resumable_by_buyer: false });
    expect(canceled['access_until']).toBe(subscription['paid_until']);
    expect(await atTelegram(buyer)).toMatchObject({ state: expect.stringMatching(/cancel/) });
  });

  it('is canceled and handed back by API, twice like once, and not by another workspace', async () => {
    const { buyer, subscription } = await subscribes(await plan());
    const path = `/v1/subscriptions/${subscription.id}`;
    const other = await Creator.signUp(starwall);
    for (const route of [path]) await other.get(route).expect(404);
    await other.post(`${path}/cancel`).expect(404);
    expect((await creator.post(`${path}/cancel`).expect(202)).body).toMatchObject({ id: subscription.id });
    await theOneOf(buyer, (it) => it['state'] === 'canceled' && it['resumable_by_buyer'] === false);
    await creator.post(`${path}/cancel`).expect(202);
    await creator.post(`${path}/resume`).expect(202);
    await theOneOf(buyer, (it) => it['resumable_by_buyer'] === true && it['pending'] === null);
    await starwall.telegram.resumeSubscription((await atTelegram(buyer)).id);
    expect(await theOneOf(buyer, (it) => it['state'] === 'active')).toMatchObject({ canceled_by: null });
  });

  it('that cannot be renewed is past due, and goes on when the Stars are there', async () => {
    const { buyer } = await subscribes(await plan(), 100);
    const { id } = await atTelegram(buyer);
    await starwall.telegram.failSubscription(id);
    await theOneOf(buyer, (it) => it['state'] === 'past_due');
    await buyer.hears(/could not be renewed/);
    await starwall.telegram.topUp(buyer.id, 500);
    await starwall.telegram.renewSubscription(id);
    await theOneOf(buyer, (it) => it['state'] === 'active' && it['renewals'] === 1);
  });

  it('ends with a refund of its only payment, and Telegram takes no further one', async () => {
    const { buyer, subscription } = await subscribes(await plan());
    await creator.post(`/v1/orders/${String(subscription['order_id'])}/refunds`).expect(202);
    const ended = await theOneOf(buyer, (it) => it['state'] === 'ended' && it['pending'] === null);
    expect(ended).toMatchObject({ canceled_by: 'refund', renews: false });
    await eventually('the Stars to come back', async () => (await buyer.balance()) === 1_000);
    expect(await atTelegram(buyer)).toMatchObject({ state: expect.stringMatching(/cancel/) });
  });

  it('that a buyer canceled is remembered before its end, ends, and is offered again once', async () => {
    const { buyer, subscription } = await subscribes(await plan({ subscription: { win_back: true } }), 1_000, {
      language_code: 'ru',
    });
    await starwall.telegram.cancelSubscription((await atTelegram(buyer)).id);
    await theOneOf(buyer, (it) => it['state'] === 'canceled');
    await backstage.ageSubscription(subscription.id, '29 days');
    await buyer.hears(/заканчивается/);
    await backstage.ageSubscription(subscription.id, '2 days');
    await theOneOf(buyer, (it) => it['state'] === 'ended');
    await buyer.hears(/Хотите вернуться/);
    expect((await creator.get('/v1/events?type=subscription.ended').expect(200)).body.data).toContainEqual(
      expect.objectContaining({ data: expect.objectContaining({ id: subscription.id, state: 'ended' }) }),
    );
  });
});

it('metrics tell what runs and what it brings', async () => {
  const productId = await plan({ stars: 250 });
  await subscribes(productId);
  const [from, to] = [0, 1].map((day) => new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10));
  const metrics = (await creator.get(`/v1/metrics/subscriptions?from=${from}&to=${to}`).expect(200)).body;
  expect(metrics.data).toContainEqual({
    product_id: productId,
    active: 1,
    past_due: 0,
    canceled: 0,
    monthly_stars: 250,
    started: 1,
    ended: 0,
  });
});

it('a renewal that no update told of is found on Telegram’s list, once', async () => {
  const { buyer } = await subscribes(await plan());
  await starwall.telegram.setFaults({
    rules: [{ at: 'queue', action: 'lose', name: 'message', botId: bot.telegramId }],
  });
  await starwall.telegram.advance(2_592_001);
  await starwall.telegram.setFaults({ rules: [] });
  const compared = async () => {
    await creator.post(`/v1/bots/${bot.id}/reconciliations`);
    return (await listed(buyer)).find((it) => it['renewals'] === 1);
  };
  const renewed = await eventually('the renewal', compared);
  await compared();
  expect((await listed(buyer))[0]).toMatchObject({ renewals: 1, paid_until: renewed['paid_until'] });
  expect(await ordersOf(buyer)).toHaveLength(2);
});
