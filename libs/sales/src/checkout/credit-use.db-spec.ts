import type { DataSource } from 'typeorm';
import type { NewProduct, Product } from '#libs/catalog';
import type { Database } from '#libs/database';
import { DAY, newUuid, NotFound } from '#libs/kernel';
import { InsufficientCredits } from '#libs/ledger';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { waiting, whileHeld } from '../../../../test/support/locks.js';
import { openShop, paymentFor, salesServices, type Shop, telegramId } from '../../../../test/support/shop.js';
import { NotForSale, type OrderRow, UsedByCommand } from '../index.js';
import { PaidWithCredits } from '../refunds/refund.js';

let db: Database;
let source: DataSource;
const {
  buyers,
  uses,
  credits,
  creditReader,
  checkout,
  payments,
  products,
  orders,
  fulfilments,
  fulfilmentStore,
  refunds,
  manual,
} = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const now = new Date();
const late = new Date(now.getTime() + DAY);
const goods = { kind: 'text', content: 'a chart', fileId: null } as const;

/** Opens a shop whose command costs a scan, with a buyer who has some. */
async function openChart(scans: number, changes: Partial<NewProduct> = {}) {
  const terms = { paid_command: { command: 'chart', creditUnit: 'scan', creditAmount: 1 } };
  const server = { fulfilmentUrl: 'https://creator.com/', fulfilmentDeadlineSeconds: 3_600 };
  const shop = await openShop(db, { kind: 'paid_command', content: null, stars: 0, ...server, terms, ...changes });
  if (scans > 0) {
    const wish = { buyerId: shop.buyerId, unit: 'scan', amount: scans, reason: null, expiresAt: null };
    await shop.in((tx) => credits.grant(tx, wish, newUuid(), now));
  }
  const product = await shop.in((tx) => products.get(tx, shop.productId));
  return { ...shop, product };
}
type Chart = Shop & { readonly product: Product };

let lastUpdate = 0;
const nextUpdate = () => (lastUpdate += 1);
const use = ({ product, ...shop }: Chart, updateId = nextUpdate()) =>
  shop.in((tx) => uses.use(tx, { ...shop, product, updateId, arguments: 'BTC' }, now));
const held = async (chart: Chart, at = now) => {
  const [unit] = await chart.in((tx) => creditReader.balances(tx, chart.buyerId, at));
  return { balance: unit?.balance ?? 0, reserved: unit?.reserved ?? 0 };
};
const look = async (chart: Chart, id: string) => {
  const { order, fulfilment } = await chart.in((tx) => orders.details(tx, id));
  return { state: order.state, delivery: order.delivery, made: fulfilment?.state };
};
const eventsOf = async (chart: Chart, id: string) => {
  const rows = await chart.in((tx) =>
    tx.query<{ type: string; data: object }>('select type, data from events where order_id = $1 order by sequence', [
      id,
    ]),
  );
  return { types: rows.map((row) => row.type), text: JSON.stringify(rows.map((row) => row.data)) };
};
const deliver = (chart: Chart, { id }: OrderRow) =>
  chart.in(async (tx) => {
    await fulfilments.recordGoods(tx, id, goods, now);
    await orders.recordHandover(tx, id, { kind: 'delivered' }, now);
  });
const outcomes = (results: readonly PromiseSettledResult<unknown>[]) => ({
  done: results.filter((one) => one.status === 'fulfilled').length,
  refused: results.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : [])),
});

