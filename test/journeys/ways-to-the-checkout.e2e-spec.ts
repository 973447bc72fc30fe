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

const meets = (language_code = 'en', wallet = 1_000) =>
  Buyer.meets(starwall, bot.telegramId, wallet, { language_code });
const ordersOf = async () => (await creator.get('/v1/orders').expect(200)).body.data as Record<string, unknown>[];
const delivered = (buyer: Buyer) => buyer.hears(/^the goods$/);

describe('an invoice link', () => {
  const linkTo = async (product: string, body: object = {}) =>
    (await creator.post(`/v1/products/${product}/invoice-links`, body).expect(201)).body;

  it('can be paid by many buyers who never wrote to the bot, each with their own order, goods and refund', async () => {
    const product = await creator.createProduct(bot.id, { stock: 5 });
    const link = await linkTo(product, { source: 'newsletter' });
    expect(link).toEqual({
      object: 'invoice_link',
      product_id: product,
      price_version: 1,
      stars: 50,
      source: 'newsletter',
      url: expect.stringMatching(/^https:\/\/t\.me\/\$/),
    });
    const buyers = [await meets(), await meets(), await meets()];
    const payments = await Promise.all(buyers.map((buyer) => starwall.telegram.payLink(buyer.id, link.url)));
    expect(payments.map(({ status }) => status)).toEqual(['paid', 'paid', 'paid']);
    await Promise.all(buyers.map(delivered));
    const orders = await ordersOf();
    expect(new Set(orders.map((order) => order['buyer_telegram_id']))).toEqual(new Set(buyers.map(({ id }) => id)));
    expect(orders.map((order) => order['source'])).toEqual(['newsletter', 'newsletter', 'newsletter']);
    const one = orders.find((order) => order['buyer_telegram_id'] === buyers[0]?.id);
    await creator.post(`/v1/orders/${String(one?.['id'])}/refunds`).expect(202);
    await buyers[0]?.hears(/have been returned/);
    const charges = (await creator.get('/v1/charges').expect(200)).body.data as { match: string }[];
    expect(charges.map(({ match }) => match)).toEqual(['order', 'order', 'order']);
  });

  it('is refused in plain words once the price has changed, the product is archived, or the limit is reached', async () => {
    const product = await creator.createProduct(bot.id, { limit_per_buyer: 1 });
    const [buyer, russian] = [await meets(), await meets('ru')];
    const { url } = await linkTo(product);
    expect(await starwall.telegram.payLink(buyer.id, url)).toMatchObject({ status: 'paid' });
    await delivered(buyer);
    expect(await starwall.telegram.payLink(buyer.id, url)).toMatchObject({
      status: 'refused',
      text: 'You have already bought as many of these as one person can.',
    });
    await creator.patch(`/v1/products/${product}`, { stars: 60 }).expect(200);
    expect(await starwall.telegram.payLink(russian.id, url)).toMatchObject({
      status: 'refused',
      text: 'Цена изменилась с тех пор, как был выставлен счёт. Новая цена – в магазине.',
    });
    await creator.post(`/v1/products/${product}/archive`).expect(200);
    expect(await starwall.telegram.payLink(russian.id, url)).toMatchObject({ status: 'refused' });
    expect(await ordersOf()).toHaveLength(1);
    await creator
      .post(`/v1/products/${product}/invoice-links`)
      .expect(409)
      .expect(/product_not_active/);
  });

  it("cannot sell another workspace's product, even when a creator forges such an invoice", async () => {
    const theirs = await creator.createProduct(bot.id);
    const thief = await Creator.signUp(starwall);
    const own = await thief.registerBot();
    await thief.post(`/v1/products/${theirs}/invoice-links`).expect(404);
    const call = await fetch(`${starwall.simulator.url}/bot${own.token}/createInvoiceLink`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        title: 'Guide',
        description: 'Cheap',
        payload: `offer:${theirs}:1`,
        currency: 'XTR',
        prices: [{ label: 'Guide', amount: 50 }],
      }),
    });
    const { result } = (await call.json()) as { result: string };
    const buyer = await meets();
    expect(await starwall.telegram.payLink(buyer.id, result)).toMatchObject({
      status: 'refused',
      text: 'This invoice is unknown. Please open the shop and buy again.',
    });
    expect(await ordersOf()).toEqual([]);
  });

  it('cannot be created for a subscription, with too long a source, or by a removed bot', async () => {
    const plan = await creator.createProduct(bot.id, {
      kind: 'subscription',
      content: undefined,
    });
    await creator
      .post(`/v1/products/${plan}/invoice-links`)
      .expect(409)
      .expect(/not_for_everybody/);
    const product = await creator.createProduct(bot.id);
    await creator.post(`/v1/products/${product}/invoice-links`, { source: 's'.repeat(65) }).expect(400);
    await creator.post(`/v1/products/${product}/invoice-links`, { price: 1 }).expect(400);
    await creator.delete(`/v1/bots/${bot.id}`).expect(202);
    await creator
      .post(`/v1/products/${product}/invoice-links`)
      .expect(409)
      .expect(/bot_state/);
  });

  it('is created once per Idempotency-Key', async () => {
    const product = await creator.createProduct(bot.id);
    const make = () =>
      creator.post(`/v1/products/${product}/invoice-links`).set('idempotency-key', 'link-1').expect(201);
    const [first, second] = [await make(), await make()];
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(second.body).toEqual(first.body);
  });

  it('creates one order and takes one unit even when Telegram sends pre-checkout and payment twice', async () => {
    const { telegramId: botId } = bot;
    await starwall.telegram.setFaults({
      rules: [
        { at: 'delivery', action: 'drop_answer', name: 'pre_checkout_query', botId, times: 1 },
        { at: 'queue', action: 'duplicate', name: 'message', botId },
      ],
    });
    const product = await creator.createProduct(bot.id, { stock: 2 });
    const { url } = await linkTo(product);
    const buyer = await meets();
    expect(await starwall.telegram.payLink(buyer.id, url)).toMatchObject({ status: 'paid' });
    await delivered(buyer);
    await eventually('all updates', async () => (await starwall.telegram.webhook(botId)).pendingUpdates === 0);
    await starwall.telegram.setFaults({ rules: [] });
    expect((await creator.get(`/v1/products/${product}`).expect(200)).body.stock).toBe(1);
    expect(await ordersOf()).toHaveLength(1);
  });
});

