import { SeedShop } from '../../support/seed-shop.js';
import { eventually, type Starwall, startStarwall } from '../../support/starwall.js';

// GramIO's guide: an invoice with a custom Pay button, a link that starts a subscription, an invoice shared inline, a
// refund.

let starwall: Starwall;

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

const PREMIUM = {
  kind: 'text',
  title: 'Premium Subscription',
  description: '1 month of premium features',
  stars: 500,
  content: 'premium',
};

describe('an invoice', () => {
  it("has a Pay button in the creator's words, in which Telegram shows the Star icon", async () => {
    const shop = await SeedShop.open(starwall, 'GramIO');
    const premium = await shop.sells(PREMIUM);
    const path = `/v1/bots/${shop.bot.id}/texts/en/invoice.pay`;
    await shop.creator.put(path, { text: 'XTR Buy Now', product_id: premium.id }).expect(200);
    const [buyer, russian] = [await shop.meets(), await shop.meets(1_000, 'ru')];
    const buttonOf = async (who: typeof buyer) => {
      const invoice = await who.wants(premium.id);
      return (await who.messages()).find((message) => message.message_id === invoice)?.reply_markup?.inline_keyboard[0];
    };
    expect(await buttonOf(buyer)).toEqual([{ text: 'XTR Buy Now', pay: true }]);
    expect(await buttonOf(russian)).toEqual([{ text: 'Оплатить 500 ⭐', pay: true }]);
    const order = await shop.buys(buyer, premium);
    expect(await buyer.balance()).toBe(500);
    await shop.refunds(order);
    expect(await buyer.balance()).toBe(1_000);
  });
});

describe('a subscription link', () => {
  it('requests 30 days, and starts a subscription that Telegram renews', async () => {
    const shop = await SeedShop.open(starwall, 'GramIO');
    const plan = await shop.sells({
      kind: 'subscription',
      title: 'Monthly Plan',
      description: 'Auto-renewing premium',
      stars: 500,
    });
    const buyer = await shop.meets(2_000);
    await starwall.telegram.start(buyer.chat, `buy_${plan.id}`);
    const offer = await buyer.sees(({ reply_markup }) => /"url":"/.test(JSON.stringify(reply_markup)), 'the link');
    const link = String(offer.reply_markup?.inline_keyboard.flat()[0]?.url);
    expect(await starwall.telegram.invoice(link)).toMatchObject({
      title: 'Monthly Plan',
      amount: 500,
      subscriptionPeriod: 2_592_000,
    });
    expect(await starwall.telegram.payLink(buyer.id, link)).toMatchObject({ status: 'paid' });
    await buyer.hears(/^Your subscription “Monthly Plan” has begun/);
    const [running] = await starwall.telegram.subscriptions(buyer.id);
    await starwall.telegram.renewSubscription(String(running?.id));
    await buyer.hears(/^Your subscription “Monthly Plan” was renewed/);
    const billing = await eventually('both payments', async () => {
      const { body } = await shop.creator
        .get(`/v1/orders?buyer_telegram_id=${buyer.id}&delivery_state=delivered`)
        .expect(200);
      return body.data.length === 2 && body.data.map((order: { billing: string }) => order.billing);
    });
    expect(billing).toEqual(['subscription_renewal', 'subscription_start']);
  });
});

describe('an inline invoice', () => {
  it('is found by typing @bot, shared in a chat, and paid there by a friend', async () => {
    const shop = await SeedShop.open(starwall, 'GramIO');
    await starwall.telegram.setUpBot(shop.bot.telegramId, { inline: true });
    const premium = await shop.sells(PREMIUM);
    const [sharer, friend] = [await shop.meets(), await shop.meets()];
    const answer = await starwall.telegram.inlineQuery({
      botId: shop.bot.telegramId,
      userId: sharer.id,
      query: 'premium',
      offset: '',
    });
    if (answer.status !== 'answered') throw new Error(`the bot did not answer: ${answer.status}`);
    expect(answer.results).toMatchObject([{ id: premium.id, title: 'Premium Subscription' }]);
    const group = await starwall.telegram.createSharedChat({ type: 'group', title: 'Friends', ownerId: sharer.id });
    await starwall.telegram.pick(answer.queryId, { resultId: premium.id, to: { chatId: group.id } });
    const [shared] = (await starwall.telegram.sharedChat(group.id)).messages;
    const paid = await starwall.telegram.payIn(group.id, friend.id, shared?.message_id ?? 0);
    expect(paid).toMatchObject({ status: 'paid' });
    const order = await shop.orderOf(friend, 'delivered');
    expect(order['source']).toBe('inline');
    expect(await friend.heard()).toContain('premium');
    await shop.refunds(order);
    expect(await friend.balance()).toBe(1_000);
  });
});
