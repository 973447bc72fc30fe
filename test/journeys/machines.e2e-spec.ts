import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Backstage } from '../support/backstage.js';
import { databaseSettings } from '../support/database.js';
import { Buyer, Creator, eventually, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let backstage: Backstage;

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
});
afterEach(() => starwall.telegram.setFaults({ rules: [] }));
afterAll(async () => {
  await backstage.close();
  await starwall.stop();
});

const open = async (product = {}) => {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const productId = await creator.createProduct(bot.id, product);
  return { creator, bot, productId, buyer: await Buyer.meets(starwall, bot.telegramId) };
};
const ordersOf = async (creator: Creator) => (await creator.get('/v1/orders').expect(200)).body.data;
const chargesOf = async (creator: Creator) => (await creator.get('/v1/charges').expect(200)).body.data;
/** Delays the next message of this bot's chats, such as a payment. */
const delayNextMessage = (botId: number, seconds: number) =>
  starwall.telegram.setFaults({ rules: [{ at: 'queue', action: 'delay', name: 'message', botId, seconds, times: 1 }] });

describe('an unpaid order', () => {
  it('can be cancelled through the API: its buyer can no longer pay, and the unit is available to others', async () => {
    const { creator, buyer, productId } = await open({ stock: 1 });
    const invoice = await buyer.wants(productId);
    const [order] = await ordersOf(creator);
    const stranger = await Creator.signUp(starwall);
    await stranger.post(`/v1/orders/${order.id}/cancel`).expect(404);
    await starwall.http().post(`/v1/orders/${order.id}/cancel`).expect(401);
    await creator.post('/v1/orders/ord_nonsense/cancel').expect(400);

    for (const _ of ['once', 'twice']) {
      const { body } = await creator.post(`/v1/orders/${order.id}/cancel`).expect(200);
      expect(body).toMatchObject({ id: order.id, status: 'cancelled', payment_state: 'cancelled' });
    }
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'refused', text: expect.stringContaining('cancelled') });
    expect(await buyer.pays(await buyer.wants(productId))).toMatchObject({ status: 'paid' });
  });

  it('cannot be cancelled once it is paid', async () => {
    const { creator, buyer, productId } = await open();
    await buyer.pays(await buyer.wants(productId));
    const order = await eventually('payment', async () => {
      const [newest] = await ordersOf(creator);
      return newest.payment_state === 'paid' && newest;
    });
    const { body } = await creator.post(`/v1/orders/${order.id}/cancel`).expect(409);
    expect(body).toMatchObject({ code: 'order_state_conflict' });
  });
});

describe('attack 6: two devices of one buyer', () => {
  it('pay an invoice once when both pay it at the same time', async () => {
    const { creator, buyer, productId } = await open();
    const invoice = await buyer.wants(productId);
    const outcomes = await Promise.all([buyer.pays(invoice), buyer.pays(invoice)]);
    // On a busy machine, seconds can pass between the two payments; then both are accepted, and one is refunded.
    expect(['paid paid', 'paid refused']).toContain(
      outcomes
        .map(({ status }) => status)
        .sort()
        .join(' '),
    );
    await buyer.sees((message) => message.text?.includes('the goods') === true, 'the goods');
    await eventually('one payment to be left', async () => (await buyer.balance()) === 950);
    const paid = (await chargesOf(creator)).filter(({ state }: { state: string }) => state === 'paid');
    expect(paid).toMatchObject([{ match: 'order' }]);
  });

  it('pay twice when both payments are accepted; one is refunded automatically, once, and the buyer is told', async () => {
    const { creator, bot, buyer, productId } = await open();
    const invoice = await buyer.wants(productId);
    await delayNextMessage(bot.telegramId, 3_600);
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'paid' });
    // The second device pays after the first one's approval has expired, and before its payment is reported to Starwall.
    const [order] = await ordersOf(creator);
    await backstage.query(
      `update orders set approved_at = approved_at - interval '10 seconds' where tenant_id = (select tenant_id from bots where telegram_id = $1)`,
      [bot.telegramId],
    );
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'paid' });
    await starwall.telegram.advance(3_600);

    await buyer.hears(/already paid for this/);
    await eventually('one payment to come back', async () => (await buyer.balance()) === 950);
    await eventually('two charges', async () => {
      const states = (await chargesOf(creator)).map((charge: { match: string; state: string }) =>
        [charge.match, charge.state].join(),
      );
      return states.sort().join(' ') === 'duplicate,refunded order,paid';
    });
    const { body } = await creator.get(`/v1/orders/${order.id}`).expect(200);
    expect(body).toMatchObject({ payment_state: 'paid', refunds: [{ state: 'refunded', requested_by: 'system' }] });
  });
});

