import { Buyer, eventually } from '../support/starwall.js';
import { nextUpdateId, telegramPosts } from '../support/updates.js';
import { checkoutBot } from '../support/checkout-bot.js';

const at = checkoutBot();
const { meets, ordersOf, chargesOf, orderInStatus, goodsIn, linkTo, paysUnreported } = at;

describe('a payment', () => {
  it('is accepted while all workers are busy with chats that hang', async () => {
    const buyer = await meets();
    const invoice = await buyer.wants(await at.creator.createProduct(at.bot.id));
    const crowd = await Promise.all(Array.from({ length: 20 }, () => meets(0)));
    const hang = { at: 'call', action: 'delay', name: 'sendMessage', botId: at.bot.telegramId, seconds: 100 } as const;
    await at.starwall.telegram.setFaults({ rules: [hang] });
    await Promise.all(crowd.map((visitor) => visitor.says('/help')));
    await eventually('some to hang', async () => ((await at.starwall.telegram.faults())[0]?.struck ?? 0) >= 4);
    // They hang as long as the simulator's clock stands still.
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'paid' });
    const paid = await eventually('the end of the delivery', async () =>
      (await at.starwall.telegram.deliveries(at.bot.telegramId)).find(
        (delivery) => delivery.kind === 'pre_checkout_query',
      ),
    );
    expect(paid).toMatchObject({ attempt: 1, status: 200 });

    await at.starwall.telegram.setFaults({ rules: [] });
    await at.starwall.telegram.advance(100);
    await orderInStatus(buyer, 'delivered');
    await Promise.all(crowd.map((visitor) => visitor.hears(/what is sold here/)));
  });

  it("is completed while another bot's chats hang", async () => {
    const crowd = await Promise.all(Array.from({ length: 10 }, () => meets(0)));
    const hang = { at: 'call', action: 'delay', name: 'sendMessage', botId: at.bot.telegramId, seconds: 100 } as const;
    await at.starwall.telegram.setFaults({ rules: [hang] });
    await Promise.all(crowd.map((visitor) => visitor.says('/help')));
    await eventually('some to hang', async () => ((await at.starwall.telegram.faults())[0]?.struck ?? 0) >= 4);

    const quick = await at.creator.registerBot();
    const buyer = await Buyer.meets(at.starwall, quick.telegramId);
    await buyer.pays(await buyer.wants(await at.creator.createProduct(quick.id)));
    await buyer.hears(/the goods/);
    // The others hang as long as the simulator's clock stands still.
    expect((await Promise.all(crowd.map((visitor) => visitor.heard()))).flat()).toEqual([]);

    await at.starwall.telegram.setFaults({ rules: [] });
    await eventually('all answers', async () => {
      await at.starwall.telegram.advance(100);
      return (await Promise.all(crowd.map((visitor) => visitor.heard()))).every((words) => words.length === 1);
    });
  });

  it('is accepted once when two devices pay concurrently', async () => {
    const buyer = await meets();
    const invoice = await buyer.wants(await at.creator.createProduct(at.bot.id));
    const outcomes = await Promise.all([buyer.pays(invoice), buyer.pays(invoice)]);
    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['paid', 'refused']);
    await orderInStatus(buyer, 'delivered');
    expect(await chargesOf()).toMatchObject([{ match: 'order', stars: 50 }]);
    expect(await buyer.balance()).toBe(950);
  });

  it('for the last unit is accepted from only one of eight concurrent buyers', async () => {
    const product = await at.creator.createProduct(at.bot.id, { stock: 1 });
    const buyers = await Promise.all(Array.from({ length: 8 }, () => meets()));
    const invoices = await Promise.all(buyers.map((buyer) => buyer.wants(product)));
    const outcomes = await Promise.all(buyers.map((buyer, n) => buyer.pays(Number(invoices[n]))));
    expect(outcomes.filter((outcome) => outcome.status === 'paid')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome.text === 'This product is sold out.')).toHaveLength(7);
    const { body } = await at.creator.get(`/v1/products/${product}`).expect(200);
    expect(body.stock).toBe(0);
  });

  it.each(['the same update', 'separate updates'])(
    'is one charge and one delivery when it is reported eight times concurrently, in %s',
    async (how) => {
      const buyer = await meets();
      const update = await paysUnreported(buyer, await buyer.wants(await at.creator.createProduct(at.bot.id)));
      const copies = Array.from({ length: 8 }, () =>
        how === 'the same update' ? update : { ...update, update_id: nextUpdateId() },
      );
      const answers = await Promise.all(copies.map((copy) => telegramPosts(at.starwall, at.bot, copy)));
      expect(answers.map((answer) => answer.status)).toEqual(copies.map(() => 200));
      await orderInStatus(buyer, 'delivered');
      await eventually('all copies to be handled', async () =>
        (await at.backstage.inbox(at.bot)).every((entry) => entry.state === 'done'),
      );
      await telegramPosts(at.starwall, at.bot, { ...update, update_id: nextUpdateId() });
      await buyer.says('/terms');
      await buyer.hears(/digital goods/);

      expect(await chargesOf()).toMatchObject([{ match: 'order', state: 'paid' }]);
      expect(await goodsIn(buyer)).toBe(1);
      const events = await at.backstage.query<{ type: string; n: number }>(
        `select type, count(*)::int as n from events
         where order_id is not null and bot_id = (select id from bots where telegram_id = $1)
         group by type order by type`,
        [at.bot.telegramId],
      );
      expect(events).toEqual([
        { type: 'order.approved', n: 1 },
        { type: 'order.delivered', n: 1 },
        { type: 'order.paid', n: 1 },
        { type: 'order.placed', n: 1 },
      ]);
    },
  );

  it('is honoured when it arrives after the order has expired', async () => {
    const buyer = await meets();
    const update = await paysUnreported(buyer, await buyer.wants(await at.creator.createProduct(at.bot.id)));
    await at.backstage.query(
      `update orders set state = 'expired', expires_at = now() - interval '1 day' where buyer_id = $1`,
      [buyer.id],
    );
    await telegramPosts(at.starwall, at.bot, update);
    await orderInStatus(buyer, 'delivered');
    expect(await goodsIn(buyer)).toBe(1);
  });

  it('is refunded automatically when it is the second one for an order', async () => {
    const buyer = await meets();
    await buyer.wants(await at.creator.createProduct(at.bot.id));
    const [{ id: order }] = await ordersOf(buyer);
    const link = await linkTo(order, 50);
    const approve = () =>
      at.backstage.query(`update orders set approved_at = now() - interval '5 minutes' where buyer_id = $1`, [
        buyer.id,
      ]);
    // The first payment is made, but not yet reported to Starwall when the second one is tried.
    await at.starwall.telegram.setFaults({
      rules: [{ at: 'queue', action: 'delay', name: 'message', botId: at.bot.telegramId, seconds: 60, times: 1 }],
    });
    expect(await at.starwall.telegram.payLink(buyer.id, link)).toMatchObject({ status: 'paid' });
    await approve();
    expect(await at.starwall.telegram.payLink(buyer.id, link)).toMatchObject({ status: 'paid' });
    await at.starwall.telegram.advance(60);
    await eventually('the second charge to go back', async () => {
      const charges = await chargesOf();
      return charges.length === 2 && charges.some((charge: { state: string }) => charge.state === 'refunded');
    });
    await eventually('the Stars', async () => (await buyer.balance()) === 950);
    expect((await chargesOf()).map((charge: { match: string; state: string }) => [charge.match, charge.state])).toEqual(
      expect.arrayContaining([
        ['order', 'paid'],
        ['duplicate', 'refunded'],
      ]),
    );
    await orderInStatus(buyer, 'delivered');
    expect(await goodsIn(buyer)).toBe(1);
  });

  it('takes nothing and leaves the order open when the buyer has too few Stars', async () => {
    const buyer = await meets(10);
    const invoice = await buyer.wants(await at.creator.createProduct(at.bot.id));
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'not_enough_stars' });
    expect(await ordersOf(buyer)).toMatchObject([{ status: 'placed' }]);
    await at.starwall.telegram.topUp(buyer.id, 40);
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'paid' });
  });
});

