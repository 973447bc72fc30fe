import { newUuid } from '#libs/kernel';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

/** A one-pixel picture. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

type Body = Record<string, unknown>;

let starwall: Starwall;
let creator: Creator;
let bot: RegisteredBot;

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());
beforeEach(async () => {
  await starwall.telegram.setFaults({ rules: [] });
  creator = await Creator.signUp(starwall);
  bot = await creator.registerBot();
});

async function upload(name: string, content: Buffer): Promise<string> {
  const answer = await creator.signs(starwall.http().post('/v1/files')).attach('file', content, name).expect(201);
  return String(answer.body.id);
}

const mediaOf = async () => [
  { type: 'photo', file_id: await upload('one.png', PNG) },
  { type: 'video', file_id: await upload('two.mp4', Buffer.from('video')) },
];

const wish = (items: object, changes: Body = {}) => ({
  bot_id: bot.id,
  kind: 'paid_media',
  title: 'Backstage',
  description: 'Two looks behind the curtain',
  stars: 50,
  paid_media: { items },
  ...changes,
});

async function gallery(): Promise<string> {
  return String((await creator.post('/v1/products', wish(await mediaOf())).expect(201)).body.id);
}

/** Shows the locked media of a product in a buyer's chat. */
async function shown(buyer: Buyer, product: string) {
  await starwall.telegram.start(buyer.chat, `buy_${product}`);
  return buyer.sees(({ paid_media: media }) => media !== undefined, 'locked media');
}

const orderInStatus = (status: string): Promise<Body> =>
  eventually(`an order that is ${status}`, async () => {
    const found = (await creator.get('/v1/orders').expect(200)).body.data as Body[];
    return found.find((order) => order['status'] === status);
  });
const chargesOf = async (): Promise<Body[]> => (await creator.get('/v1/charges').expect(200)).body.data;
const reconcile = async () => {
  const asked = await creator.post(`/v1/bots/${bot.id}/reconciliations`).expect(202);
  return eventually('the end of the reconciliation', async () => {
    const { body } = await creator.get(`/v1/bots/${bot.id}/reconciliations/${asked.body.id}`).expect(200);
    return body.state !== 'running' && (body as Body);
  });
};