describe('a command paid with credits', () => {
  it('holds the credits, is sent to the server, and spends the credits when the answer is delivered', async () => {
    const chart = await openChart(3);
    const order = await use(chart);
    expect(order).toMatchObject({ state: 'paid', stars: 0, billing: 'credits', creditUnit: 'scan', creditAmount: 1 });
    expect(await held(chart)).toEqual({ balance: 3, reserved: 1 });
    expect(await chart.in((tx) => fulfilmentStore.toMake(tx, order.id, now))).toMatchObject({
      product: { command: 'chart' },
      order: { arguments: 'BTC' },
    });
    await chart.in((tx) => fulfilments.recordGoods(tx, order.id, goods, now));
    const facts = await chart.in((tx) => orders.deliveryFacts(tx, order.id, now));
    expect(facts).toMatchObject({ product: goods, paidCredits: { unit: 'scan', amount: 1, available: 2 } });
    for (let n = 0; n < 2; n += 1) {
      await chart.in((tx) => orders.recordHandover(tx, order.id, { kind: 'delivered' }, now));
    }
    expect(await held(chart)).toEqual({ balance: 2, reserved: 0 });
    const told = await eventsOf(chart, order.id);
    expect(told.types).toEqual(['order.paid', 'order.delivered', 'credits.spent']);
    expect(told.text).not.toContain('BTC');
  });

  it('is used once when its update arrives twice', async () => {
    const chart = await openChart(3);
    const updateId = nextUpdate();
    const first = await use(chart, updateId);
    expect((await use(chart, updateId)).id).toBe(first.id);
    expect(await held(chart)).toEqual({ balance: 3, reserved: 1 });
  });

  it('is used as often as there are credits, even by concurrent requests', async () => {
    const chart = await openChart(2);
    const { done, refused } = outcomes(await Promise.allSettled(Array.from({ length: 8 }, () => use(chart))));
    expect(done).toBe(2);
    expect(refused).toHaveLength(6);
    for (const error of refused) expect(error).toBeInstanceOf(InsufficientCredits);
    expect(await held(chart)).toEqual({ balance: 2, reserved: 2 });
    expect(await chart.in((tx) => tx.query('select 1 from orders'))).toHaveLength(2);
  });

  it('has no effect with too few credits, so that it can be used later', async () => {
    const chart = await openChart(0);
    const updateId = nextUpdate();
    await expect(use(chart, updateId)).rejects.toMatchObject({ available: 0, wanted: 1 });
    await chart.in((tx) =>
      credits.grant(
        tx,
        { buyerId: chart.buyerId, unit: 'scan', amount: 1, reason: null, expiresAt: null },
        newUuid(),
        now,
      ),
    );
    expect(await use(chart, updateId)).toMatchObject({ state: 'paid' });
  });

  it.each([
    [
      'refuses permanently',
      (chart: Chart, id: string) => chart.in((tx) => fulfilments.recordFailure(tx, id, 'no', now)),
    ],
    ['misses the deadline', (chart: Chart, id: string) => chart.in((tx) => fulfilments.expire(tx, id, late))],
    [
      'answers with goods that Telegram does not accept',
      (chart: Chart, id: string) =>
        chart.in(async (tx) => {
          await fulfilments.recordGoods(tx, id, goods, now);
          await orders.recordHandover(tx, id, { kind: 'failed', error: 'too long' }, now);
        }),
    ],
  ])('returns the credits once when the server %s, and notifies the buyer', async (_why, fails) => {
    const chart = await openChart(3);
    const order = await use(chart);
    await fails(chart, order.id);
    await fails(chart, order.id);
    expect(await look(chart, order.id)).toMatchObject({ state: 'refunded', delivery: 'revoked' });
    expect(await held(chart, late)).toEqual({ balance: 3, reserved: 0 });
    expect((await eventsOf(chart, order.id)).types.filter((type) => type === 'order.refunded')).toHaveLength(1);
    expect(await chart.in((tx) => fulfilmentStore.notice(tx, order.id))).toMatchObject({
      about: 'credits_back',
      creditUnit: 'scan',
      creditAmount: 1,
    });
  });

  it('ends in one way when the answer and the deadline are concurrent', async () => {
    const chart = await openChart(1);
    const order = await use(chart);
    await Promise.allSettled([
      chart.in((tx) => fulfilments.recordGoods(tx, order.id, goods, now)),
      chart.in((tx) => fulfilments.expire(tx, order.id, late)),
    ]);
    await chart.in((tx) => orders.recordHandover(tx, order.id, { kind: 'delivered' }, now));
    const { state } = await look(chart, order.id);
    expect(await held(chart)).toEqual({ balance: state === 'paid' ? 0 : 1, reserved: 0 });
  });

  it('is kept for a buyer who blocked the bot: the credits are spent, and it is delivered when they come back', async () => {
    const chart = await openChart(1);
    const order = await use(chart);
    await chart.in((tx) => fulfilments.recordGoods(tx, order.id, goods, now));
    await chart.in((tx) => orders.recordHandover(tx, order.id, { kind: 'unreachable', error: 'blocked' }, now));
    expect(await held(chart)).toEqual({ balance: 0, reserved: 0 });
    expect(await chart.in((tx) => orders.retryUnreachable(tx, chart.botId, chart.buyerId))).toBe(1);
    await chart.in((tx) => orders.recordHandover(tx, order.id, { kind: 'delivered' }, now));
    expect(await look(chart, order.id)).toMatchObject({ state: 'paid', delivery: 'delivered' });
  });

  it('spends the credits when it is marked as delivered by hand', async () => {
    const chart = await openChart(1);
    const order = await use(chart);
    const wish = { mode: 'mark_delivered', reason: 'by email', accountId: newUuid() } as const;
    await chart.in((tx) => manual.deliver(tx, order.id, wish, now));
    expect(await held(chart)).toEqual({ balance: 0, reserved: 0 });
  });

  it('cannot be refunded in Stars, and its reservation cannot be ended by a request', async () => {
    const chart = await openChart(1);
    const order = await use(chart);
    const wish = { reason: null, by: 'system' };
    await expect(chart.in((tx) => refunds.request(tx, order.id, wish, now))).rejects.toThrow(PaidWithCredits);
    const [reservation] = await chart.in((tx) => tx.query<{ id: string }>('select id from credit_reservations'));
    const id = String(reservation?.id);
    const refused = { code: 'reservation_of_order' };
    await expect(chart.in((tx) => credits.release(tx, id, newUuid(), now))).rejects.toMatchObject(refused);
    await expect(chart.in((tx) => credits.commit(tx, id, undefined, newUuid(), now))).rejects.toMatchObject(refused);
    expect(await held(chart)).toEqual({ balance: 1, reserved: 1 });
    await deliver(chart, order);
    expect(await held(chart)).toEqual({ balance: 0, reserved: 0 });
  });

  it('respects the stock, the sale period and the limit per buyer like a purchase', async () => {
    const limited = await openChart(9, { stock: 3, limitPerBuyer: 2 });
    const many = outcomes(await Promise.allSettled(Array.from({ length: 5 }, () => use(limited))));
    expect(many.done).toBe(2);
    for (const error of many.refused) expect(error).toMatchObject({ reason: 'limit_reached' });
    expect((await limited.in((tx) => products.get(tx, limited.productId))).stock).toBe(1);
    const over = await openChart(9, { saleEndsAt: new Date(now.getTime() - 1) });
    await expect(use(over)).rejects.toThrow(NotForSale);
    expect(await held(over)).toEqual({ balance: 9, reserved: 0 });
  });

  it('takes a unit only from limited stock', async () => {
    const [endless, limited] = [await openChart(1), await openChart(1, { stock: 3 })];
    for (const [chart, stock, reserved] of [
      [endless, null, false],
      [limited, 2, true],
    ] as const) {
      const { id } = await use(chart);
      expect(await chart.in((tx) => tx.query('select stock_reserved from orders where id = $1', [id]))).toEqual([
        { stock_reserved: reserved },
      ]);
      expect((await chart.in((tx) => products.get(tx, chart.productId))).stock).toBe(stock);
    }
  });

  it('is used once by two concurrent buyers when one unit is left', async () => {
    const chart = await openChart(1, { stock: 1 });
    const friend = { ...chart, buyerId: telegramId() };
    await chart.in(async (tx) => {
      await buyers.introduce(tx, chart.botId, { id: friend.buyerId });
      const wish = { buyerId: friend.buyerId, unit: 'scan', amount: 1, reason: null, expiresAt: null };
      await credits.grant(tx, wish, newUuid(), now);
    });
    // Both have checked the stock before either takes the unit.
    const owner = await openAsOwner();
    const shelf = ['select from products where id = $1 for no key update', [chart.productId]] as const;
    const both = await whileHeld(owner, shelf, async (release) => {
      const uses = Promise.allSettled([use(chart), use(friend)]);
      await waiting(owner, '%update products%', 2);
      await release();
      return uses;
    });
    await owner.destroy();
    const { done, refused } = outcomes(both);
    expect(done).toBe(1);
    expect(refused).toMatchObject([{ reason: 'sold_out' }]);
    expect((await chart.in((tx) => products.get(tx, chart.productId))).stock).toBe(0);
    expect((await held(chart)).reserved + (await held(friend)).reserved).toBe(1);
  });

  it('is not found if its product belongs to another tenant', async () => {
    const [mine, theirs] = [await openChart(1), await openChart(1)];
    await expect(use({ ...mine, product: theirs.product })).rejects.toThrow(NotFound);
    expect(await held(mine)).toEqual({ balance: 1, reserved: 0 });
  });
});

