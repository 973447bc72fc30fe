import { person, Updates } from '#libs/fixtures';
import { SeedShop } from '../../support/seed-shop.js';
import { type Buyer, eventually, type Starwall, startStarwall } from '../../support/starwall.js';
import { nextUpdateId, telegramPosts, type Update } from '../../support/updates.js';

// @vibegram/stars: a premium invoice guarded at the pre-checkout, a gallery of paid media, gifts, a business account,
// and fixtures of Telegram's payment updates, for testing a bot without Telegram.

let starwall: Starwall;

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

const PREMIUM = {
  kind: 'text',
  title: 'Premium access',
  description: '30 days of premium access',
  stars: 100,
  content: 'Premium activated.',
};
/** A one-pixel picture. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** These gifts cost 15 and 25 Stars. */
const [BEAR, ROSE] = ['5170233102089322756', '5168103777563050263'];

const invoiceOf = async (buyer: Buyer, invoice: number) =>
  (await buyer.messages()).find((message) => message.message_id === invoice)?.invoice;

describe('a premium invoice', () => {
  it('costs Stars (XTR), activates premium after the payment, and is refunded once', async () => {
    const shop = await SeedShop.open(starwall, 'Vibegram');
    const premium = await shop.sells(PREMIUM);
    const buyer = await shop.meets();
    const invoice = await buyer.wants(premium.id);
    expect(await invoiceOf(buyer, invoice)).toMatchObject({ title: PREMIUM.title, currency: 'XTR', total_amount: 100 });
    expect(await buyer.heard()).not.toContain('Premium activated.');
    await buyer.pays(invoice);
    const order = await shop.orderOf(buyer, 'delivered');
    await buyer.hears(/^Premium activated\.$/);

    await shop.refunds(order);
    const again = await shop.creator.post(`/v1/orders/${order.id}/refunds`).expect(409);
    expect(again.body.code).toBe('already_refunded');
    expect(await buyer.balance()).toBe(1_000);
  });

  it('is declined at the pre-checkout when the order is no longer available', async () => {
    const shop = await SeedShop.open(starwall, 'Vibegram');
    const premium = await shop.sells(PREMIUM);
    const buyer = await shop.meets();
    const invoice = await buyer.wants(premium.id);
    const { id } = await shop.orderOf(buyer, 'placed');
    await shop.creator.post(`/v1/orders/${id}/cancel`).expect(200);
    expect(await buyer.pays(invoice)).toEqual({
      status: 'refused',
      text: 'This order was cancelled. Please open the shop and buy again.',
    });
    expect(await buyer.balance()).toBe(1_000);
  });
});

describe('the fixtures', () => {
  it('for pre-checkout, payment, refund and paid media are accepted by a bot', async () => {
    const shop = await SeedShop.open(starwall, 'Vibegram');
    const { bot } = shop;
    const premium = await shop.sells(PREMIUM);
    const buyer = await shop.meets();
    await buyer.wants(premium.id);
    const { id: payload } = await shop.orderOf(buyer, 'placed');
    const updates = new Updates({
      bot: { id: bot.telegramId, is_bot: true, first_name: 'Vibegram', username: 'vibegram_bot' },
      firstUpdateId: nextUpdateId(),
    });
    const [from, stars] = [person(buyer.id), 100];
    const posts = (update: { readonly update_id: number }) => telegramPosts(starwall, bot, update as Update);

    expect(await posts(updates.preCheckoutQuery(from, { stars, payload }))).toMatchObject({ status: 200 });
    // Telegram does not know the query and refuses the answer, so the approval is revoked. The payment counts nevertheless.
    await shop.orderOf(buyer, 'placed');
    const paid = updates.payment(from, { stars, payload });
    expect(await posts(paid)).toMatchObject({ status: 200 });
    expect(await posts(paid)).toMatchObject({ status: 200 });
    await buyer.hears(/^Premium activated\.$/);
    const { charges } = await shop.orderOf(buyer, 'delivered');
    expect(charges).toMatchObject([
      { telegram_payment_charge_id: paid.message.successful_payment.telegram_payment_charge_id, stars },
    ]);
    expect(await posts(updates.refund(paid))).toMatchObject({ status: 200 });
    await shop.orderOf(buyer, 'refunded');
    expect(await posts(updates.paidMediaPurchase(from, 'gallery:42'))).toMatchObject({ status: 200 });
  });
});

