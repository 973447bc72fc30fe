import { newUuid } from '#libs/kernel';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;

beforeAll(async () => {
  starwall = await startStarwall();
});
afterAll(() => starwall.stop());

type Body = Record<string, unknown>;

const PACK = {
  kind: 'credits',
  title: '10 scans',
  description: 'Scan ten receipts',
  content: null,
  credits: { unit: 'scan', amount: 10, expires_after_days: 30 },
};

/** Creates a creator with a bot that sells a pack of 10 scans for 50 Stars, and a buyer. */
async function shopOfScans() {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const product = await creator.createProduct(bot.id, PACK);
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  const path = `/v1/buyers/${buyer.id}/credits`;
  return {
    creator,
    buyer,
    product,
    path,
    write: (to: string, body: Body = {}, key = newUuid()) => creator.post(to, body).set('idempotency-key', key),
    balance: async () => (await creator.get(path).expect(200)).body.data[0] as Body,
    order: async () => (await creator.get('/v1/orders').expect(200)).body.data[0] as Body,
    async buys() {
      await buyer.pays(await buyer.wants(product));
      await buyer.sees((message) => message.text?.startsWith('Receipt') === true, 'the receipt');
    },
  };
}

describe('credits', () => {
  it('are not reported as added again when they are requested again in /orders', async () => {
    const { buyer, path, write, order, ...shop } = await shopOfScans();
    await shop.buys();
    await write(`${path}/scan/debits`, { amount: 4, reason: 'four receipts' }).expect(201);
    const { id } = await eventually('the delivery', async () => {
      const found = await order();
      return found['status'] === 'delivered' && found;
    });
    await buyer.says('/orders');
    const list = await buyer.sees(({ text }) => text?.startsWith('Your last purchases') === true, 'the purchases');
    await starwall.telegram.press(buyer.chat, list.message_id, `again:${String(id)}`);
    await buyer.hears(/^With this you bought 10 scans\. Your balance now: 6 scans\./);
    expect((await buyer.heard()).filter((text) => text.includes('added'))).toHaveLength(1);
  });

  it('are bought in the chat, spent through the API, also concurrently, and the rest is taken back with a refund', async () => {
    const { creator, buyer, path, write, balance, order, ...shop } = await shopOfScans();

    const invoice = await buyer.wants(shop.product);
    const shown = (await buyer.messages()).find((message) => message.message_id === invoice);
    expect(JSON.stringify(shown)).toContain('Adds 10 scans. Valid for 30 days.');
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'paid' });
    const goods = await buyer.sees((message) => message.text?.startsWith('10 scans added') === true, 'the credits');
    expect(goods.text).toContain('Your balance: 10 scans');
    const receipt = await buyer.sees((message) => message.text?.startsWith('Receipt') === true, 'the receipt');
    expect(receipt.text).toContain('Your balance: 10 scans');

    const key = newUuid();
    const first = await write(`${path}/scan/debits`, { amount: 4, reason: 'four receipts' }, key).expect(201);
    const again = await write(`${path}/scan/debits`, { amount: 4, reason: 'four receipts' }, key).expect(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(first.body).toMatchObject({ object: 'credit_debit', amount: 4, balance: 6, available: 6 });
    await write(`${path}/scan/debits`, { amount: 5 }, key)
      .expect(422)
      .expect(/idempotency_mismatch/);

    const reserved = await write(`${path}/scan/reservations`, { amount: 5 }).expect(201);
    expect(await balance()).toMatchObject({ unit: 'scan', balance: 6, reserved: 5, available: 1 });
    const race = await Promise.all(Array.from({ length: 8 }, () => write(`${path}/scan/debits`, { amount: 1 })));
    expect(race.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201,
      ...Array.from({ length: 7 }, () => 409),
    ]);
    expect(race.find(({ status }) => status === 409)?.text).toContain('insufficient_credits');

    const id = String((reserved.body as Body)['id']);
    await write(`/v1/credit-reservations/${id}/commit`, { amount: 2 }).expect(200);
    await write(`/v1/credit-reservations/${id}/commit`, { amount: 2 }).expect(200);
    await write(`/v1/credit-reservations/${id}/release`)
      .expect(409)
      .expect(/reservation_committed/);
    expect(await balance()).toMatchObject({ balance: 3, reserved: 0 });
    await buyer.says('/balance');
    await buyer.sees(
      (message) => /^Your credits:\n\n3 scans \(3 until \d+ \w+ \d{4}\)$/.test(message.text ?? ''),
      'it',
    );

    const orderId = String((await order())['id']);
    const asked = await creator.post(`/v1/orders/${orderId}/refunds`).set('idempotency-key', newUuid()).expect(202);
    const taken = { unit: 'scan', granted: 10, clawed_back: 3, already_spent: 7, expired: 0, reserved: 0 };
    expect(asked.body.credits).toEqual(taken);
    await eventually('the refund', async () => (await order())['status'] === 'refunded');
    expect((await creator.get(`/v1/orders/${orderId}`).expect(200)).body.refunds[0].credits).toEqual(taken);
    expect(await balance()).toMatchObject({ balance: 0, available: 0, lots: [] });
    expect(await buyer.balance()).toBe(1_000);

    const { body: history } = await creator.get(`${path}/scan/entries?limit=3`).expect(200);
    const lines = (history.data as Body[]).map(({ change, amount, balance: after }) => [change, amount, after]);
    expect(lines).toEqual([
      ['clawed_back', -3, 0],
      ['spent', -2, 3],
      ['spent', -1, 5],
    ]);
    const rest = await creator.get(`${path}/scan/entries?starting_after=${history.data[2].id}`).expect(200);
    expect(rest.body).toMatchObject({
      data: [{ change: 'spent' }, { change: 'granted', amount: 10 }],
      has_more: false,
    });
    expect(history.has_more).toBe(true);
  });

  it('are one balance in all bots of a workspace, and inaccessible to others', async () => {
    const { creator, buyer, path, write, ...shop } = await shopOfScans();
    await shop.buys();
    const reservation = await write(`${path}/scan/reservations`, { amount: 1 }).expect(201);
    const id = String((reservation.body as Body)['id']);

    const stranger = await Creator.signUp(starwall);
    await stranger.get(path).expect(404);
    await stranger.get(`${path}/scan/entries`).expect(404);
    await stranger.get(`/v1/credit-reservations/${id}`).expect(404);
    for (const to of [`${path}/scan/grants`, `${path}/scan/debits`, `${path}/scan/reservations`]) {
      await stranger.post(to, { amount: 1 }).set('idempotency-key', newUuid()).expect(404);
    }
    for (const to of ['commit', 'release']) {
      await stranger.post(`/v1/credit-reservations/${id}/${to}`).set('idempotency-key', newUuid()).expect(404);
    }

    const second = await creator.registerBot('Second');
    const there = { botId: second.telegramId, userId: buyer.id };
    await starwall.telegram.sendText(there, '/balance');
    await eventually('the balance in the other bot', async () =>
      (await starwall.telegram.chat(there)).messages.some(({ text }) =>
        text?.includes('10 scans (1 of them in use; 10 until'),
      ),
    );
  });

  it('are not spent by an invalid request', async () => {
    const { creator, path, write, balance, ...shop } = await shopOfScans();
    await shop.buys();
    await creator
      .post(`${path}/scan/debits`, { amount: 1 })
      .expect(400)
      .expect(/idempotency_key/);
    for (const key of ['x'.repeat(256), 'with space', 'é']) {
      await write(`${path}/scan/debits`, { amount: 1 }, Buffer.from(key).toString('latin1')).expect(400);
    }
    for (const amount of [0, -1, 1.5, 1_000_000_001, 1e300, '1', null, true]) {
      for (const to of ['grants', 'debits', 'reservations']) await write(`${path}/scan/${to}`, { amount }).expect(400);
    }
    for (const unit of ['SCAN', 'a b', 'x'.repeat(33), 'скан', '%00']) {
      await write(`${path}/${encodeURIComponent(unit)}/debits`, { amount: 1 }).expect(400);
    }
    for (const buyer of ['0', '-1', '1.5', 'x', '99999999999999999']) {
      await creator.get(`/v1/buyers/${buyer}/credits`).expect(400);
    }
    for (const reason of ['', 'a\0b', 'a\ud83d', 'x'.repeat(256)]) {
      await write(`${path}/scan/debits`, { amount: 1, reason }).expect(400);
    }
    await write(`${path}/scan/debits`, { amount: 1, more: 1 }).expect(400);
    await write(`${path}/scan/grants`, { amount: 1, expires_at: '2020-01-01T00:00:00Z' })
      .expect(400)
      .expect(/already_expired/);
    await write(`${path}/scan/reservations`, { amount: 1, expires_in_seconds: 86_401 }).expect(400);
    await creator.get('/v1/buyers/123456/credits').expect(404);
    expect(await balance()).toMatchObject({ balance: 10, reserved: 0 });

    const odd = '<b>🎁</b> \u200fשלום';
    const given = await write(`${path}/other-unit_1/grants`, { amount: 1, reason: odd }).expect(201);
    expect(given.body).toMatchObject({ object: 'credit_grant', unit: 'other-unit_1', balance: 1, reason: odd });
  });

  it('can only be sold as a pack that fits on the invoice', async () => {
    const { creator, product } = await shopOfScans();
    const { body: shown } = await creator.get(`/v1/products/${product}`).expect(200);
    expect(shown.credits).toEqual({ unit: 'scan', amount: 10, expires_after_days: 30 });
    const make = (changes: Body) =>
      creator.post('/v1/products', { bot_id: shown.bot_id, stars: 1, ...PACK, ...changes });
    await make({ credits: undefined }).expect(400);
    await make({ kind: 'text', content: 'x' }).expect(400);
    await make({ content: 'x' }).expect(400);
    await make({ credits: { unit: 'Scan', amount: 1 } }).expect(400);
    await make({ credits: { unit: 'scan', amount: 0 } }).expect(400);
    await make({ description: 'x'.repeat(255) })
      .expect(400)
      .expect(/description/);
    await creator.patch(`/v1/products/${product}`, { credits: { unit: 'scan', amount: 1 } }).expect(400);
    await make({ description: 'x'.repeat(200) }).expect(201);
  });
});
