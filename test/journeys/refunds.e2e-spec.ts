import { newUuid, publicId } from '#libs/kernel';
import { Backstage } from '../support/backstage.js';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall, startStarwall } from '../support/starwall.js';
import { callTelegram } from '../support/updates.js';

let starwall: Starwall;
let backstage: Backstage;
let creator: Creator;
let bot: RegisteredBot;

beforeAll(async () => {
  starwall = await startStarwall();
  backstage = await Backstage.open(starwall);
  creator = await Creator.signUp(starwall);
});
beforeEach(async () => {
  bot = await creator.registerBot();
});
afterEach(() => starwall.telegram.setFaults({ rules: [] }));
afterAll(async () => {
  await backstage.close();
  await starwall.stop();
});

interface Sale {
  readonly buyer: Buyer;
  readonly orderId: string;
  readonly chargeId: string;
}

/** Sells a product. @returns its paid and delivered order */
async function sell(): Promise<Sale> {
  const buyer = await Buyer.meets(starwall, bot.telegramId);
  await buyer.pays(await buyer.wants(await creator.createProduct(bot.id)));
  const order = await eventually('delivery', async () => {
    const [newest] = (await creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}`).expect(200)).body.data;
    return newest.status === 'delivered' && newest;
  });
  const { charges } = await orderOf(order.id);
  return { buyer, orderId: order.id, chargeId: charges[0].telegram_payment_charge_id };
}

const orderOf = async (id: string) => (await creator.get(`/v1/orders/${id}`).expect(200)).body;
const asks = (orderId: string, body: object = {}) => creator.post(`/v1/orders/${orderId}/refunds`, body);
const refundCalls = async () =>
  (await starwall.telegram.calls(bot.telegramId)).filter((call) => call.method === 'refundStarPayment');
const orderInState = (id: string, status: string) =>
  eventually(`the order to be ${status}`, async () => {
    const order = await orderOf(id);
    return order.status === status && order;
  });
const entitlementOf = async (sale: Sale) => {
  const [row] = await backstage.query<{ state: string }>(
    `select e.state from entitlements e join charges c on c.tenant_id = e.tenant_id and c.id = e.charge_id
     where c.telegram_charge_id = $1`,
    [sale.chargeId],
  );
  return row?.state;
};
const balanceOf = async (account: string) => {
  const [row] = await backstage.query<{ stars: number }>(
    `select coalesce(sum(stars), 0)::int as stars from ledger_entries e join bots b on b.id = e.bot_id
     where b.telegram_id = $1 and account = $2`,
    [bot.telegramId, account],
  );
  return row?.stars;
};
const thanks = async (buyer: Buyer) => (await buyer.heard()).filter((words) => words.includes('have been returned'));

describe('a refund', () => {
  it('returns the Stars, revokes the goods, and informs buyer and creator', async () => {
    const sale = await sell();
    const { body } = await asks(sale.orderId, { reason: ' as asked ' }).expect(202);
    expect(body).toMatchObject({ object: 'refund', state: 'requested', order_id: sale.orderId, reason: 'as asked' });
    expect(await entitlementOf(sale)).toBe('revoked');
    const order = await orderInState(sale.orderId, 'refunded');
    expect(order).toMatchObject({
      payment_state: 'refunded',
      delivery_state: 'revoked',
      refunded_at: expect.any(String),
      charges: [{ state: 'refunded' }],
      refunds: [{ id: body.id, state: 'refunded', failure: null }],
    });
    await sale.buyer.hears(/Your 50 ⭐ for “Guide” have been returned/);
    expect(await sale.buyer.balance()).toBe(1_000);
    expect([await balanceOf('telegram'), await balanceOf('earned')]).toEqual([0, 0]);
    const again = await asks(sale.orderId).expect(409);
    expect(again.body).toMatchObject({ code: 'already_refunded', remedy: expect.any(String) });
    expect(await refundCalls()).toHaveLength(1);
  });

  it('is made once when requested eight times concurrently and once more', async () => {
    const sale = await sell();
    const answers = await Promise.all(Array.from({ length: 8 }, () => asks(sale.orderId)));
    const refunds = new Set(answers.map((answer) => answer.body.id).filter((id) => id !== undefined));
    expect(refunds.size).toBe(1);
    expect(answers.every((answer) => answer.status === 202 || answer.body.code === 'already_refunded')).toBe(true);
    await orderInState(sale.orderId, 'refunded');
    await asks(sale.orderId).expect(409);
    await sale.buyer.hears(/have been returned/);
    expect(await refundCalls()).toHaveLength(1);
    expect(await thanks(sale.buyer)).toHaveLength(1);
    expect((await orderOf(sale.orderId)).refunds).toHaveLength(1);
    expect(await sale.buyer.balance()).toBe(1_000);
  });

  it.each(['error500', 'drop_answer', 'error429', 'timeout'] as const)(
    'is made once when Telegram fails at first: %s',
    async (action) => {
      const sale = await sell();
      const rule = {
        at: 'call',
        action,
        name: 'refundStarPayment',
        botId: bot.telegramId,
        times: 2,
        seconds: 0,
      } as const;
      await starwall.telegram.setFaults({ rules: [rule] });
      await asks(sale.orderId).expect(202);
      await eventually('the refund', async () => {
        await backstage.hurryJobs(bot);
        return (await orderOf(sale.orderId)).status === 'refunded';
      });
      await sale.buyer.hears(/have been returned/);
      expect(await sale.buyer.balance()).toBe(1_000);
      const taken = (await starwall.telegram.transactions(bot.telegramId)).transactions;
      expect(taken.filter((transaction) => transaction.receiver !== undefined)).toHaveLength(1);
      expect((await orderOf(sale.orderId)).refunds).toMatchObject([{ state: 'refunded' }]);
      expect([await balanceOf('telegram'), await balanceOf('earned')]).toEqual([0, 0]);
      expect(await thanks(sale.buyer)).toHaveLength(1);
    },
  );

  it('that Telegram refuses is shown with its reason, leaves the goods with the buyer, and can be requested again', async () => {
    const sale = await sell();
    await starwall.telegram.withdraw(bot.telegramId, 30);
    await asks(sale.orderId).expect(202);
    const order = await eventually('the refusal', async () => {
      const now = await orderOf(sale.orderId);
      return now.refunds[0].state === 'failed' && now;
    });
    expect(order).toMatchObject({
      status: 'delivered',
      charges: [{ state: 'paid' }],
      refunds: [{ failure: expect.stringContaining('BALANCE_TOO_LOW') }],
    });
    expect(await entitlementOf(sale)).toBe('active');
    expect(await sale.buyer.balance()).toBe(950);

    await sell();
    await asks(sale.orderId).expect(202);
    expect(
      (await orderInState(sale.orderId, 'refunded')).refunds.map((refund: { state: string }) => refund.state),
    ).toEqual(['failed', 'refunded']);
  });

  it('made elsewhere is recorded with all its consequences', async () => {
    const sale = await sell();
    const call = { user_id: sale.buyer.id, telegram_payment_charge_id: sale.chargeId };
    expect(await callTelegram(starwall, bot, 'refundStarPayment', call)).toMatchObject({ ok: true });
    const order = await orderInState(sale.orderId, 'refunded');
    expect(order).toMatchObject({
      delivery_state: 'revoked',
      charges: [{ state: 'refunded' }],
      refunds: [{ state: 'refunded', requested_by: 'telegram', reason: 'Refunded outside of Starwall.' }],
    });
    expect(await entitlementOf(sale)).toBe('revoked');
    expect(await balanceOf('earned')).toBe(0);
    await asks(sale.orderId).expect(409, /already_refunded/);
    expect(await refundCalls()).toHaveLength(1);
  });

  it('made elsewhere at the same moment is recorded once', async () => {
    const sale = await sell();
    const call = { user_id: sale.buyer.id, telegram_payment_charge_id: sale.chargeId };
    await Promise.all([asks(sale.orderId), callTelegram(starwall, bot, 'refundStarPayment', call)]);
    await orderInState(sale.orderId, 'refunded');
    await eventually('quiet', async () => (await backstage.inbox(bot)).every((entry) => entry.state === 'done'));
    expect((await orderOf(sale.orderId)).refunds).toMatchObject([{ state: 'refunded' }]);
    expect(await sale.buyer.balance()).toBe(1_000);
    expect(await balanceOf('telegram')).toBe(0);
  });

  it('is refused for an unpaid order', async () => {
    const buyer = await Buyer.meets(starwall, bot.telegramId);
    await buyer.wants(await creator.createProduct(bot.id));
    const [order] = (await creator.get(`/v1/orders?bot_id=${bot.id}`).expect(200)).body.data;
    const { body } = await asks(order.id).expect(409);
    expect(body).toMatchObject({ code: 'nothing_to_refund', detail: expect.any(String), remedy: expect.any(String) });
    expect((await orderOf(order.id)).status).toBe('placed');
  });

  it('is refused for a foreign order, an unknown order, another kind of id and an invalid body', async () => {
    const sale = await sell();
    const stranger = await Creator.signUp(starwall);
    await stranger.post(`/v1/orders/${sale.orderId}/refunds`).expect(404, /not_found/);
    await asks(publicId('order', newUuid())).expect(404, /not_found/);
    await asks(bot.id).expect(400, /ord_/);
    await asks(sale.orderId, { amount: 10 }).expect(400, /amount/);
    await asks(sale.orderId, { reason: 'x'.repeat(501) }).expect(400, /reason/);
    expect(await orderOf(sale.orderId)).toMatchObject({ status: 'delivered', refunds: [] });
    expect(await refundCalls()).toEqual([]);
  });

  it('permanently withholds goods that wait for an absent buyer', async () => {
    const sale = await sell();
    await starwall.telegram.block(sale.buyer.chat);
    await asks(sale.orderId).expect(202);
    await orderInState(sale.orderId, 'refunded');
    expect(await sale.buyer.balance()).toBe(1_000);
    await starwall.telegram.unblock(sale.buyer.chat);
    await sale.buyer.says('/orders');
    const list = await sale.buyer.hears(/Your last purchases/);
    expect(list).toContain('Guide · 50 ⭐ · refunded');
    expect((await sale.buyer.heard()).filter((words) => words === 'the goods')).toHaveLength(1);
  });
});

it('a refund requires an Idempotency-Key, but no body', async () => {
  const { orderId } = await sell();
  const bare = () => creator.signs(starwall.http().post(`/v1/orders/${orderId}/refunds`));
  await bare()
    .expect(400)
    .expect(/idempotency_key_required/);
  await bare().set('Idempotency-Key', 'once').expect(202);
  await bare().set('Idempotency-Key', 'once').expect(202).expect('Idempotent-Replayed', 'true');
  await orderInState(orderId, 'refunded');
});
