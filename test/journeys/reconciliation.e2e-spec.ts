import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';

type Body = Record<string, unknown>;

let starwall: Starwall;

beforeAll(async () => {
  starwall = await startStarwall({ STARWALL_RECONCILE: 'on' });
});
afterAll(() => starwall.stop());
beforeEach(() => starwall.telegram.setFaults({ rules: [] }));

interface Scene {
  readonly creator: Creator;
  readonly bot: RegisteredBot;
  readonly buyer: Buyer;
  readonly product: string;
}

async function open(): Promise<Scene> {
  const creator = await Creator.signUp(starwall);
  const bot = await creator.registerBot();
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  return { creator, bot, buyer, product: await creator.createProduct(bot.id) };
}

/** Loses the bot's next updates permanently. */
const lose = (bot: RegisteredBot, times: number) =>
  starwall.telegram.setFaults({
    rules: [{ at: 'queue', action: 'lose', name: 'message', botId: bot.telegramId, times }],
  });

async function buy({ buyer, product }: Scene): Promise<string> {
  const invoice = await buyer.wants(product);
  const paid = await buyer.pays(invoice);
  if (paid.status !== 'paid') throw new Error(`the payment ended as ${paid.status}`);
  return paid.chargeId;
}

/** Pays while Telegram's message about it is lost. */
async function buyUnreported(scene: Scene): Promise<string> {
  const invoice = await scene.buyer.wants(scene.product);
  await lose(scene.bot, 1);
  const paid = await scene.buyer.pays(invoice);
  if (paid.status !== 'paid') throw new Error(`the payment ended as ${paid.status}`);
  await starwall.telegram.setFaults({ rules: [] });
  return paid.chargeId;
}

const orderOf = async ({ creator }: Scene): Promise<Body> => (await creator.get('/v1/orders').expect(200)).body.data[0];
const orderInStatus = (scene: Scene, status: string) =>
  eventually(`an order that is ${status}`, async () => {
    const order = await orderOf(scene);
    return order['status'] === status && order;
  });

/** Requests a reconciliation and waits for its result. */
async function reconcile({ creator, bot }: Scene): Promise<Body> {
  const asked = await creator.post(`/v1/bots/${bot.id}/reconciliations`).expect(202);
  const path = `/v1/bots/${bot.id}/reconciliations/${String(asked.body.id)}`;
  return eventually('the end of the reconciliation', async () => {
    const { body } = await creator.get(path).expect(200);
    return body.state !== 'running' && (body as Body);
  });
}

/** Makes a refund as another tool with the same token. */
async function refundElsewhere({ bot, buyer }: Scene, chargeId: string): Promise<void> {
  const query = new URLSearchParams({ user_id: String(buyer.id), telegram_payment_charge_id: chargeId });
  const answer = await fetch(`${starwall.simulator.url}/bot${bot.token}/refundStarPayment?${query.toString()}`);
  if (!answer.ok) throw new Error(`Telegram answered ${answer.status}`);
}

const RETURNED = /have been returned/;
const times = (texts: readonly string[], wanted: RegExp) => texts.filter((text) => wanted.test(text)).length;

