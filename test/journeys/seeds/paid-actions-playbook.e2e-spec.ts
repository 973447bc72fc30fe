import { GoodsServer } from '../../support/goods-server.js';
import { SeedShop } from '../../support/seed-shop.js';
import { Buyer, eventually, type Starwall, startStarwall } from '../../support/starwall.js';

// The playbook's paid actions: a file, a report, credits, a private command; and its warnings: stale invoices, a buyer
// without Stars, a failed delivery, and support that must find out what happened.

let starwall: Starwall;
const servers: GoodsServer[] = [];

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(async () => {
  for (const server of servers) server.stop();
  await starwall.stop();
});

const TEMPLATES = {
  kind: 'file',
  title: 'PDF template pack',
  description: 'Unlock the full PDF template pack.',
  stars: 40,
};
const REPORT = {
  kind: 'callback',
  title: 'Audit report',
  description: 'Generate one private audit report.',
  stars: 80,
};

/** Opens a shop whose server makes its goods and gives this answer. */
async function withServer(product: object, answer: GoodsServer['answer']) {
  const shop = await SeedShop.open(starwall, 'Playbook');
  const server = new GoodsServer();
  servers.push(server);
  server.answer = answer;
  const made = await shop.sells({ ...product, fulfilment_url: await server.start() });
  server.secret = String(made['fulfilment_secret']);
  return { shop, server, product: made };
}

/** Sends /paysupport, chooses the order, and writes a message. */
async function asksForHelp(buyer: Buyer, orderId: string, words: string): Promise<void> {
  await buyer.says('/paysupport');
  const menu = await buyer.sees(({ text }) => text?.includes('What is it about?') === true, 'the menu');
  await starwall.telegram.press(buyer.chat, menu.message_id, `support:${orderId}`);
  await buyer.hears(/in your own words/);
  await buyer.says(words);
  await buyer.hears(/the seller has your message/);
}

describe('a downloadable file', () => {
  it('is delivered only after the payment, with a receipt, and again when the buyer requests it', async () => {
    const shop = await SeedShop.open(starwall, 'Playbook');
    const pack = await shop.sells({
      ...TEMPLATES,
      file_id: await shop.creator.uploadFile('templates.pdf', 'templates'),
    });
    const buyer = await shop.meets();
    const files = async () =>
      (await buyer.messages()).filter(({ document }) => document?.file_name === 'templates.pdf');
    const invoice = await buyer.wants(pack.id);
    const shown = (await buyer.messages()).find((message) => message.message_id === invoice);
    expect(shown?.invoice).toMatchObject({ title: TEMPLATES.title, description: TEMPLATES.description });
    expect(await files()).toHaveLength(0);

    await buyer.pays(invoice);
    const order = await shop.orderOf(buyer, 'delivered');
    expect(await files()).toHaveLength(1);
    await buyer.hears(new RegExp(`^Receipt: PDF template pack\\nPaid: 40 Stars, .*\\nOrder: ${order.id}`));

    await buyer.says('/orders');
    const list = await buyer.sees(({ text }) => text?.startsWith('Your last purchases') === true, 'the purchases');
    await starwall.telegram.press(buyer.chat, list.message_id, `again:${order.id}`);
    await eventually('the file again', async () => (await files()).length === 2);
    expect(await buyer.balance()).toBe(960);
  });
});