describe('paid media in the chat', () => {
  it("is unlocked by Telegram, paid once Telegram's list contains the charge, and refunded like any other order", async () => {
    const product = await gallery();
    const buyer = await Buyer.meets(starwall, bot.telegramId, 1_000, { language_code: 'en' });
    await buyer.says('/shop');
    const message = await shown(buyer, product);
    expect(message).toMatchObject({
      caption: 'Backstage\n\nTwo looks behind the curtain',
      paid_media: { star_count: 50, paid_media: [{ type: 'preview' }, { type: 'preview' }] },
    });
    const placed = await orderInStatus('placed');
    await starwall.telegram.payMessage(buyer.chat, message.message_id);

    await buyer.hears(/^Receipt: Backstage/);
    const order = await orderInStatus('delivered');
    expect(order).toMatchObject({ id: placed['id'], payment_state: 'paid', stars: 50, approved_at: null });
    expect(order['unlocked_at']).not.toBeNull();
    const [charge, ...others] = await chargesOf();
    expect(others).toEqual([]);
    const listed = await starwall.telegram.transactions(bot.telegramId);
    expect(charge).toMatchObject({
      order_id: order['id'],
      match: 'order',
      source: 'reconciliation',
      stars: 50,
      telegram_payment_charge_id: listed.transactions[0]?.id,
    });
    const timeline = (await creator.get(`/v1/orders/${String(order['id'])}/timeline`).expect(200)).body;
    expect(JSON.stringify(timeline)).toContain('Telegram unlocked the paid media for the buyer.');

    await creator.post(`/v1/orders/${String(order['id'])}/refunds`).expect(202);
    await orderInStatus('refunded');
    expect(await buyer.balance()).toBe(1_000);
    expect(await reconcile()).toMatchObject({ difference: 0, unexplained: 0, healed_payments: 0 });
  });

  it('is shown as unlocked until the charge is known, and cannot be refunded or cancelled before', async () => {
    const product = await gallery();
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    const message = await shown(buyer, product);
    const silent = {
      at: 'call',
      name: 'getStarTransactions',
      botId: bot.telegramId,
      action: 'error429',
      seconds: 1,
    } as const;
    await starwall.telegram.setFaults({ rules: [silent] });
    await starwall.telegram.payMessage(buyer.chat, message.message_id);

    const order = await orderInStatus('unlocked');
    const path = `/v1/orders/${String(order['id'])}`;
    expect(order).toMatchObject({ payment_state: 'placed', paid_at: null });
    expect((await creator.get(path).expect(200)).body.charges).toEqual([]);
    for (const action of ['refunds', 'cancel']) {
      const refused = await creator.post(`${path}/${action}`).expect(409);
      expect(refused.body).toMatchObject({ code: 'charge_not_listed_yet' });
    }
    await starwall.telegram.setFaults({ rules: [] });
    await orderInStatus('delivered');
    await creator.post(`${path}/refunds`).expect(202);
    await orderInStatus('refunded');
  });

  it('is one order and one charge when Telegram reports it twice or not at all', async () => {
    const product = await gallery();
    const rules = (action: 'duplicate' | 'lose') => ({
      rules: [{ at: 'queue', name: 'purchased_paid_media', botId: bot.telegramId, action, times: 1 } as const],
    });
    const [twice, never] = await Promise.all([
      Buyer.meets(starwall, bot.telegramId),
      Buyer.meets(starwall, bot.telegramId),
    ]);
    await starwall.telegram.setFaults(rules('duplicate'));
    await starwall.telegram.payMessage(twice.chat, (await shown(twice, product)).message_id);
    await twice.hears(/^Receipt/);
    await starwall.telegram.setFaults(rules('lose'));
    await starwall.telegram.payMessage(never.chat, (await shown(never, product)).message_id);
    await reconcile();
    await never.hears(/^Receipt/);
    expect((await chargesOf()).map((charge) => charge['match'])).toEqual(['order', 'order']);
    const events = (await creator.get('/v1/events?limit=100').expect(200)).body.data as Body[];
    const count = (type: string) => events.filter((event) => event['type'] === type).length;
    expect([count('order.unlocked'), count('order.paid')]).toEqual([1, 2]);
  });

  it('is sent unlocked when a buyer who has paid requests it again', async () => {
    const product = await gallery();
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await starwall.telegram.payMessage(buyer.chat, (await shown(buyer, product)).message_id);
    await orderInStatus('delivered');
    await buyer.says('/orders');
    const listed = await buyer.sees(({ text }) => text?.startsWith('Your last purchases') === true);
    await starwall.telegram.press(buyer.chat, listed.message_id, 0);
    await buyer.sees(({ video }) => video !== undefined, 'the video');
    await buyer.sees(({ photo, caption }) => photo !== undefined && caption === 'Backstage', 'the photo');
  });

  it("can use Telegram's file ids; media that Telegram refuses are reported to buyer and creator", async () => {
    const product = await gallery();
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await shown(buyer, product);
    const files = [...starwall.simulator.world.files.byId.values()].filter((file) => file.botId === bot.telegramId);
    const telegram_file_id = files.find((file) => file.kind === 'photo')?.ref.file_id;
    const known = wish([{ type: 'photo', telegram_file_id }], { title: 'One more' });
    const more = String((await creator.post('/v1/products', known).expect(201)).body.id);
    await starwall.telegram.start(buyer.chat, `buy_${more}`);
    await buyer.sees(({ caption }) => caption?.startsWith('One more') === true, 'the other media');

    await creator.patch(`/v1/products/${more}`, { paid_media: { items: [{ type: 'photo', telegram_file_id: 'x' }] } });
    await starwall.telegram.start(buyer.chat, `buy_${more}`);
    await buyer.hears(/cannot be shown at the moment/);
    await eventually('the note on the order', async () => {
      const [order] = (await creator.get(`/v1/orders?product_id=${more}`).expect(200)).body.data as Body[];
      return String(order?.['delivery_error']).includes('wrong file identifier');
    });
  });
});

describe('a paid media product', () => {
  const refusals = async (items: object, changes: Body = {}) => {
    const { body } = await creator.post('/v1/products', wish(items, changes)).expect(400);
    return [body.code, ...(body.errors as { path: string }[]).map(({ path }) => path)];
  };

  it('has one to ten photos and videos, and no stock or limit', async () => {
    const [photo, video] = await mediaOf();
    expect(await refusals([])).toEqual(['invalid_request', 'paid_media.items']);
    expect(await refusals(Array(11).fill(photo))).toEqual(['invalid_request', 'paid_media.items']);
    expect(await refusals([{ type: 'photo' }])).toEqual(['invalid_product', 'paid_media.items.0']);
    expect(await refusals([{ ...photo, telegram_file_id: 'x' }])).toEqual(['invalid_product', 'paid_media.items.0']);
    expect(await refusals([photo, { ...video, type: 'photo' }])).toEqual([
      'invalid_product',
      'paid_media.items.1.file_id',
    ]);
    expect(await refusals([photo], { stars: 25_001 })).toEqual(['invalid_product', 'stars']);
    expect(await refusals([photo], { stock: 5, limit_per_buyer: 1 })).toEqual([
      'invalid_product',
      'stock',
      'limit_per_buyer',
    ]);
    await creator
      .post('/v1/products', wish([{ type: 'photo', file_id: 'file_00000000000000000000000000' }]))
      .expect(404);
  });

  it('is shown to its creator with its media, but without their files in events', async () => {
    const product = await gallery();
    const { body } = await creator.get(`/v1/products/${product}`).expect(200);
    expect(body.paid_media.items).toMatchObject([{ type: 'photo' }, { type: 'video', telegram_file_id: null }]);
    const [made] = (await creator.get('/v1/events?type=product.created').expect(200)).body.data as { data: Body }[];
    expect(made?.data['paid_media']).toEqual({ items: [{ type: 'photo' }, { type: 'video' }] });
  });
});

