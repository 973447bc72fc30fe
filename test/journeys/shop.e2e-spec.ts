import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let creator: Creator;
let bot: RegisteredBot;

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());
beforeEach(async () => {
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
});

const meets = (language_code = 'en') => Buyer.meets(starwall, bot.telegramId, 1_000, { language_code });
type Message = Awaited<ReturnType<Buyer['sees']>>;
const labels = (message: Message) => message.reply_markup?.inline_keyboard.flat().map(({ text }) => text) ?? [];
const shows = (buyer: Buyer, label: string) => buyer.sees((message) => labels(message).includes(label), label);
const press = (buyer: Buyer, message: Message, label: string) =>
  starwall.telegram.press(buyer.chat, message.message_id, labels(message).indexOf(label));
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

/** A one-pixel picture. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

async function upload(name: string, content: Buffer): Promise<string> {
  const answer = await creator.signs(starwall.http().post('/v1/files')).attach('file', content, name).expect(201);
  return String(answer.body.id);
}

describe('a price that Telegram rejects', () => {
  it('is reported to the creator and to the buyer, whose other messages are not blocked', async () => {
    const expensive = await creator.createProduct(bot.id, { title: 'Castle', stars: 1_000_000 });
    const plan = { title: 'Pro', kind: 'subscription', content: undefined, stars: 10_000 };
    const expensivePlan = await creator.createProduct(bot.id, plan);
    await starwall.telegram.setUpBot(bot.telegramId, { largestInvoice: 5_000 });
    const buyer = await meets();
    for (const [product, title] of [
      [expensive, 'Castle'],
      [expensivePlan, 'Pro'],
    ]) {
      await starwall.telegram.start(buyer.chat, `buy_${product}`);
      await buyer.hears(new RegExp(`^“${title}” cannot be bought at the moment`));
    }
    await buyer.says('/paysupport');
    await buyer.hears(/What is it about/);
    const { data } = (await creator.get(`/v1/orders?product_id=${expensive}`).expect(200)).body;
    expect(data).toMatchObject([
      { status: 'placed', delivery_error: expect.stringContaining('CURRENCY_TOTAL_AMOUNT_INVALID') },
    ]);
    const events = await eventually('the event', async () => {
      const { body } = await creator.get('/v1/events?type=order.updated').expect(200);
      return body.data.length === 2 && body.data;
    });
    expect(events[1]).toMatchObject({
      data: { id: data[0].id, delivery_error: expect.stringContaining('CURRENCY_TOTAL_AMOUNT_INVALID') },
    });
    await starwall.telegram.setUpBot(bot.telegramId, { largestInvoice: 1_000_000 });
    await buyer.wants(expensive);
  });
});

describe('the shop', () => {
  it('is one message with categories, cards and a way back, and sells nothing that is sold out or no longer on sale', async () => {
    const ends = new Date(Date.now() + 86_400_000).toISOString();
    await creator.createProduct(bot.id, { title: 'Tea', tags: ['Drinks', 'Горячее'], stock: 3, sale_ends_at: ends });
    await creator.createProduct(bot.id, { title: 'Coffee', tags: ['Drinks'], stock: 0 });
    await creator.createProduct(bot.id, { title: 'Cake' });
    await creator.createProduct(bot.id, { title: 'Secret', hidden: true });
    const buyer = await meets();
    await buyer.says('/shop');
    const shop = await shows(buyer, 'Drinks');
    expect(labels(shop)).toEqual(['Tea – 50 ⭐', 'Coffee – sold out', 'Cake – 50 ⭐', 'Drinks', 'Горячее']);
    await press(buyer, shop, 'Drinks');
    const drinks = await shows(buyer, 'Everything');
    expect(labels(drinks)).toEqual(['Tea – 50 ⭐', 'Coffee – sold out', 'Everything']);
    await press(buyer, drinks, 'Tea – 50 ⭐');
    const tea = await shows(buyer, 'Buy for 50 ⭐');
    expect(tea.text).toMatch(
      /^Tea\n\nA guide\n\nPrice: 50 ⭐\nAfter paying, .*\nLeft: 3\nOn sale until \d+ \w+ \d{4}, /,
    );
    await press(buyer, tea, '‹ Back');
    await press(buyer, await shows(buyer, 'Everything'), 'Coffee – sold out');
    const coffee = await buyer.sees(({ text }) => text?.startsWith('Coffee') === true, 'coffee');
    expect(coffee.text).toContain('This product is sold out.');
    expect(labels(coffee)).toEqual(['‹ Back']);
    expect(new Set([shop, drinks, tea, coffee].map((message) => message.message_id)).size).toBe(1);
  });

  it('shows on each card that a plan renews, or how much a pack adds and for how long', async () => {
    const [content, description] = [undefined, 'Everything'];
    const plan = await creator.createProduct(bot.id, {
      kind: 'subscription',
      title: 'Pro',
      stars: 500,
      content,
      description,
    });
    const pack = await creator.createProduct(bot.id, {
      kind: 'credits',
      title: 'Pack',
      content,
      description,
      credits: { unit: 'scan', amount: 100, expires_after_days: 30 },
    });
    const buyer = await meets();
    await starwall.telegram.start(buyer.chat, `card_${plan}`);
    const monthly = await shows(buyer, '500 ⭐ every 30 days');
    expect(monthly.text).toMatch(
      /Price: 500 ⭐ every 30 days\nRenews automatically every 30 days\. Cancel at any time\.\nAfter paying, /,
    );
    await starwall.telegram.start(buyer.chat, `card_${pack}`);
    const once = await shows(buyer, 'Buy for 50 ⭐');
    expect(once.text).toMatch(/Price: 50 ⭐\nAdds 100 scans\. Valid for 30 days\.\nAfter paying, /);
    const reader = await meets('ru');
    await starwall.telegram.start(reader.chat, `card_${plan}`);
    expect((await shows(reader, '500 ⭐ каждые 30 дней')).text).toMatch(
      /Цена: 500 ⭐ каждые 30 дней\nПродлевается автоматически каждые 30 дней/,
    );
  });

  it('shows the old price struck through, and the new one, to a buyer with a promo code', async () => {
    const product = await creator.createProduct(bot.id, { title: 'Tea' });
    const photo = await creator.createProduct(bot.id, { title: 'Cake', photo_file_id: await upload('cake.png', PNG) });
    await creator.post('/v1/promo-codes', { bot_id: bot.id, code: 'SPRING', percent_off: 20 }).expect(201);
    const buyer = await meets();
    const other = await meets();
    await buyer.says('/promo spring');
    await buyer.hears(/SPRING/);
    await starwall.telegram.start(buyer.chat, `card_${product}`);
    const card = await shows(buyer, 'Buy for 40 ⭐');
    expect(card.text).toMatch(/^Tea\n\nA guide\n\nPrice: 50 40 ⭐\nAfter paying, /);
    const struck = ({ offset, length }: { offset: number; length: number }, text = '') =>
      text.slice(offset, offset + length);
    expect(card.entities?.map((entity) => [entity.type, struck(entity, card.text)])).toEqual([['strikethrough', '50']]);
    await press(buyer, card, 'Buy for 40 ⭐');
    const invoice = await buyer.sees((message) => message.invoice !== undefined, 'the invoice');
    expect(invoice.invoice).toMatchObject({ total_amount: 40 });
    await starwall.telegram.start(buyer.chat, `card_${photo}`);
    const shown = await buyer.sees((message) => message.photo !== undefined, 'the card with a photo');
    expect(shown.caption).toContain('Price: 50 40 ⭐');
    expect(shown.caption_entities?.map((entity) => struck(entity, shown.caption))).toEqual(['50']);
    await starwall.telegram.start(other.chat, `card_${product}`);
    const full = await shows(other, 'Buy for 50 ⭐');
    expect([full.text?.includes('Price: 50 ⭐'), full.entities ?? []]).toEqual([true, []]);
  });

  it('shows on the card of a future product when its sale starts, and how to get Stars by then', async () => {
    const from = new Date('2037-05-04T10:30:00Z').toISOString();
    const product = await creator.createProduct(bot.id, { title: 'Tea', sale_starts_at: from });
    const [buyer, reader] = [await meets(), await meets('ru')];
    await starwall.telegram.start(buyer.chat, `card_${product}`);
    const card = await buyer.sees(({ text }) => text?.startsWith('Tea\n') === true, 'the card');
    expect(card.text).toMatch(/not begun yet\.\nIt begins on 4 May 2037, 10:30 UTC\. To have enough Stars by then, /);
    expect(labels(card)).toEqual(['Not enough Stars?', '‹ Back']);
    await starwall.telegram.start(reader.chat, `card_${product}`);
    const other = await reader.sees(({ text }) => text?.startsWith('Tea\n') === true, 'the card');
    expect(other.text).toMatch(/Начало: 4 мая 2037 г\., 10:30 UTC\. Чтобы к этому времени хватило звёзд/);
  });

  it('states on each card how the purchase is delivered', async () => {
    const content = undefined;
    const pack = await creator.createProduct(bot.id, {
      kind: 'credits',
      title: 'Pack',
      content,
      credits: { unit: 'scan', amount: 10 },
    });
    const plan = await creator.createProduct(bot.id, { kind: 'subscription', title: 'Pro', content });
    const buyer = await meets();
    for (const [product, promise] of [
      [pack, 'After paying, you find them on your balance: /balance.'],
      [plan, 'After paying, your subscription begins at once.'],
    ] as const) {
      await starwall.telegram.start(buyer.chat, `card_${product}`);
      await buyer.sees(({ text }) => text?.includes(promise) === true, promise);
    }
  });

  it('sells a subscription by one card, whose button becomes the payment link', async () => {
    const plan = await creator.createProduct(bot.id, { kind: 'subscription', title: 'Pro', content: undefined });
    const buyer = await meets();
    await starwall.telegram.start(buyer.chat, `card_${plan}`);
    const card = await shows(buyer, '50 ⭐ every 30 days');
    const before = (await buyer.messages()).length;
    await press(buyer, card, '50 ⭐ every 30 days');
    await buyer.sees(({ reply_markup }) => JSON.stringify(reply_markup ?? {}).includes('"url"'), 'the way to pay');
    expect((await buyer.messages()).length).toBe(before);
  });

  it("lists the shop's own commands in /help", async () => {
    await creator.createProduct(bot.id, {
      kind: 'paid_command',
      title: 'A chart',
      content: undefined,
      fulfilment_url: 'http://127.0.0.1:9/goods',
      paid_command: { command: 'chart' },
    });
    const buyer = await meets();
    await buyer.says('/help');
    await buyer.hears(/^\/chart – A chart\n[^]*\/shop – what is sold here/);
  });

  it('shows on the card that the buyer has reached the limit, and does not sell them more', async () => {
    const product = await creator.createProduct(bot.id, { title: 'Tea', limit_per_buyer: 1 });
    const buyer = await meets();
    await buyer.pays(await buyer.wants(product));
    await buyer.hears(/^Receipt: Tea/);
    await starwall.telegram.start(buyer.chat, `card_${product}`);
    const card = await buyer.sees(({ text }) => text?.startsWith('Tea\n') === true, 'the card');
    expect(card.text).toContain('You have already bought as many of these as one person can.');
    expect(labels(card)).toEqual(['‹ Back']);
  });

  it('speaks Russian, and explains when a button is outdated', async () => {
    await creator.createProduct(bot.id, { title: 'Чай', stock: 1 });
    const buyer = await meets('ru');
    await buyer.says('/shop');
    await press(buyer, await shows(buyer, 'Чай – 50 ⭐'), 'Чай – 50 ⭐');
    const card = await shows(buyer, 'Купить за 50 ⭐');
    expect(card.text).toBe(
      'Чай\n\nA guide\n\nЦена: 50 ⭐\nПосле оплаты вы получите покупку прямо в этом чате.\nОсталось: 1',
    );
    await buyer.says('/privacy');
    await buyer.hears(/хранит ваше имя/);
  });
});

describe('the links to a product', () => {
  it("lead to its card or its invoice, hidden or not, also as QR codes, and record the buyer's source", async () => {
    const product = await creator.createProduct(bot.id, { title: 'Secret', hidden: true });
    const { body } = await creator.get(`/v1/products/${product}/links?source=blog`).expect(200);
    expect(body).toMatchObject({ object: 'product_links', product_id: product, source: 'blog' });
    const start = (url: string) => String(new URL(url).searchParams.get('start'));
    expect([start(body.card_url), start(body.buy_url)]).toEqual([`card_${product}-blog`, `buy_${product}-blog`]);
    const longest = (await creator.get(`/v1/products/${product}/links?source=${'s'.repeat(27)}`).expect(200)).body;
    expect(start(longest.card_url)).toHaveLength(64);
    await creator.get(`/v1/products/${product}/links?source=${'s'.repeat(28)}`).expect(400);
    const png = await creator
      .get(`/v1/products/${product}/qr?source=blog`)
      .expect(200)
      .expect('content-type', 'image/png');
    expect((png.body as Buffer).subarray(1, 4).toString()).toBe('PNG');
    const svg = await creator.get(`/v1/products/${product}/qr?to=buy&format=svg`).expect(200);
    expect([svg.headers['content-type'], String(svg.body)]).toEqual(['image/svg+xml', expect.stringContaining('<svg')]);

    const [looker, payer] = await Promise.all([meets(), meets()]);
    for (const buyer of [looker, looker, payer]) {
      await starwall.telegram.start(buyer.chat, start(body.card_url));
      await shows(buyer, 'Buy for 50 ⭐');
    }
    await press(payer, await shows(payer, 'Buy for 50 ⭐'), 'Buy for 50 ⭐');
    await payer.pays((await payer.sees(({ invoice }) => invoice !== undefined, 'the invoice')).message_id);
    await payer.hears(/^Receipt: Secret/);
    await eventually('the funnel', async () => {
      const { data } = (await creator.get(`/v1/metrics/funnel?from=${day(-1)}&to=${day(1)}`).expect(200)).body;
      const wanted = {
        product_id: product,
        source: 'blog',
        seen: 2,
        invoiced: 1,
        checked_out: 1,
        paid: 1,
        delivered: 1,
      };
      return JSON.stringify(data) === JSON.stringify([wanted]);
    });
  });
});

describe('the photo of a product', () => {
  it('replaces the list with the card when it is a file, and the way back leads to the list', async () => {
    await creator.createProduct(bot.id, { title: 'Tea', photo_file_id: await upload('tea.png', PNG) });
    for (const visit of [1, 2]) {
      const buyer = await meets();
      await buyer.says('/shop');
      const list = await shows(buyer, 'Tea – 50 ⭐');
      await press(buyer, list, 'Tea – 50 ⭐');
      const shown = await buyer.sees(({ photo }) => photo !== undefined, `the card of visit ${visit}`);
      expect([shown.caption?.startsWith('Tea\n\nA guide'), labels(shown)]).toEqual([
        true,
        ['Buy for 50 ⭐', 'Not enough Stars?', '‹ Back'],
      ]);
      await press(buyer, shown, '‹ Back');
      await shows(buyer, 'Tea – 50 ⭐');
      await eventually('one message', async () => (await buyer.messages()).filter((one) => one.outgoing).length === 1);
    }
    const calls = (await starwall.telegram.calls(bot.telegramId)).filter(({ method }) => method === 'sendPhoto');
    expect(calls).toHaveLength(2);
  });

  it('is fetched by Telegram for the card and the invoice when it is a URL', async () => {
    const photo_url = 'https://pictures.starwall.dev/tea.png';
    const product = await creator.createProduct(bot.id, { title: 'Tea', photo_url });
    const buyer = await meets();
    await starwall.telegram.start(buyer.chat, `card_${product}`);
    await press(buyer, await shows(buyer, 'Buy for 50 ⭐'), 'Buy for 50 ⭐');
    await buyer.sees(({ invoice }) => invoice !== undefined, 'the invoice');
    const calls = await starwall.telegram.calls(bot.telegramId);
    const sent = (method: string) => calls.findLast((call) => call.method === method)?.params;
    expect(sent('sendInvoice')).toMatchObject({ photo_url });
    expect(String(sent('sendMessage')?.['link_preview_options'])).toContain(photo_url);
  });

  it('never prevents a sale', async () => {
    const photo_url = 'https://pictures.starwall.dev/tea.png';
    const photo_file_id = await upload('tea.png', Buffer.from('no picture at all'));
    const [one, two] = [
      await creator.createProduct(bot.id, { title: 'Tea', photo_file_id }),
      await creator.createProduct(bot.id, { title: 'Coffee', photo_url }),
    ];
    const buyer = await meets();
    await starwall.telegram.start(buyer.chat, `card_${one}`);
    expect(await shows(buyer, 'Buy for 50 ⭐')).toMatchObject({ text: expect.stringContaining('Tea') });
    await starwall.telegram.start(buyer.chat, `buy_${two}`);
    await buyer.pays((await buyer.sees(({ invoice }) => invoice !== undefined, 'the invoice')).message_id);
    await buyer.hears(/^Receipt: Coffee/);
  });

  it('is one image file, or one URL outside of private networks', async () => {
    const product = { bot_id: bot.id, kind: 'text', title: 'Tea', description: 'Hot', stars: 5, content: 'x' };
    const [photo_file_id, text] = [await upload('tea.png', PNG), await upload('tea.txt', Buffer.from('tea'))];
    const refused = async (changes: object) =>
      (await creator.post('/v1/products', { ...product, ...changes }).expect(400)).body;
    const both = await refused({ photo_file_id, photo_url: 'https://pictures.starwall.dev/tea.png' });
    expect(both.errors).toMatchObject([{ path: 'photo_url' }]);
    expect((await refused({ photo_file_id: text })).errors).toMatchObject([{ path: 'photo_file_id' }]);
    expect(await refused({ photo_url: 'https://10.0.0.1/tea.png' })).toMatchObject({ code: 'unsafe_address' });
    const { body } = await creator.post('/v1/products', { ...product, photo_file_id }).expect(201);
    const changed = await creator.patch(`/v1/products/${body.id}`, { photo_file_id: null }).expect(200);
    expect([body.photo_file_id, changed.body.photo_file_id]).toEqual([photo_file_id, null]);
    const stranger = await Creator.signUp(starwall);
    const theirs = { ...product, bot_id: (await stranger.registerBot()).id, photo_file_id };
    await stranger.post('/v1/products', theirs).expect(404);
  });
});

describe("a buyer's purchases", () => {
  it('are listed in pages, and each can be sent again', async () => {
    const product = await creator.createProduct(bot.id);
    const buyer = await meets();
    for (let n = 0; n < 9; n += 1) {
      await buyer.pays(await buyer.wants(product));
      await eventually(
        'the goods',
        async () => (await buyer.heard()).filter((text) => text === 'the goods').length > n,
      );
    }
    await buyer.says('/orders');
    const first = await shows(buyer, 'More ›');
    expect(labels(first)).toEqual([...Array.from({ length: 8 }, (_, n) => `${n + 1}. Guide`), 'More ›']);
    await press(buyer, first, 'More ›');
    const second = await shows(buyer, '‹ Back');
    expect([second.message_id, labels(second)]).toEqual([first.message_id, ['9. Guide', '‹ Back']]);
    await press(buyer, second, '9. Guide');
    await eventually(
      'the goods again',
      async () => (await buyer.heard()).filter((text) => text === 'the goods').length > 9,
    );
  });
});

describe('an insufficient balance of Stars', () => {
  it("is explained on the card and at the invoice, in the creator's words if there are any", async () => {
    const product = await creator.createProduct(bot.id);
    const buyer = await Buyer.meets(starwall, bot.telegramId, 0);
    await starwall.telegram.start(buyer.chat, `card_${product}`);
    await press(buyer, await shows(buyer, 'Buy for 50 ⭐'), 'Not enough Stars?');
    await buyer.hears(/^If you have too few Stars, .*@PremiumBot/);
    const invoice = await buyer.wants(product);
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'not_enough_stars' });
    await creator.put(`/v1/bots/${bot.id}/texts/en/stars.help`, { text: 'Ask @ada for Stars.' }).expect(200);
    await press(buyer, await buyer.sees((message) => message.invoice !== undefined), 'Not enough Stars?');
    await buyer.hears(/^Ask @ada for Stars\.$/);
  });
});

describe('a buyer who blocked the bot', () => {
  it('receives the pending goods and answers after unblocking it', async () => {
    const product = await creator.createProduct(bot.id);
    const { url } = (await creator.post(`/v1/products/${product}/invoice-links`).expect(201)).body;
    const buyer = await meets();
    await buyer.says('/paysupport');
    await press(buyer, await shows(buyer, 'Something else'), 'Something else');
    await buyer.hears(/write in your own words/);
    await buyer.says('Where is it?');
    await buyer.hears(/the seller has your message/);
    await starwall.telegram.block(buyer.chat);
    const [thread] = (await creator.get('/v1/support-threads').expect(200)).body.data;
    await creator.post(`/v1/support-threads/${thread.id}/messages`, { text: 'On its way.' }).expect(201);
    expect(await starwall.telegram.payLink(buyer.id, url)).toMatchObject({ status: 'paid' });
    await eventually('an order that waits', async () => {
      const { data } = (await creator.get('/v1/orders').expect(200)).body;
      return data[0]?.delivery_state === 'unreachable';
    });
    await eventually('an answer that waits', async () => {
      const { body } = await creator.get(`/v1/support-threads/${thread.id}`).expect(200);
      return JSON.stringify(body).includes('"unreachable"');
    });
    await starwall.telegram.unblock(buyer.chat);
    await buyer.hears(/^the goods$/);
    await buyer.hears(/On its way\./);
  });
});
