import { newUuid } from '#libs/kernel';
import { GoodsServer } from '../../support/goods-server.js';
import { SeedShop } from '../../support/seed-shop.js';
import { type Buyer, eventually, type Starwall, startStarwall } from '../../support/starwall.js';

// FridgeKit reads receipts. Its buyers pay per scan: they buy packs of credits for Stars, and each receipt costs one credit.

let starwall: Starwall;

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

const PACK = {
  kind: 'credits',
  title: '10 receipt scans',
  description: 'Ten receipts, read for you',
  stars: 50,
  credits: { unit: 'ocr_credit', amount: 10 },
};

async function fridgeKit() {
  const shop = await SeedShop.open(starwall, 'FridgeKit');
  return { shop, pack: await shop.sells(PACK) };
}

/** Implements the seed's `consumeCredit`: reserves before the scan, spends when it succeeds, and releases when it fails. */
async function scans(shop: SeedShop, buyer: Buyer, works: boolean) {
  const held = await shop
    .credits(buyer, 'ocr_credit', 'reservations', { amount: 1, reason: 'receipt scan' })
    .expect(201);
  const end = works ? 'commit' : 'release';
  await shop.creator
    .post(`/v1/credit-reservations/${held.body.id}/${end}`)
    .set('idempotency-key', newUuid())
    .expect(200);
}

describe('FridgeKit', () => {
  it('sells scans, spends them as receipts are read, and sells more when they have run out', async () => {
    const { shop, pack } = await fridgeKit();
    const buyer = await shop.meets(100);
    await buyer.says('/shop');
    await buyer.sees(
      ({ reply_markup }) => JSON.stringify(reply_markup).includes('10 receipt scans – 50 ⭐'),
      'the shop',
    );

    const order = await shop.buys(buyer, pack);
    await buyer.hears(/^10 ocr credits added\.\nYour balance: 10 ocr credits\./);
    expect(order.charges).toHaveLength(1);
    expect(await buyer.balance()).toBe(50);

    for (let receipt = 0; receipt < 9; receipt += 1) await scans(shop, buyer, true);
    await scans(shop, buyer, false);
    expect(await shop.available(buyer, 'ocr_credit')).toBe(1);

    await scans(shop, buyer, true);
    const refused = await shop.credits(buyer, 'ocr_credit', 'debits', { amount: 1 }).expect(409);
    expect(refused.body.code).toBe('insufficient_credits');
    await buyer.says('/balance');
    await buyer.hears(/^You have no credits\. Send \/shop to see what is sold here\.$/);

    await shop.buys(buyer, pack);
    expect(await shop.available(buyer, 'ocr_credit')).toBe(10);
    expect(await buyer.balance()).toBe(0);
  });

  it('adds a pack once even though Telegram reports its payment twice', async () => {
    const { shop, pack } = await fridgeKit();
    const buyer = await shop.meets();
    const invoice = await buyer.wants(pack.id);
    await starwall.telegram.setFaults({
      rules: [{ at: 'queue', action: 'duplicate', name: 'message', botId: shop.bot.telegramId }],
    });
    await buyer.pays(invoice);
    await shop.orderOf(buyer, 'delivered');
    const waiting = async () => (await starwall.telegram.webhook(shop.bot.telegramId)).pendingUpdates;
    await eventually('the second report', async () => (await waiting()) === 0);
    await starwall.telegram.setFaults({ rules: [] });
    expect(await shop.available(buyer, 'ocr_credit')).toBe(10);
    expect(await buyer.balance()).toBe(950);
  });

  it('lets exactly one of several concurrent scans spend the last credit', async () => {
    const { shop } = await fridgeKit();
    const buyer = await shop.meets();
    await shop.credits(buyer, 'ocr_credit', 'grants', { amount: 1, reason: 'welcome' }).expect(201);
    const race = await Promise.all(
      Array.from({ length: 6 }, () =>
        shop.credits(buyer, 'ocr_credit', 'debits', { amount: 1, reason: 'receipt scan' }),
      ),
    );
    expect(race.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409, 409]);
    expect(await shop.available(buyer, 'ocr_credit')).toBe(0);
  });

  it('also scans in the chat: a command spends a credit, and offers packs when there is none', async () => {
    const { shop, pack } = await fridgeKit();
    const server = new GoodsServer();
    server.answer = ({ data }) => ({ status: 200, body: { text: `Milk, bread, eggs (${data.command?.arguments})` } });
    const made = await shop.sells({
      kind: 'paid_command',
      title: 'Receipt scan',
      description: 'Reads one receipt',
      stars: 0,
      fulfilment_url: await server.start(),
      paid_command: { command: 'scan', credit_unit: 'ocr_credit', credit_amount: 1, needs_arguments: true },
    });
    server.secret = String(made['fulfilment_secret']);
    const buyer = await shop.meets();
    await shop.credits(buyer, 'ocr_credit', 'grants', { amount: 1, reason: 'welcome' }).expect(201);

    await Promise.all(['a', 'b', 'c'].map((receipt) => buyer.says(`/scan ${receipt}`)));
    await buyer.hears(/^Milk, bread, eggs \([abc]\)$/);
    await buyer.hears(/^Receipt scan: 1 ocr credit spent\. Your balance: 0 ocr credits\.$/);
    await eventually('two refusals', async () => {
      const heard = await buyer.heard();
      return heard.filter((text) => text.startsWith('This costs 1 ocr credit, and you have 0')).length === 2;
    });
    expect(server.asked).toHaveLength(1);

    const offer = await buyer.sees(({ text }) => text?.startsWith('This costs') === true);
    await starwall.telegram.press(buyer.chat, offer.message_id, `buy:${pack.id}`);
    const invoice = await buyer.sees((message) => message.invoice !== undefined, 'the invoice of a pack');
    await buyer.pays(invoice.message_id);
    await buyer.hears(/^Receipt: 10 receipt scans/);
    await buyer.says('/scan d');
    await buyer.hears(/Your balance: 9 ocr credits\.$/);
    server.stop();
  });

  it('takes back the rest of a refunded pack, and returns the Stars in full', async () => {
    const { shop, pack } = await fridgeKit();
    const buyer = await shop.meets();
    const order = await shop.buys(buyer, pack);
    await scans(shop, buyer, true);
    const refunded = await shop.refunds(order);
    expect(refunded['refunds']).toMatchObject([
      { state: 'refunded', credits: { granted: 10, clawed_back: 9, already_spent: 1 } },
    ]);
    await buyer.hears(/^Your 50 ⭐ for “10 receipt scans” have been returned\.$/);
    expect(await buyer.balance()).toBe(1_000);
    expect(await shop.available(buyer, 'ocr_credit')).toBe(0);
    await shop.credits(buyer, 'ocr_credit', 'debits', { amount: 1 }).expect(409);
    expect((await shop.creator.post(`/v1/orders/${order.id}/refunds`).expect(409)).body.code).toBe('already_refunded');
  });
});