describe('the goods', () => {
  it('wait for a buyer who blocked the bot right after paying', async () => {
    const buyer = await meets();
    const update = await paysUnreported(buyer, await buyer.wants(await at.creator.createProduct(at.bot.id)));
    await at.starwall.telegram.block(buyer.chat);
    await telegramPosts(at.starwall, at.bot, update);
    expect(await orderInStatus(buyer, 'unreachable')).toMatchObject({
      status: 'delivery_failed',
      payment_state: 'paid',
      delivery_error: expect.stringContaining('blocked by the user'),
    });
    expect(await goodsIn(buyer)).toBe(0);

    await at.starwall.telegram.unblock(buyer.chat);
    await at.starwall.telegram.start(buyer.chat);
    expect(await orderInStatus(buyer, 'delivered')).toMatchObject({ status: 'delivered', delivery_error: null });
    expect(await goodsIn(buyer)).toBe(1);
  });

  it('are an unchanged text, or a button with a link', async () => {
    const buyer = await meets();
    const content = 'Line 1 <b>& "2"\n\n*3* _4_ https://example.com 🧡';
    await buyer.pays(await buyer.wants(await at.creator.createProduct(at.bot.id, { content })));
    await buyer.sees((message) => message.text === content, 'the text');
    const link = { kind: 'link', title: 'The course', content: 'https://example.com/course?a=1&b=2' };
    await buyer.pays(await buyer.wants(await at.creator.createProduct(at.bot.id, link)));
    const opened = await buyer.sees((message) => message.text === 'The course', 'the link');
    expect(opened.reply_markup?.inline_keyboard[0]?.[0]).toMatchObject({ url: link.content });
  });

  it('are a file that is uploaded to Telegram once per bot', async () => {
    const file = await at.creator.uploadFile('guide.txt', 'The whole guide');
    const goods = { kind: 'file', content: null, file_id: file };
    const product = await at.creator.createProduct(at.bot.id, goods);
    const buyers = [await meets(), await meets()];
    for (const buyer of buyers) {
      await buyer.pays(await buyer.wants(product));
      const received = await buyer.sees((message) => message.document !== undefined, 'the file');
      expect(received.document).toMatchObject({ file_name: 'guide.txt', file_size: 15 });
    }
    const sent = async () =>
      (await at.starwall.telegram.calls(at.bot.telegramId)).flatMap(({ method, params }) =>
        method === 'sendDocument' ? [params['document']] : [],
      );
    const [uploaded, reused] = await sent();
    expect(uploaded).toMatch(/^attach:|^\[file/);
    const known = await buyers[0]?.sees((message) => message.document !== undefined);
    expect(reused).toBe(known?.document?.file_id);

    await at.nextBot();
    const elsewhere = await meets();
    await elsewhere.pays(await elsewhere.wants(await at.creator.createProduct(at.bot.id, goods)));
    await elsewhere.sees((message) => message.document !== undefined, 'the file');
    expect(await sent()).toEqual([expect.stringMatching(/^attach:|^\[file/)]);
  });

  it('are sent again when the buyer requests them in /orders, but not to another buyer', async () => {
    const [buyer, stranger] = [await meets(), await meets()];
    await buyer.pays(await buyer.wants(await at.creator.createProduct(at.bot.id)));
    const { id: order } = await orderInStatus(buyer, 'delivered');
    await buyer.says('/orders');
    const list = await buyer.sees(
      (message) => message.text?.startsWith('Your last purchases') === true,
      'the list of purchases',
    );
    expect(list.text).toMatch(new RegExp(`\n1\\. .* · Guide · 50 ⭐ · delivered\n${order}$`));
    expect(list.reply_markup?.inline_keyboard.flat().map(({ text }) => text)).toEqual(['1. Guide']);
    await at.starwall.telegram.press(buyer.chat, list.message_id, `again:${order}`);
    await eventually('the goods again', async () => (await goodsIn(buyer)) === 2);
    await orderInStatus(buyer, 'delivered');
    expect(await buyer.balance()).toBe(950);

    await stranger.says('/start');
    const welcome = await stranger.sees((message) => message.reply_markup !== undefined, 'the welcome');
    const press = {
      update_id: nextUpdateId(),
      callback_query: {
        id: '1',
        from: { id: stranger.id, is_bot: false, first_name: 'Stranger' },
        message: { message_id: welcome.message_id, date: welcome.date, chat: welcome.chat, text: 'x' },
        chat_instance: '1',
        data: `again:${order}`,
      },
    };
    await telegramPosts(at.starwall, at.bot, press);
    await stranger.hears(/have not bought anything/);
    expect(await goodsIn(stranger)).toBe(0);
    expect(await goodsIn(buyer)).toBe(2);
  });
});

describe('the chat', () => {
  it('shows the shop page by page, and sells by its buttons', async () => {
    for (let n = 1; n <= 10; n += 1) await at.creator.createProduct(at.bot.id, { title: `Guide ${n}`, position: n });
    await at.creator.createProduct(at.bot.id, { title: 'Draft', state: 'draft' });
    const buyer = await meets();
    await buyer.says('/start');
    const welcome = await buyer.sees((message) => message.text?.startsWith('Welcome to Shop') === true, 'the welcome');
    await at.starwall.telegram.press(buyer.chat, welcome.message_id, 'shop:0');
    const titles = (message: typeof welcome) =>
      message.reply_markup?.inline_keyboard.flat().map((button) => button.text);
    const first = await buyer.sees((message) => titles(message)?.includes('More ›') === true, 'the first page');
    expect(titles(first)).toEqual([...Array.from({ length: 8 }, (_, n) => `Guide ${n + 1} – 50 ⭐`), 'More ›']);
    await at.starwall.telegram.press(buyer.chat, first.message_id, 'shop:1');
    const second = await buyer.sees((message) => titles(message)?.includes('‹ Back') === true, 'the second page');
    expect(titles(second)).toEqual(['Guide 9 – 50 ⭐', 'Guide 10 – 50 ⭐', '‹ Back']);
    expect(second.message_id).toBe(welcome.message_id);
    await at.starwall.telegram.press(buyer.chat, second.message_id, 1);
    const card = await buyer.sees((message) => titles(message)?.includes('Buy for 50 ⭐') === true, 'the card');
    expect(card.text).toBe('Guide 10\n\nA guide\n\nPrice: 50 ⭐\nAfter paying, you get it right here in this chat.');
    await at.starwall.telegram.press(buyer.chat, card.message_id, 0);
    const invoice = await buyer.sees((message) => message.invoice !== undefined, 'the invoice');
    expect(invoice.invoice).toMatchObject({ title: 'Guide 10', currency: 'XTR', total_amount: 50 });
    expect(invoice.invoice?.start_parameter).not.toBe('');
  });

  it("answers /paysupport and /terms in the creator's words, and also /help and other messages", async () => {
    const buyer = await meets();
    const asks = async (words: string, wanted: RegExp) => {
      await buyer.says(words);
      await buyer.hears(wanted);
    };
    await asks('/paysupport', /^What is it about/);
    await asks('/terms', /Telegram does not mediate/);
    await at.creator
      .patch(`/v1/bots/${at.bot.id}`, { support_text: 'Write <to> @ada', terms_text: 'No & never' })
      .expect(200);
    await asks('/paysupport', /^Write <to> @ada\n\nWhat is it about/);
    await asks('/terms', /^No & never$/);
    await asks('/help', /\/orders – what you have bought/);
    await asks('/orders', /not bought anything here yet/);
    await asks('/shop', /Nothing is sold here/);
    await asks('where is my money', /Send \/shop/);
  });

  it('explains a deep link to a product that is gone, sold out or foreign, or to a closed shop', async () => {
    const buyer = await meets();
    const elsewhere = await at.creator.createProduct((await at.creator.registerBot()).id);
    const soldOut = await at.creator.createProduct(at.bot.id, { stock: 0 });
    const archived = await at.creator.createProduct(at.bot.id);
    await at.creator.post(`/v1/products/${archived}/archive`).expect(200);
    for (const [product, answer] of [
      [`prod_${'0'.repeat(26)}`, /no longer here/],
      [elsewhere, /no longer here/],
      [soldOut, /sold out/],
      [archived, /no longer sold/],
    ] as const) {
      await at.starwall.telegram.start(buyer.chat, `buy_${product}`);
      await eventually(String(answer), async () => answer.test(String((await buyer.heard()).at(-1))));
    }
    await at.creator.post(`/v1/bots/${at.bot.id}/pause`).expect(200);
    await at.starwall.telegram.start(buyer.chat, `buy_${archived}`);
    await buyer.hears(/closed for the moment/);
    expect((await buyer.messages()).filter((message) => message.invoice !== undefined)).toEqual([]);
    expect(await ordersOf(buyer)).toEqual([]);
  });

  it("records the buyer's source", async () => {
    const buyer = await meets();
    const product = await at.creator.createProduct(at.bot.id);
    await at.starwall.telegram.start(buyer.chat, `buy_${product}-${'s'.repeat(28)}`);
    await buyer.sees((message) => message.invoice !== undefined, 'the invoice');
    expect(await ordersOf(buyer)).toMatchObject([{ source: 's'.repeat(28) }]);
  });
});
