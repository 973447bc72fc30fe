import { parseId } from '#libs/kernel';
import type { Backstage } from '../support/backstage.js';
import { openStage, type Stage } from '../support/stage.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall } from '../support/starwall.js';

let starwall: Starwall;
let backstage: Backstage;
let creator: Creator;
let close: Stage['close'];
let bot: RegisteredBot;

beforeAll(async () => {
  ({ starwall, backstage, creator, close } = await openStage());
  bot = await creator.registerBot();
});
afterAll(() => close());

const PLAN = { kind: 'subscription', title: 'Pro', description: 'Everything', stars: 100, content: undefined };
const plan = (changes: object = {}) => creator.createProduct(bot.id, { ...PLAN, ...changes });

type View = Record<string, unknown> & { readonly id: string };

/** Follows the plan's deep link, pays the link that the bot sends, and reads the subscription from the API. */
async function subscribes(productId: string, wallet = 1_000, person: { language_code?: string } = {}) {
  const buyer = await Buyer.meets(starwall, bot.telegramId, wallet, person);
  const link = await linkFor(buyer, productId);
  expect(await starwall.telegram.payLink(buyer.id, link)).toMatchObject({ status: 'paid' });
  return { buyer, link, subscription: await subscriptionOf(buyer, (it) => it['state'] === 'active') };
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
const subscriptionOf = (buyer: Buyer, wanted: (it: View) => boolean) =>
  eventually('the subscription', async () => (await listed(buyer)).find(wanted));
const ordersOf = async (buyer: Buyer) =>
  (await creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}&payment_state=paid`).expect(200)).body.data as View[];
const atTelegram = async (buyer: Buyer) => {
  const [first] = await starwall.telegram.subscriptions(buyer.id);
  if (first === undefined) throw new Error('Telegram knows no subscription');
  return first;
};

const labels = (message: Awaited<ReturnType<Buyer['messages']>>[number]) =>
  message.reply_markup?.inline_keyboard.flat().map(({ text }) => text) ?? [];
async function cancelsHere(buyer: Buyer, { id }: View): Promise<void> {
  await buyer.says('/subscriptions');
  const shown = await buyer.sees(({ text }) => text?.includes('Pro – 100 ⭐ every 30 days') === true, 'the list');
  await starwall.telegram.press(buyer.chat, shown.message_id, `unsub:${id}`);
  const asked = await buyer.sees(({ text }) => text?.includes('no further payment') === true, 'the question');
  await starwall.telegram.press(buyer.chat, asked.message_id, `unsubscribe:${id}`);
}
/** Waits until a subscription has no more scheduled work. */
const hasNoMoreWork = ({ id }: View) =>
  eventually('the last check', async () => {
    const jobs = await backstage.query('select 1 from jobs where kind = $1 and subject = $2', [
      'subscription.watch',
      parseId('subscription', id),
    ]);
    return jobs.length === 0;
  });

describe('a subscription', () => {
  it('is bought by a link and renewed by Telegram, with an order for each payment', async () => {
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
    const renewed = await subscriptionOf(buyer, (it) => it['renewals'] === 1);
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

  it('is offered once, and a subscriber is told so', async () => {
    const product = await plan();
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    const [link, spare] = [await linkFor(buyer, product), await linkFor(buyer, product)];
    expect(await starwall.telegram.payLink(buyer.id, link)).toMatchObject({ status: 'paid' });
    await subscriptionOf(buyer, (it) => it['state'] === 'active');
    const outcome = await starwall.telegram.payLink(buyer.id, spare);
    expect(outcome).toMatchObject({ status: 'refused' });
    expect(JSON.stringify(outcome)).toContain('You have this subscription already');
    const before = (await links(buyer)).length;
    await starwall.telegram.start(buyer.chat, `buy_${product}`);
    await buyer.hears(/^You have this subscription already\. Send \/subscriptions to see it\.$/);
    expect(await links(buyer)).toHaveLength(before);
  });

  it('is shown and cancelled in the bot, with access until the end of the paid time', async () => {
    const { buyer, subscription } = await subscribes(await plan());
    await cancelsHere(buyer, subscription);
    const canceled = await subscriptionOf(buyer, (it) => it['state'] === 'canceled');
    expect(canceled).toMatchObject({ canceled_by: 'buyer', pending: null, resumable_by_buyer: false });
    expect(canceled['access_until']).toBe(subscription['paid_until']);
    expect(await atTelegram(buyer)).toMatchObject({ state: expect.stringMatching(/cancel/) });
  });

  it('can be resumed in Telegram when it was cancelled there, and by a button when it was cancelled in the bot', async () => {
    const [here, there] = [await subscribes(await plan()), await subscribes(await plan())];
    await starwall.telegram.cancelSubscription((await atTelegram(there.buyer)).id);
    await subscriptionOf(there.buyer, (it) => it['state'] === 'canceled');
    await there.buyer.says('/subscriptions');
    const shown = await there.buyer.sees(({ text }) => text?.startsWith('Your subscriptions') === true, 'the list');
    expect(shown.text).toMatch(
      /Pro – ends on .*\nTo keep it, switch its renewal on again in Telegram: Settings, My Stars\.$/,
    );
    expect(labels(shown)).toEqual([]);

    await cancelsHere(here.buyer, here.subscription);
    await subscriptionOf(here.buyer, (it) => it['state'] === 'canceled' && it['resumable_by_buyer'] === false);
    await backstage.ageSubscription(here.subscription.id, '29 days');
    const reminder = await here.buyer.sees(({ text }) => text?.includes('ends on') === true, 'the reminder');
    expect(labels(reminder)).toEqual(['Renew Pro again']);
    await starwall.telegram.press(here.buyer.chat, reminder.message_id, `resub:${here.subscription.id}`);
    await here.buyer.hears(/You can switch the renewal of “Pro” on again in Telegram: Settings, My Stars\./);
    await subscriptionOf(here.buyer, (it) => it['resumable_by_buyer'] === true);
  });

  it('is not offered again when the plan is no longer sold, or when the buyer has subscribed again', async () => {
    const ends = async (product: string) => {
      const { buyer, subscription } = await subscribes(product);
      await starwall.telegram.cancelSubscription((await atTelegram(buyer)).id);
      await subscriptionOf(buyer, (it) => it['state'] === 'canceled');
      return { buyer, subscription };
    };
    const [gone, kept] = [
      await plan({ subscription: { win_back: true } }),
      await plan({ subscription: { win_back: true } }),
    ];
    const [left, returned] = [await ends(gone), await ends(kept)];
    await creator.post(`/v1/products/${gone}/archive`).expect(200);
    await starwall.telegram.payLink(returned.buyer.id, await linkFor(returned.buyer, kept));
    await subscriptionOf(returned.buyer, (it) => it['state'] === 'active');
    for (const { buyer, subscription } of [left, returned]) {
      await backstage.ageSubscription(subscription.id, '31 days');
      await subscriptionOf(buyer, (it) => it.id === subscription.id && it['state'] === 'ended');
      await hasNoMoreWork(subscription);
      expect((await buyer.heard()).join()).not.toContain('Would you like to come back');
    }
  });

  it('shows its current state when it is requested again in /orders', async () => {
    const { buyer, subscription } = await subscribes(await plan());
    const [order] = await eventually('the delivery', async () => {
      const found = await ordersOf(buyer);
      return found[0]?.['status'] === 'delivered' && found;
    });
    await buyer.says('/orders');
    const list = await buyer.sees(({ text }) => text?.startsWith('Your last purchases') === true, 'the purchases');
    const again = () => starwall.telegram.press(buyer.chat, list.message_id, `again:${order?.id}`);
    await again();
    await buyer.hears(/^Your subscription “Pro” is paid until /);
    await eventually('the delivery', async () => (await ordersOf(buyer))[0]?.['status'] === 'delivered');
    await backstage.ageSubscription(subscription.id, '40 days');
    await subscriptionOf(buyer, (it) => it['state'] === 'ended');
    await again();
    await buyer.hears(/^Your subscription “Pro” ended on /);
    expect((await buyer.heard()).filter((text) => text.includes('has begun'))).toHaveLength(1);
  });

  it('is cancelled and resumed through the API, idempotently, but not by another workspace', async () => {
    const { buyer, subscription } = await subscribes(await plan());
    const path = `/v1/subscriptions/${subscription.id}`;
    const other = await Creator.signUp(starwall);
    for (const route of [path]) await other.get(route).expect(404);
    await other.post(`${path}/cancel`).expect(404);
    expect((await creator.post(`${path}/cancel`).expect(202)).body).toMatchObject({ id: subscription.id });
    await subscriptionOf(buyer, (it) => it['state'] === 'canceled' && it['resumable_by_buyer'] === false);
    await creator.post(`${path}/cancel`).expect(202);
    await creator.post(`${path}/resume`).expect(202);
    await subscriptionOf(buyer, (it) => it['resumable_by_buyer'] === true && it['pending'] === null);
    await starwall.telegram.resumeSubscription((await atTelegram(buyer)).id);
    expect(await subscriptionOf(buyer, (it) => it['state'] === 'active')).toMatchObject({ canceled_by: null });
  });

  it('is past due when it cannot be renewed, and continues when the buyer has enough Stars', async () => {
    const { buyer } = await subscribes(await plan(), 100);
    const { id } = await atTelegram(buyer);
    await starwall.telegram.failSubscription(id);
    await subscriptionOf(buyer, (it) => it['state'] === 'past_due');
    await buyer.hears(/could not be renewed/);
    await starwall.telegram.topUp(buyer.id, 500);
    await starwall.telegram.renewSubscription(id);
    await subscriptionOf(buyer, (it) => it['state'] === 'active' && it['renewals'] === 1);
  });

  it('ends with a refund of its only payment, and Telegram takes no further payment', async () => {
    const { buyer, subscription } = await subscribes(await plan());
    await creator.post(`/v1/orders/${String(subscription['order_id'])}/refunds`).expect(202);
    const ended = await subscriptionOf(buyer, (it) => it['state'] === 'ended' && it['pending'] === null);
    expect(ended).toMatchObject({ canceled_by: 'refund', renews: false });
    await eventually('the Stars to come back', async () => (await buyer.balance()) === 1_000);
    expect(await atTelegram(buyer)).toMatchObject({ state: expect.stringMatching(/cancel/) });
  });

  it('is announced before its end after the buyer cancelled it, and offered again once, at the current price', async () => {
    const product = await plan({ subscription: { win_back: true } });
    const { buyer, subscription } = await subscribes(product, 1_000, { language_code: 'ru' });
    await starwall.telegram.cancelSubscription((await atTelegram(buyer)).id);
    await subscriptionOf(buyer, (it) => it['state'] === 'canceled');
    await backstage.ageSubscription(subscription.id, '29 days');
    const reminder = await buyer.sees(({ text }) => text?.includes('заканчивается') === true, 'the reminder');
    // A new subscription would start at once, so the reminder offers to renew this one.
    expect(reminder.text).toMatch(
      /\nЧтобы сохранить её, снова включите продление в Telegram: «Настройки», «Мои звёзды»\.$/,
    );
    expect(labels(reminder)).toEqual([]);
    await creator.patch(`/v1/products/${product}`, { stars: 150 }).expect(200);
    await backstage.ageSubscription(subscription.id, '2 days');
    await subscriptionOf(buyer, (it) => it['state'] === 'ended');
    const asked = await buyer.sees(({ text }) => text?.includes('Хотите вернуться') === true, 'the question');
    expect(labels(asked)).toEqual(['Pro – 150 ⭐ каждые 30 дней']);
    const before = (await links(buyer)).length;
    await starwall.telegram.press(buyer.chat, asked.message_id, `buy:${product}`);
    await eventually('the link', async () => (await links(buyer)).length > before);
    const offered = await buyer.sees((message) => labels(message).includes('150 ⭐ каждые 30 дней'), 'the same price');
    expect(offered.text).toContain('Pro');
    expect((await creator.get('/v1/events?type=subscription.ended').expect(200)).body.data).toContainEqual(
      expect.objectContaining({ data: expect.objectContaining({ id: subscription.id, state: 'ended' }) }),
    );
  });
});

it('the metrics of subscriptions show those that are active, and their income', async () => {
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

it("an unreported renewal is found once in Telegram's list", async () => {
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

it('a cancellation that arrives before the first payment is applied when a reconciliation finds the payment', async () => {
  const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000);
  const link = await linkFor(buyer, await plan());
  await starwall.telegram.setFaults({
    rules: [{ at: 'queue', action: 'lose', name: 'message', botId: bot.telegramId }],
  });
  expect(await starwall.telegram.payLink(buyer.id, link)).toMatchObject({ status: 'paid' });
  await starwall.telegram.setFaults({ rules: [] });
  await starwall.telegram.cancelSubscription((await atTelegram(buyer)).id);
  await eventually('the report to be handled', async () =>
    (await backstage.inbox(bot)).some(
      ({ kind, state, body }) =>
        kind === 'subscription' && state === 'done' && JSON.stringify(body).includes(`${buyer.id}`),
    ),
  );
  expect(await listed(buyer)).toEqual([]);
  const found = await eventually('the payment', async () => {
    await creator.post(`/v1/bots/${bot.id}/reconciliations`);
    return (await listed(buyer))[0];
  });
  expect(found).toMatchObject({ state: 'canceled', canceled_by: 'buyer', renews: false });
});