describe('an inline query', () => {
  const switchOn = () => starwall.telegram.setUpBot(bot.telegramId, { inline: true });
  const type = async (buyer: Buyer, query: string, offset = '') => {
    const answer = await starwall.telegram.inlineQuery({ botId: bot.telegramId, userId: buyer.id, query, offset });
    if (answer.status !== 'answered') throw new Error(`the bot did not answer: ${answer.status}`);
    return answer;
  };
  const titles = async (buyer: Buyer, query: string) => (await type(buyer, query)).results.map(({ title }) => title);

  it('shares an invoice into any chat, where friends pay it and get an order each', async () => {
    await switchOn();
    const product = await creator.createProduct(bot.id, { title: 'Star map', tags: ['Maps'], stock: 2 });
    const [sharer, ...friends] = [await meets(), await meets('ru'), await meets()];
    const { queryId, results } = await type(sharer, 'maps');
    expect(results).toMatchObject([{ id: product, title: 'Star map', description: '50 ⭐ · A guide' }]);
    const group = await starwall.telegram.createSharedChat({ type: 'group', title: 'Friends', ownerId: sharer.id });
    await starwall.telegram.pick(queryId, { resultId: product, to: { chatId: group.id } });
    const [message] = (await starwall.telegram.sharedChat(group.id)).messages;
    for (const friend of friends) {
      expect(await starwall.telegram.payIn(group.id, friend.id, message?.message_id ?? 0)).toMatchObject({
        status: 'paid',
      });
      await delivered(friend);
    }
    expect(await starwall.telegram.payIn(group.id, sharer.id, message?.message_id ?? 0)).toMatchObject({
      status: 'refused',
      text: 'This product is sold out.',
    });
    const orders = await ordersOf();
    expect(orders.map((order) => [order['source'], order['product_id']])).toEqual([
      ['inline', product],
      ['inline', product],
    ]);
  });

  it('finds products that anyone can buy now, by title, description and category', async () => {
    await switchOn();
    await creator.createProduct(bot.id, { title: 'Tea 100%', description: 'Green_leaf', tags: ['Горячее'] });
    await creator.createProduct(bot.id, { title: 'Coffee', stock: 0 });
    await creator.createProduct(bot.id, { title: 'Secret', hidden: true });
    await creator.createProduct(bot.id, { title: 'Pro', kind: 'subscription', content: undefined });
    await creator.createProduct(bot.id, { title: 'Cake' });
    const buyer = await meets();
    expect(await titles(buyer, '')).toEqual(['Tea 100%', 'Cake']);
    expect(await titles(buyer, 'LEAF tea')).toEqual(['Tea 100%']);
    expect(await titles(buyer, 'горячее')).toEqual(['Tea 100%']);
    expect(await titles(buyer, '0%')).toEqual(['Tea 100%']);
    expect(await titles(buyer, '_')).toEqual(['Tea 100%']);
    expect(await titles(buyer, 'cake tea')).toEqual([]);
    await creator.post(`/v1/bots/${bot.id}/pause`).expect(200);
    await eventually('a closed shop', async () => (await titles(buyer, '')).length === 0);
  });

  it('is paged', async () => {
    await switchOn();
    for (let n = 0; n < 21; n += 1) await creator.createProduct(bot.id, { title: `No ${n}` });
    const buyer = await meets();
    const first = await type(buyer, '');
    const second = await type(buyer, '', first.nextOffset);
    expect([first.results.length, second.results.map(({ title }) => title), second.nextOffset]).toEqual([
      20,
      ['No 20'],
      '',
    ]);
  });

  it('is reported with the webhook: whether the owner has enabled it, and which updates are missing', async () => {
    const look = async () => (await creator.get(`/v1/bots/${bot.id}/webhook`).expect(200)).body;
    expect(await look()).toMatchObject({ inline_mode: false, missing_updates: [] });
    await switchOn();
    starwall.simulator.world.bot(bot.telegramId).allowedUpdates = ['message', 'callback_query'];
    expect(await look()).toMatchObject({
      inline_mode: true,
      missing_updates: expect.arrayContaining(['pre_checkout_query', 'inline_query']),
    });
    await creator.post(`/v1/bots/${bot.id}/rotate-token`, { token: bot.token }).expect(200);
    expect((await look()).missing_updates).toEqual([]);
  });
});