describe('a private report', () => {
  it('is announced when it is queued, and delivered when it is ready', async () => {
    const { shop, product } = await withServer(REPORT, () => ({ status: 202 }));
    const buyer = await shop.meets();
    await buyer.pays(await buyer.wants(product.id));
    await buyer.hears(/^“Audit report” is being made for you\. You will receive it here as soon as it is ready\.$/);
    const order = await shop.orderOf(buyer, 'delivering');
    const goods = { text: 'Your audit: all is well.' };
    await shop.creator.post(`/v1/orders/${order.id}/deliver`, { goods }).expect(200);
    await buyer.hears(/^Your audit: all is well\.$/);
    await shop.orderOf(buyer, 'delivered');
  });

  it('is paid but not delivered when it fails: support finds it, sees what happened, and delivers manually', async () => {
    const { shop, product } = await withServer(REPORT, () => ({
      status: 500,
      body: { error: 'no data', final: true },
    }));
    const buyer = await shop.meets();
    await buyer.pays(await buyer.wants(product.id));
    await buyer.hears(/^We are sorry: “Audit report” could not be made\. Please send \/paysupport/);
    const { id } = await shop.orderOf(buyer, 'delivery_failed');
    await asksForHelp(buyer, id, 'I paid and nothing came');

    const { creator } = shop;
    const [thread] = (await creator.get(`/v1/support-threads?order_id=${id}`).expect(200)).body.data;
    expect(thread).toMatchObject({ state: 'open', order_id: id });
    const order = await shop.order(id);
    const [charge] = order.charges;
    for (const known of [id, String(charge?.telegram_payment_charge_id)]) {
      const { body } = await creator.get(`/v1/search?q=${encodeURIComponent(known)}`).expect(200);
      expect(JSON.stringify(body.data)).toContain(id);
    }
    const { body: theirs } = await creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}`).expect(200);
    expect(theirs.data).toMatchObject([{ id, status: 'delivery_failed' }]);
    const { body: history } = await creator.get(`/v1/orders/${id}/timeline`).expect(200);
    const told = history.entries.map((entry: { summary: string }) => entry.summary);
    expect(told).toEqual(
      expect.arrayContaining([
        'The order was paid.',
        'The order could not be delivered: Your server said: no data.',
        'The buyer wrote to support.',
      ]),
    );

    await creator.post(`/v1/orders/${id}/deliver`, { goods: { link: 'https://reports.example/1' } }).expect(200);
    await shop.orderOf(buyer, 'delivered');
    await creator.post(`/v1/support-threads/${thread.id}/messages`, { text: 'It is there now.' }).expect(201);
    await buyer.hears(/It is there now\./);
    expect(await buyer.balance()).toBe(920);
  });

  it('is refunded when support cannot fix it', async () => {
    const { shop, product } = await withServer(REPORT, () => ({ status: 410 }));
    const buyer = await shop.meets();
    await buyer.pays(await buyer.wants(product.id));
    await shop.refunds(await shop.orderOf(buyer, 'delivery_failed'));
    await buyer.hears(/^Your 80 ⭐ for “Audit report” have been returned\.$/);
    expect(await buyer.balance()).toBe(1_000);
  });
});

describe('credits', () => {
  it('show their price before checkout, and the new balance immediately after', async () => {
    const shop = await SeedShop.open(starwall, 'Playbook');
    const pack = await shop.sells({
      kind: 'credits',
      title: '50 credits',
      description: 'Add 50 credits to your bot balance.',
      stars: 60,
      credits: { unit: 'credit', amount: 50, expires_after_days: 30 },
    });
    const buyer = await shop.meets();
    const invoice = await buyer.wants(pack.id);
    const shown = (await buyer.messages()).find((message) => message.message_id === invoice);
    expect(shown?.invoice?.description).toBe(
      'Add 50 credits to your bot balance.\nAdds 50 credits. Valid for 30 days.',
    );
    await buyer.pays(invoice);
    await buyer.hears(/^50 credits added\. They are good until .*\.\nYour balance: 50 credits\./);
    await buyer.says('/balance');
    await buyer.hears(/^Your credits:\n\n50 credits \(50 until /);
  });
});

describe('a private command', () => {
  it('runs once per payment', async () => {
    const chart = {
      kind: 'paid_command',
      title: 'Advanced chart',
      description: 'Run the advanced chart command once.',
      stars: 15,
      paid_command: { command: 'chart', needs_arguments: true },
    };
    const { shop, server } = await withServer(chart, ({ data }) => ({
      status: 200,
      body: { text: `Advanced chart of ${data.command?.arguments}` },
    }));
    const buyer = await shop.meets();
    await buyer.says('/chart TON');
    const invoice = await buyer.sees((message) => message.invoice !== undefined, 'an invoice');
    await buyer.pays(invoice.message_id);
    await buyer.hears(/^Advanced chart of TON$/);
    expect(await buyer.pays(invoice.message_id)).toMatchObject({
      status: 'refused',
      text: expect.stringMatching(/already paid/),
    });
    expect(server.asked).toHaveLength(1);
    expect(await buyer.balance()).toBe(985);
  });
});

describe('a stale invoice', () => {
  it('unlocks nothing: the buyer is told why and gets a new one', async () => {
    const shop = await SeedShop.open(starwall, 'Playbook');
    const guide = await shop.sells({
      kind: 'text',
      title: 'Checklist',
      description: 'The private checklist.',
      stars: 10,
      content: 'Step 1',
    });
    const [buyer, friend] = [await shop.meets(), await shop.meets()];
    const old = await buyer.wants(guide.id);
    await shop.creator.patch(`/v1/products/${guide.id}`, { stars: 12 }).expect(200);
    const refused = (why: RegExp) => ({ status: 'refused', text: expect.stringMatching(why) });
    expect(await buyer.pays(old)).toEqual(refused(/^The price has changed since this invoice was made/));
    await shop.buys(buyer, guide);
    expect(await buyer.balance()).toBe(988);

    const theirs = await friend.wants(guide.id);
    await shop.creator.post(`/v1/products/${guide.id}/archive`).expect(200);
    expect(await friend.pays(theirs)).toEqual(refused(/^This product is no longer sold\.$/));
    expect(await friend.heard()).not.toContain('Step 1');
  });
});

describe('a buyer without Stars', () => {
  it('tops up and pays the same invoice', async () => {
    const shop = await SeedShop.open(starwall, 'Playbook');
    const guide = await shop.sells({
      kind: 'text',
      title: 'Checklist',
      description: 'The private checklist.',
      stars: 10,
      content: 'Step 1',
    });
    const buyer = await shop.meets(0);
    const invoice = await buyer.wants(guide.id);
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'not_enough_stars' });
    await starwall.telegram.topUp(buyer.id, 10);
    await buyer.pays(invoice);
    await shop.orderOf(buyer, 'delivered');
    expect(await buyer.heard()).toContain('Step 1');
  });
});