describe('a second payment whose refund Telegram refuses because the bot has spent its Stars', () => {
  it('is shown to buyer and creator as a delayed refund, and is refunded when the bot earns Stars', async () => {
    const { creator, bot, buyer, productId } = await open();
    const invoice = await buyer.wants(productId);
    await delayNextMessage(bot.telegramId, 3_600);
    await buyer.pays(invoice);
    await backstage.query(
      `update orders set approved_at = approved_at - interval '2 minutes' where tenant_id = (select tenant_id from bots where telegram_id = $1)`,
      [bot.telegramId],
    );
    await buyer.pays(invoice);
    await starwall.telegram.withdraw(bot.telegramId, 60);
    await starwall.telegram.advance(3_600);
    await buyer.hears(/already paid for this/);
    await buyer.hears(/has not let this bot return your 50 ⭐[\s\S]*We keep trying until it succeeds/);
    const problems = async () => (await creator.get(`/v1/bots/${bot.id}/problems`).expect(200)).body.data;
    expect(await problems()).toMatchObject([
      { kind: 'refunds_delayed', count: 1, error: expect.stringContaining('BALANCE') },
    ]);

    await backstage.query(
      `update refunds set updated_at = now() - interval '2 minutes' where tenant_id = (select tenant_id from bots where telegram_id = $1)`,
      [bot.telegramId],
    );
    const another = await Buyer.meets(starwall, bot.telegramId);
    await another.pays(await another.wants(productId));
    await eventually('the Stars to come back', async () => (await buyer.balance()) === 950);
    await buyer.hears(/have been returned/);
    expect(await problems()).toEqual([]);
  });
});

describe('a payment that arrives after the last unit has been sold', () => {
  it('is refunded automatically, and the buyer is told why', async () => {
    const { creator, bot, buyer, productId } = await open({ stock: 1 });
    const quick = await Buyer.meets(starwall, bot.telegramId);
    const invoice = await buyer.wants(productId);
    await delayNextMessage(bot.telegramId, 3_600);
    expect(await buyer.pays(invoice)).toMatchObject({ status: 'paid' });
    const [order] = await ordersOf(creator);
    await creator.post(`/v1/orders/${order.id}/cancel`).expect(200);
    await quick.pays(await quick.wants(productId));
    await quick.sees((message) => message.text?.includes('the goods') === true, 'the goods');
    await starwall.telegram.advance(3_600);

    await buyer.hears(/after the last one had been sold/);
    await eventually('the refunded money', async () => (await buyer.balance()) === 1_000);
    expect(await quick.balance()).toBe(950);
    const [charge] = (await creator.get('/v1/charges?match=undeliverable').expect(200)).body.data;
    expect(charge).toMatchObject({ order_id: order.id, stars: 50 });
  });
});

describe('a parked update', () => {
  const inbox = async (...args: string[]) => {
    const run = promisify(execFile)(process.execPath, ['dist/commands/inbox.js', ...args], {
      env: { PATH: process.env['PATH'], ...databaseSettings() },
    });
    return run.then(
      ({ stdout }) => ({ code: 0, text: stdout }),
      (error: { code: number; stderr: string }) => ({ code: error.code, text: error.stderr }),
    );
  };

  it('can be listed, shown, replayed and resolved by staff', async () => {
    const { bot, buyer } = await open();
    await buyer.says('/help');
    await buyer.hears(/what is sold here/);
    const [entry] = await eventually('the update to be done', async () => {
      const entries = await backstage.inbox(bot);
      return entries.every(({ state }) => state === 'done') && entries;
    });
    const id = String(entry?.update_id);
    const park = () =>
      backstage.query(`update inbox set state = 'parked', error = 'broken' where update_id = $1`, [id]);

    await park();
    expect((await inbox('list')).text).toMatch(new RegExp(`${bot.id}.* ${id} .*broken`));
    expect(JSON.parse((await inbox('show', bot.id, id)).text)).toMatchObject({ state: 'parked', body: entry?.body });
    expect(await inbox('replay', bot.id, id)).toMatchObject({ code: 0 });
    await eventually(
      'the answer',
      async () => (await buyer.heard()).filter((text) => /what is sold here/.test(text)).length === 2,
    );

    await eventually('the end', async () => (await backstage.entry(bot, Number(id)))?.state === 'done');
    await park();
    expect(await inbox('resolve', bot.id, id, '--reason', 'answered by hand')).toMatchObject({ code: 0 });
    expect(await inbox('resolve', bot.id, id, '--reason', 'again')).toMatchObject({
      code: 1,
      text: expect.stringContaining('not parked'),
    });
    expect(await inbox('show', bot.id, '1')).toMatchObject({ code: 1 });
    // Starting five processes is slow on a busy machine.
  }, 60_000);
});