describe('a post in a channel', () => {
  const POSTER = { status: 'administrator', rights: { can_post_messages: true } } as const;
  let channel: number;
  let product: string;
  beforeEach(async () => {
    const owner = await starwall.telegram.createUser({ first_name: 'Olga' });
    const made = await starwall.telegram.createSharedChat({ type: 'channel', title: 'News', ownerId: owner.id });
    channel = made.id;
    product = await creator.createProduct(bot.id, { title: 'Star map' });
  });
  afterEach(() => starwall.telegram.setFaults({ rules: [] }));

  const post = (body: object = {}, key = 'post-1') =>
    creator
      .post(`/v1/products/${product}/posts`, { chat_id: channel, source: 'news', ...body })
      .set('idempotency-key', key);
  const posted = async () => (await starwall.telegram.sharedChat(channel)).messages;
  const listed = async () =>
    (await creator.get(`/v1/products/${product}/posts`).expect(200)).body.data as { state: string; failure: string }[];

  it('has a button that leads to the invoice, requires the right to post, and is posted once per key', async () => {
    await post()
      .expect(409)
      .expect(/bot_not_in_chat/);
    await starwall.telegram.setMember(channel, bot.telegramId, { status: 'administrator', rights: {} });
    await post()
      .expect(409)
      .expect(/bot_may_not_post/);
    await starwall.telegram.setMember(channel, bot.telegramId, POSTER);
    const { body } = await post().expect(201);
    expect(body).toMatchObject({
      object: 'product_post',
      state: 'posted',
      chat_id: channel,
      chat_title: 'News',
      failure: null,
    });
    const again = await post().expect(201);
    expect([again.headers['idempotent-replayed'], again.body]).toEqual(['true', body]);
    const [message, ...more] = await posted();
    expect(more).toEqual([]);
    expect(message?.message_id).toBe(body.message_id);
    const { username } = (await creator.get(`/v1/bots/${bot.id}`).expect(200)).body;
    const where = `The button takes you to @${username}, where you pay and get it.`;
    expect(message?.text).toBe(`Star map\n\nA guide\n\nPrice: 50 ⭐\n${where}`);
    const [[button] = []] = message?.reply_markup?.inline_keyboard ?? [];
    const url = button !== undefined && 'url' in button ? button.url : '';
    const buyer = await meets();
    await starwall.telegram.start(buyer.chat, String(new URL(url).searchParams.get('start')));
    await buyer.pays((await buyer.sees(({ invoice }) => invoice !== undefined, 'the invoice')).message_id);
    await delivered(buyer);
    expect(await ordersOf()).toMatchObject([{ source: 'news', product_id: product }]);
  });

  it('of a plan states that it renews, and the price per period', async () => {
    await starwall.telegram.setMember(channel, bot.telegramId, POSTER);
    const terms = { kind: 'subscription', title: 'Pro', content: undefined, stars: 500 };
    product = await creator.createProduct(bot.id, terms);
    await post().expect(201);
    const [message] = await posted();
    expect(message?.text).toContain(
      'Price: 500 ⭐ every 30 days\nRenews automatically every 30 days. Cancel at any time.\n',
    );
    expect(message?.reply_markup?.inline_keyboard.flat().map(({ text }) => text)).toEqual(['500 ⭐ every 30 days']);
  });

  it('can be an invoice that many buyers pay in the channel', async () => {
    await starwall.telegram.setMember(channel, bot.telegramId, POSTER);
    const { body } = await post({ way: 'invoice', language: 'ru' }).expect(201);
    for (const buyer of [await meets(), await meets()]) {
      expect(await starwall.telegram.payIn(channel, buyer.id, body.message_id)).toMatchObject({ status: 'paid' });
      await delivered(buyer);
    }
    expect(await ordersOf()).toMatchObject([{ source: 'news' }, { source: 'news' }]);
  });

  it("shows the product's photo, as do its invoice and its invoice link", async () => {
    await starwall.telegram.setMember(channel, bot.telegramId, POSTER);
    const photo_url = 'https://pictures.starwall.dev/map.png';
    await creator.patch(`/v1/products/${product}`, { photo_url }).expect(200);
    await post().expect(201);
    await post({ way: 'invoice' }, 'post-2').expect(201);
    await creator.post(`/v1/products/${product}/invoice-links`).expect(201);
    const calls = await starwall.telegram.calls(bot.telegramId);
    for (const method of ['sendMessage', 'sendInvoice', 'createInvoiceLink']) {
      const sent = calls.findLast((call) => call.method === method)?.params;
      expect([method, JSON.stringify(sent)]).toEqual([method, expect.stringContaining(photo_url)]);
    }
  });

  it('is not posted a second time when the answer was lost', async () => {
    await starwall.telegram.setMember(channel, bot.telegramId, POSTER);
    const rule = { at: 'call', action: 'drop_answer', name: 'sendMessage', botId: bot.telegramId, times: 1 } as const;
    await starwall.telegram.setFaults({ rules: [rule] });
    await post()
      .expect(503)
      .expect(/telegram_outcome_unknown/);
    await post()
      .expect(503)
      .expect(/telegram_outcome_unknown/);
    expect(await posted()).toHaveLength(1);
    expect(await listed()).toMatchObject([{ state: 'unknown' }]);
    await post({}, 'post-2').expect(201);
    expect((await listed()).map(({ state }) => state)).toEqual(['posted', 'unknown']);
  });

  it("reports Telegram's rate limit, and is posted later with the same key", async () => {
    await starwall.telegram.setMember(channel, bot.telegramId, POSTER);
    const rule = { at: 'call', action: 'error429', name: 'sendMessage', botId: bot.telegramId, times: 1 } as const;
    await starwall.telegram.setFaults({ rules: [rule] });
    await post()
      .expect(503)
      .expect(/telegram_unavailable/);
    await post().expect(201);
    expect(await posted()).toHaveLength(1);
  });

  it("is refused without a key, to a person, for a subscription's invoice, and for another workspace's product", async () => {
    await creator
      .post(`/v1/products/${product}/posts`, { chat_id: channel })
      .expect(400)
      .expect(/idempotency_key_required/);
    await post({ chat_id: 4_242 }).expect(400);
    await post({ chat_id: 'news' }).expect(400);
    await post({ source: 's'.repeat(28) }).expect(400);
    const stranger = await Creator.signUp(starwall);
    await stranger.get(`/v1/products/${product}/posts`).expect(404);
    product = await creator.createProduct(bot.id, { title: 'Pro', kind: 'subscription', content: undefined });
    await post({ way: 'invoice' })
      .expect(409)
      .expect(/not_for_everybody/);
    expect(await listed()).toEqual([]);
  });
});