describe('a reconciliation with Telegram', () => {
  it('delivers the goods when the message about the payment was lost', async () => {
    const scene = await open();
    await buyUnreported(scene);
    expect(await orderOf(scene)).toMatchObject({ payment_state: 'approved' });

    expect(await reconcile(scene)).toMatchObject({
      state: 'succeeded',
      healed_payments: 1,
      difference: 0,
      unexplained: 0,
    });
    await orderInStatus(scene, 'delivered');
    await scene.buyer.hears(/the goods/);
    const { body } = await scene.creator.get('/v1/charges').expect(200);
    expect(body.data).toMatchObject([{ source: 'reconciliation', match: 'order', stars: 50 }]);
    expect(await reconcile(scene)).toMatchObject({ healed_payments: 0, rows_new: 0 });
    expect(times(await scene.buyer.heard(), /the goods/)).toBe(1);
  });

  it('finds an unreported refund made elsewhere, and tells the buyer once', async () => {
    const scene = await open();
    const chargeId = await buy(scene);
    await orderInStatus(scene, 'delivered');
    await lose(scene.bot, 1);
    await refundElsewhere(scene, chargeId);
    await starwall.telegram.setFaults({ rules: [] });

    expect(await reconcile(scene)).toMatchObject({ healed_refunds: 1, difference: 0 });
    await orderInStatus(scene, 'refunded');
    await scene.buyer.hears(RETURNED);
    await reconcile(scene);
    expect(times(await scene.buyer.heard(), RETURNED)).toBe(1);
    expect(await scene.buyer.balance()).toBe(1_000);
  });

  it('has nothing to repair when the refund was reported, but not the payment', async () => {
    const scene = await open();
    const chargeId = await buyUnreported(scene);
    await refundElsewhere(scene, chargeId);
    await orderInStatus(scene, 'refunded');
    await scene.buyer.hears(RETURNED);
    expect(await reconcile(scene)).toMatchObject({ healed_payments: 0, healed_refunds: 0, difference: 0 });
    expect(times(await scene.buyer.heard(), RETURNED)).toBe(1);
    expect(times(await scene.buyer.heard(), /the goods/)).toBe(0);
  });

  it('explains a withdrawal by the owner', async () => {
    const scene = await open();
    await buy(scene);
    await orderInStatus(scene, 'delivered');
    await starwall.telegram.withdraw(scene.bot.telegramId, 30);
    expect(await reconcile(scene)).toMatchObject({
      balance_telegram: 20,
      balance_ours: 50,
      difference: -30,
      unexplained: 0,
      explanation: { lines: [{ cause: 'withdrawal_succeeded', count: 1, stars: -30, nanostars: 0 }] },
    });
  });

  it('reads 250 transactions in three pages of at most a hundred', async () => {
    const scene = await open();
    const { ledger } = starwall.simulator.world.bot(scene.bot.telegramId);
    const date = Math.floor(Date.now() / 1_000);
    for (let i = 0; i < 250; i += 1)
      ledger.add({ id: `ads${i}`, amount: 1, date, receiver: { type: 'telegram_ads' } as never });
    expect(await reconcile(scene)).toMatchObject({
      rows_read: 250,
      difference: -250,
      unexplained: 0,
      explanation: { lines: [{ cause: 'telegram_ads_paid', count: 250, stars: -250, nanostars: 0 }] },
    });
  });

  it('runs one at a time, is listed newest first, and is private to its workspace', async () => {
    const [scene, other] = [await open(), await open()];
    const path = `/v1/bots/${scene.bot.id}/reconciliations`;
    await starwall.telegram.setFaults({
      rules: [
        { at: 'call', action: 'delay', name: 'getMyStarBalance', botId: scene.bot.telegramId, seconds: 1, times: 1 },
      ],
    });
    const first = await scene.creator.post(path).expect(202);
    const second = await scene.creator.post(path).expect(202);
    expect(second.body.id).toBe(first.body.id);
    await reconcile(scene);
    const { id } = await reconcile(scene);
    const { body } = await scene.creator.get(`${path}?limit=1`).expect(200);
    expect(body).toMatchObject({ object: 'list', data: [{ id }], has_more: true });

    await other.creator.get(path).expect(404);
    await other.creator.post(path).expect(404);
    await other.creator.get(`${path}/${String(id)}`).expect(404);
    await scene.creator.post(path, { unknown: true }).expect(400);
    await scene.creator.get(`${path}?limit=0`).expect(400);
  });

  it('is refused with a specific error for a bot without a working token', async () => {
    const scene = await open();
    await starwall.telegram.revokeToken(scene.bot.telegramId);
    expect(await reconcile(scene)).toMatchObject({ state: 'failed', error: expect.stringContaining('401') });
    await scene.creator.post(`/v1/bots/${scene.bot.id}/reconciliations`).expect(409, /bot_not_readable/);
  });
});

describe('a refund by charge', () => {
  it('refunds a charge once', async () => {
    const scene = await open();
    const chargeId = await buyUnreported(scene);
    await reconcile(scene);
    await orderInStatus(scene, 'delivered');
    const charge = (await scene.creator.get('/v1/charges').expect(200)).body.data[0];
    expect(charge.telegram_payment_charge_id).toBe(chargeId);
    const path = `/v1/charges/${String(charge.id)}/refunds`;
    const asked = await scene.creator.post(path, { reason: 'as asked' }).expect(202);
    expect(asked.body).toMatchObject({ object: 'refund', state: 'requested', charge_id: charge.id });
    await orderInStatus(scene, 'refunded');
    await scene.creator.post(path).expect(409, /already_refunded/);
    await (await open()).creator.post(path).expect(404);
    expect(await reconcile(scene)).toMatchObject({ difference: 0 });
  });

  it('is looked up and not repeated when its answer is lost', async () => {
    const scene = await open();
    await buy(scene);
    const order = await orderInStatus(scene, 'delivered');
    await starwall.telegram.setFaults({
      rules: [
        { at: 'call', action: 'drop_answer', name: 'refundStarPayment', botId: scene.bot.telegramId, times: 1 },
        { at: 'queue', action: 'lose', name: 'message', botId: scene.bot.telegramId, times: 1 },
      ],
    });
    await scene.creator.post(`/v1/orders/${String(order['id'])}/refunds`).expect(202);
    await orderInStatus(scene, 'refunded');
    const calls = await starwall.telegram.calls(scene.bot.telegramId);
    expect(calls.filter((call) => call.method === 'refundStarPayment')).toHaveLength(1);
    expect(await scene.buyer.balance()).toBe(1_000);
    await scene.buyer.hears(RETURNED);
  });
});
