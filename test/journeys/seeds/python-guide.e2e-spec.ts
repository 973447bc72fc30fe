import { Backstage } from '../../support/backstage.js';
import { SeedShop } from '../../support/seed-shop.js';
import { type Buyer, eventually, type Starwall, startStarwall } from '../../support/starwall.js';
import { callTelegram } from '../../support/updates.js';

// The Python guide sells a PDF for 50 Stars and a membership of 30 days for 100. Its membership is a single payment that a
// script must remember; here it is a subscription that Telegram renews.

let starwall: Starwall;
let backstage: Backstage;

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
});
afterAll(async () => {
  await backstage.close();
  await starwall.stop();
});

const MEMBERSHIP = {
  kind: 'subscription',
  title: 'Pro Bot Membership',
  description: 'Unlock advanced AI generation limits for 30 days.',
  stars: 100,
};

/** Pays the subscription link of a future member. */
async function joins(shop: SeedShop, buyer: Buyer, plan: { readonly id: string }) {
  await starwall.telegram.start(buyer.chat, `buy_${plan.id}`);
  const offer = await buyer.sees(
    ({ reply_markup }) => /"url":"/.test(JSON.stringify(reply_markup)),
    'a link to subscribe',
  );
  const [button] = offer.reply_markup?.inline_keyboard.flat() ?? [];
  expect(button?.text).toBe('100 ⭐ every 30 days');
  expect(await starwall.telegram.payLink(buyer.id, String(button?.url))).toMatchObject({ status: 'paid' });
  await buyer.hears(/^Your subscription “Pro Bot Membership” has begun and is paid until /);
  return membership(shop, buyer, 'active');
}

const membership = (shop: SeedShop, buyer: Buyer, state: string) =>
  eventually(`a membership that is ${state}`, async () => {
    const { body } = await shop.creator.get(`/v1/subscriptions?buyer_telegram_id=${buyer.id}`).expect(200);
    return body.data.find((one: { state: string }) => one.state === state) as Record<string, unknown> & { id: string };
  });

const isMember = async (shop: SeedShop, buyer: Buyer) => {
  const { body } = await shop.creator.get(`/v1/buyers/${buyer.id}/state`).expect(200);
  return body.entitlements.some((one: { title: string }) => one.title === MEMBERSHIP.title);
};

describe('the premium PDF guide', () => {
  it('is delivered as a file with its receipt, and can be refunded', async () => {
    const shop = await SeedShop.open(starwall, 'Python Guides');
    const guide = await shop.sells({
      kind: 'file',
      title: 'Python Integration Premium Guide',
      description: 'A complete PDF guide on integrating payment APIs into bots.',
      stars: 50,
      file_id: await shop.creator.uploadFile('premium-guide.pdf', 'a guide'),
    });
    const buyer = await shop.meets();
    const order = await shop.buys(buyer, guide);
    await buyer.sees(({ document }) => document?.file_name === 'premium-guide.pdf', 'the guide');
    await buyer.hears(
      new RegExp(`^Receipt: Python Integration Premium Guide\\nPaid: 50 Stars, .*\\nOrder: ${order.id}`),
    );
    // The seed shows buyers Telegram's id of the payment, by which support can find a buyer.
    const [charge] = order.charges;
    const { body } = await shop.creator.get(`/v1/search?q=${charge?.telegram_payment_charge_id}`).expect(200);
    expect(body.data).toMatchObject([{ kind: 'charge', order_id: order.id, stars: 50 }]);
    await shop.refunds(order);
    await buyer.hears(/^Your 50 ⭐ for “Python Integration Premium Guide” have been returned\.$/);
    expect(await buyer.balance()).toBe(1_000);
  });

  it('cannot be paid by an invoice from an earlier script, whose payload is unknown here', async () => {
    const shop = await SeedShop.open(starwall, 'Python Guides');
    const buyer = await shop.meets();
    const { result } = await callTelegram(starwall, shop.bot, 'createInvoiceLink', {
      title: 'Pro Bot Membership',
      description: 'Unlock advanced AI generation limits for 30 days.',
      payload: 'subscription_pro_30d',
      currency: 'XTR',
      prices: [{ label: 'Pro Account Access', amount: 100 }],
    });
    expect(await starwall.telegram.payLink(buyer.id, String(result))).toEqual({
      status: 'refused',
      text: 'This invoice is unknown. Please open the shop and buy again.',
    });
    expect(await buyer.balance()).toBe(1_000);
  });
});

describe('the pro membership', () => {
  it('starts with a payment, is renewed by Telegram, cancelled by the member, and ends after the paid time', async () => {
    const shop = await SeedShop.open(starwall, 'Python Guides');
    const plan = await shop.sells(MEMBERSHIP);
    const buyer = await shop.meets();
    const begun = await joins(shop, buyer, plan);
    expect(begun).toMatchObject({ renews: true, stars: 100, period_seconds: 2_592_000, renewals: 0 });
    expect(await isMember(shop, buyer)).toBe(true);

    const [atTelegram] = await starwall.telegram.subscriptions(buyer.id);
    await starwall.telegram.renewSubscription(String(atTelegram?.id));
    await buyer.hears(/^Your subscription “Pro Bot Membership” was renewed and is paid until /);
    expect(await membership(shop, buyer, 'active')).toMatchObject({ renewals: 1 });
    expect(await buyer.balance()).toBe(800);

    await buyer.says('/subscriptions');
    const list = await buyer.sees(({ text }) => text?.startsWith('Your subscriptions') === true, 'the list');
    await starwall.telegram.press(buyer.chat, list.message_id, `unsub:${begun.id}`);
    const sure = await buyer.sees(({ text }) => text?.includes('no further payment') === true, 'the question');
    await starwall.telegram.press(buyer.chat, sure.message_id, `unsubscribe:${begun.id}`);
    await membership(shop, buyer, 'canceled');
    expect(await isMember(shop, buyer)).toBe(true);

    await backstage.ageSubscription(begun.id, '62 days');
    await membership(shop, buyer, 'ended');
    expect(await isMember(shop, buyer)).toBe(false);
  });

  it('ends with a refund, and Telegram takes no further payment', async () => {
    const shop = await SeedShop.open(starwall, 'Python Guides');
    const buyer = await shop.meets();
    const begun = await joins(shop, buyer, await shop.sells(MEMBERSHIP));
    await shop.refunds({ id: String(begun['order_id']) });
    expect(await membership(shop, buyer, 'ended')).toMatchObject({ renews: false, canceled_by: 'refund' });
    expect(await buyer.balance()).toBe(1_000);
    const [atTelegram] = await starwall.telegram.subscriptions(buyer.id);
    expect(atTelegram).toMatchObject({ state: expect.stringMatching(/cancel/) });
    expect(await isMember(shop, buyer)).toBe(false);
  });
});