describe('terms that require consent', () => {
  const labelsOf = (message: Awaited<ReturnType<Buyer['sees']>>) =>
    message.reply_markup?.inline_keyboard.flat().map(({ text }) => text) ?? [];
  const asked = (buyer: Buyer, label = 'I agree') => buyer.sees((message) => labelsOf(message).includes(label), label);
  const agrees = async (buyer: Buyer, label?: string) =>
    starwall.telegram.press(buyer.chat, (await asked(buyer, label)).message_id, 0);
  const invoiceOf = (buyer: Buyer) => buyer.sees(({ invoice }) => invoice !== undefined, 'the invoice');
  const demand = (terms_version: string | null) => creator.patch(`/v1/bots/${bot.id}`, { terms_version }).expect(200);
  const recorded = async (buyer: Buyer) => (await creator.get(`/v1/buyers/${buyer.id}/state`).expect(200)).body.terms;

  it('are shown before the first invoice and accepted once per version, which is recorded', async () => {
    await creator.patch(`/v1/bots/${bot.id}`, { terms_text: 'No returns.', terms_version: '1' }).expect(200);
    const product = await creator.createProduct(bot.id);
    const buyer = await meets();
    await starwall.telegram.start(buyer.chat, `buy_${product}-${'s'.repeat(27)}`);
    await buyer.hears(/^No returns\.$/);
    expect((await buyer.messages()).some(({ invoice }) => invoice !== undefined)).toBe(false);
    await agrees(buyer);
    await buyer.pays((await invoiceOf(buyer)).message_id);
    await delivered(buyer);
    expect(await ordersOf()).toMatchObject([{ source: 's'.repeat(27) }]);
    const first = { bot_id: bot.id, version: '1', language: 'en', agreed_at: expect.any(String) };
    expect(await recorded(buyer)).toEqual([first]);

    await buyer.wants(product);
    await demand('2');
    await starwall.telegram.start(buyer.chat, `buy_${product}`);
    await eventually(
      'another question',
      async () => (await buyer.messages()).filter((message) => labelsOf(message).includes('I agree')).length === 2,
    );
    await agrees(buyer);
    await agrees(buyer);
    await eventually('both versions', async () => (await recorded(buyer)).length === 2);
    expect(await recorded(buyer)).toMatchObject([{ version: '2' }, first]);
    const gone = await creator.post(`/v1/buyers/${buyer.id}/erase`);
    if (gone.status < 300) await creator.get(`/v1/buyers/${buyer.id}/state`).expect(404);
  });

  it('are required when an invoice link is paid, and can be accepted by /terms', async () => {
    await demand('2026-11');
    const product = await creator.createProduct(bot.id);
    const { url } = (await creator.post(`/v1/products/${product}/invoice-links`).expect(201)).body;
    const buyer = await meets('ru');
    expect(await starwall.telegram.payLink(buyer.id, url)).toMatchObject({
      status: 'refused',
      text: 'Сначала примите условия: откройте бота, отправьте /terms и нажмите «Принимаю». Потом оплатите снова.',
    });
    expect(await ordersOf()).toEqual([]);
    await buyer.says('/terms');
    await agrees(buyer, 'Принимаю');
    await buyer.hears(/вы приняли условия/);
    expect(await starwall.telegram.payLink(buyer.id, url)).toMatchObject({ status: 'paid' });
    await delivered(buyer);
    expect(await recorded(buyer)).toMatchObject([{ version: '2026-11', language: 'ru' }]);
  });

  it('are no longer required when the creator removes the version; a button of former terms asks again', async () => {
    await demand('old');
    const product = await creator.createProduct(bot.id);
    const buyer = await meets();
    await starwall.telegram.start(buyer.chat, `buy_${product}`);
    const question = await asked(buyer);
    await demand('new');
    await starwall.telegram.press(buyer.chat, question.message_id, 0);
    await buyer.sees((message) => labelsOf(message).includes('I agree') && message.message_id > question.message_id);
    expect(await recorded(buyer)).toEqual([]);
    await demand(null);
    await buyer.pays(await buyer.wants(product));
    await delivered(buyer);
    await creator.patch(`/v1/bots/${bot.id}`, { terms_version: 'x'.repeat(41) }).expect(400);
  });
});