describe('a paid gallery', () => {
  it('is unlocked for Stars, paid once Telegram lists the charge, and can be refunded', async () => {
    const shop = await SeedShop.open(starwall, 'Vibegram');
    const upload = shop.creator.signs(starwall.http().post('/v1/files'));
    const { body: photo } = await upload.attach('file', PNG, 'photo.png').expect(201);
    const gallery = await shop.sells({
      kind: 'paid_media',
      title: 'Premium gallery',
      description: 'One photo, for you alone',
      stars: 25,
      paid_media: { items: [{ type: 'photo', file_id: photo.id }] },
    });
    const buyer = await shop.meets();
    await starwall.telegram.start(buyer.chat, `buy_${gallery.id}`);
    const locked = await buyer.sees(({ paid_media: media }) => media !== undefined, 'the locked gallery');
    expect(locked).toMatchObject({ paid_media: { star_count: 25 } });
    await starwall.telegram.payMessage(buyer.chat, locked.message_id);
    const order = await shop.orderOf(buyer, 'delivered');
    expect(order.charges).toHaveLength(1);
    expect(await buyer.balance()).toBe(975);
    await shop.refunds(order);
    await eventually('the Stars back', async () => (await buyer.balance()) === 1_000);
  });
});

/** Lets the shop's bot manage a person's account. @returns the path of the connection */
async function connects(shop: SeedShop, owner: Buyer): Promise<string> {
  const { creator, bot } = shop;
  await starwall.telegram.setUpBot(bot.telegramId, { business: true });
  const rights = [
    'can_view_gifts_and_stars',
    'can_transfer_stars',
    'can_convert_gifts_to_stars',
    'can_transfer_and_upgrade_gifts',
  ] as const;
  await starwall.telegram.connectBusiness(owner.chat, { rights: [...rights] });
  return eventually('the connection', async () => {
    const { body } = await creator.get(`/v1/business-connections?bot_id=${bot.id}`).expect(200);
    return body.data[0] && `/v1/business-connections/${body.data[0].id}`;
  });
}

describe('gifts', () => {
  it("are sent to a supporter from the bot's income, including Premium", async () => {
    const shop = await SeedShop.open(starwall, 'Vibegram');
    const supporter = await shop.meets(2_000);
    await shop.buys(supporter, await shop.sells({ ...PREMIUM, stars: 1_100 }));
    const given = { user_telegram_id: supporter.id, gift_id: BEAR, text: 'Thanks for supporting us', max_stars: 15 };
    await shop.spends(`/v1/bots/${shop.bot.id}/gifts`, given).expect(201);
    const premium = { user_telegram_id: supporter.id, months: 3, max_stars: 1_000, text: 'Premium gift' };
    await shop.spends(`/v1/bots/${shop.bot.id}/premium-gifts`, premium).expect(201);
    const { gifts } = await starwall.telegram.account(supporter.id);
    expect(gifts).toMatchObject([{ gift: { id: BEAR }, text: 'Thanks for supporting us' }]);
    expect((await starwall.telegram.transactions(shop.bot.telegramId)).balance).toBe(85);
  });
});

describe('a business account', () => {
  it('has its Stars read and transferred, and its gifts converted, upgraded and transferred', async () => {
    const shop = await SeedShop.open(starwall, 'Vibegram');
    const [owner, friend] = [await shop.meets(1_000), await shop.meets(1_000)];
    for (const giftId of [BEAR, ROSE])
      await starwall.telegram.giveGift({ fromUserId: friend.id, toUserId: owner.id, giftId });
    const account = await connects(shop, owner);
    const look = async (what: string) => (await shop.creator.get(`${account}/${what}`).expect(200)).body;
    expect(await look('star-balance')).toMatchObject({ stars: 1_000 });
    await shop.spends(`${account}/star-transfers`, { stars: 250, max_stars: 250 }).expect(201);
    expect(await look('star-balance')).toMatchObject({ stars: 750 });

    const owned = (await look('gifts')).data as { gift_id: string; owned_gift_id: string }[];
    const idOf = (gift: string) => owned.find(({ gift_id }) => gift_id === gift)?.owned_gift_id;
    await shop.spends(`${account}/gift-conversions`, { owned_gift_id: idOf(BEAR), min_stars: 12 }).expect(201);
    await shop.spends(`${account}/gift-upgrades`, { owned_gift_id: idOf(ROSE), max_stars: 25 }).expect(201);
    const handOn = { owned_gift_id: idOf(ROSE), to_telegram_id: friend.id, max_stars: 25 };
    await shop.spends(`${account}/gift-transfers`, handOn).expect(201);
    expect((await starwall.telegram.account(friend.id)).gifts).toMatchObject([{ unique: { gift_id: ROSE } }]);
    expect(await look('star-balance')).toMatchObject({ stars: 750 + 12 - 25 - 25 });
  });
});