describe('paid media in a channel', () => {
  async function channelWith(rights: Record<string, boolean> | undefined) {
    const owner = await starwall.telegram.createUser({ first_name: 'Olga' });
    const channel = await starwall.telegram.createSharedChat({ type: 'channel', title: 'Drops', ownerId: owner.id });
    if (rights !== undefined) {
      await starwall.telegram.setMember(channel.id, bot.telegramId, { status: 'administrator', rights });
    }
    return channel.id;
  }

  const posting = (product: string, chat: number, key = newUuid(), more: object = {}) =>
    creator
      .post(`/v1/products/${product}/posts`, { chat_id: chat, way: 'paid_media', ...more })
      .set('idempotency-key', key);

  it('brings Stars to the channel, as the answer states, and is not recorded in the ledger', async () => {
    const product = await gallery();
    const channel = await channelWith({ can_post_messages: true });
    const posted = await posting(product, channel, newUuid(), { caption: 'New' }).expect(201);
    expect(posted.body).toMatchObject({
      object: 'product_post',
      way: 'paid_media',
      caption: 'New',
      stars_go_to: 'channel',
      chat_id: channel,
      chat_title: 'Drops',
      state: 'posted',
    });
    const reader = await Buyer.meets(starwall, bot.telegramId);
    await starwall.telegram.setMember(channel, reader.id, { status: 'member' });
    await starwall.telegram.payIn(channel, reader.id, posted.body.message_id);
    expect(await starwall.telegram.sharedChat(channel)).toMatchObject({ balance: 50 });
    expect(await reconcile()).toMatchObject({ difference: 0, rows_read: 0 });
    expect(await chargesOf()).toEqual([]);
  });

  it('requires a channel in which the bot can post, and an active product with media', async () => {
    const [product, text] = [await gallery(), await creator.createProduct(bot.id)];
    const refused = async (id: string, chat: number) => (await posting(id, chat).expect(409)).body.code;
    expect(await refused(product, -1_001)).toBe('bot_not_in_chat');
    expect(await refused(product, await channelWith(undefined))).toBe('bot_not_in_chat');
    expect(await refused(product, await channelWith({ can_invite_users: true }))).toBe('bot_may_not_post');
    const owner = await starwall.telegram.createUser({ first_name: 'Olga' });
    const group = await starwall.telegram.createSharedChat({ type: 'supergroup', title: 'Talk', ownerId: owner.id });
    await starwall.telegram.setMember(group.id, bot.telegramId, { status: 'administrator', rights: {} });
    expect(await refused(product, group.id)).toBe('not_a_channel');
    expect(await refused(text, -1_001)).toBe('no_paid_media');
    await posting(text, -1_001, newUuid(), { way: 'button', caption: 'New' })
      .expect(400)
      .expect(/caption/);
    await creator.post(`/v1/products/${product}/archive`).expect(200);
    expect(await refused(product, -1_001)).toBe('product_not_active');
    const stranger = await Creator.signUp(starwall);
    const theirs = stranger.post(`/v1/products/${product}/posts`, { chat_id: -1_001, way: 'paid_media' });
    await theirs.set('idempotency-key', newUuid()).expect(404);
  });

  it("is posted once per key, even when Telegram's answer was lost", async () => {
    const product = await gallery();
    const channel = await channelWith({ can_post_messages: true });
    const sent = async () =>
      (await starwall.telegram.calls(bot.telegramId)).filter(({ method }) => method === 'sendPaidMedia').length;
    const before = await sent();
    const lost = { at: 'call', name: 'sendPaidMedia', botId: bot.telegramId, action: 'drop_answer', times: 1 } as const;
    await starwall.telegram.setFaults({ rules: [lost] });
    const key = newUuid();
    for (let again = 0; again < 2; again += 1) {
      const answer = await posting(product, channel, key).expect(503);
      expect(answer.body).toMatchObject({ code: 'telegram_outcome_unknown' });
    }
    expect((await sent()) - before).toBe(1);
    const { body } = await creator.get(`/v1/products/${product}/posts`).expect(200);
    expect(body.data).toMatchObject([{ state: 'unknown', chat_id: String(channel), message_id: null }]);
  });
});