describe('a command paid with Stars', () => {
  it("keeps the buyer's text until it is paid, then sends it to the creator’s server", async () => {
    const terms = { paid_command: { command: 'chart', needsArguments: true } };
    const chart = await openChart(0, { stars: 5, terms });
    const ids = { botId: chart.botId, buyerId: chart.buyerId, productId: chart.productId };
    await expect(chart.in((tx) => checkout.place(tx, { ...ids, updateId: nextUpdate() }, now))).rejects.toThrow(
      UsedByCommand,
    );
    const placing = { ...ids, updateId: nextUpdate(), arguments: 'BTC' };
    const { order } = await chart.in((tx) => checkout.place(tx, placing, now));
    await chart.in((tx) => payments.record(tx, paymentFor(order), now));
    expect(await chart.in((tx) => fulfilmentStore.toMake(tx, order.id, now))).toMatchObject({
      order: { arguments: 'BTC' },
    });
  });

  it('cannot be bought with Stars if it costs only credits', async () => {
    const chart = await openChart(1);
    const { botId, buyerId, productId } = chart;
    const ids = { botId, buyerId, productId };
    await expect(chart.in((tx) => checkout.place(tx, { ...ids, updateId: nextUpdate() }, now))).rejects.toThrow(
      UsedByCommand,
    );
  });
});
