import type { DataSource } from 'typeorm';
import type { Database, TenantTx } from '#libs/database';
import { newUuid, NotFound, publicId } from '#libs/kernel';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop, telegramId } from '../../../../test/support/shop.js';

let db: Database;
let source: DataSource;
const { buyers, checkout, orders, payments, products, ledger } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

/** A second bot of the same workspace: row-level security does not separate the two. */
async function secondBot(shop: Shop): Promise<string> {
  const id = newUuid();
  const values = [shop.tenantId, id, telegramId()];
  await shop.in((tx) =>
    tx.query(
      `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
       values ($1, $2, $3, 'second_bot', 'Second', '{}', '\\x00', 'last', 'active')`,
      values,
    ),
  );
  return id;
}

const place = (shop: Shop) =>
  shop.in(async (tx) => (await checkout.place(tx, { ...shop, updateId: 1 }, new Date())).order);

describe('another bot of the same workspace', () => {
  it('does not approve an order that is not its own', async () => {
    const shop = await openShop(db);
    const [order, other] = [await place(shop), await secondBot(shop)];
    const query = { queryId: 'q', buyerId: order.buyerId, currency: 'XTR', amount: order.stars };
    const asked = shop.in((tx) => checkout.approve(tx, other, publicId('order', order.id), query, new Date()));
    expect(await asked).toMatchObject({ ok: false, refusal: 'unknown_order' });
  });

  it('attack 3: is paid only for its own orders, and a payment with another bot’s order is held', async () => {
    const shop = await openShop(db);
    const [order, other] = [await place(shop), await secondBot(shop)];
    const payment = paymentFor(order, { botId: other });
    expect(await shop.in((tx) => payments.record(tx, payment, new Date()))).toMatchObject({ outcome: 'unmatched' });
    expect(await shop.in((tx) => ledger.balance(tx, other, 'held'))).toBe(-order.stars);
    expect(await shop.in((tx) => ledger.balance(tx, shop.botId, 'telegram'))).toBe(0);
  });
});

describe('a person who buys from two bots of one workspace', () => {
  /** Creates a buyer with a paid, undelivered order at each bot. */
  async function atBoth() {
    const shop = await openShop(db, { limitPerBuyer: 1 });
    const other = { ...shop, botId: await secondBot(shop) };
    const fields = {
      botId: other.botId,
      kind: 'text',
      title: 'Map',
      description: 'A map',
      stars: 50,
      content: 'm',
    } as const;
    const productId = await shop.in(async (tx) => {
      await buyers.introduce(tx, other.botId, { id: shop.buyerId });
      return (await products.create(tx, fields)).id;
    });
    const sale = async (at: Shop) => {
      const order = await place(at);
      await shop.in((tx) => payments.record(tx, paymentFor(order), new Date()));
      return order;
    };
    return { shop, other, mine: await sale(shop), theirs: await sale({ ...other, productId }) };
  }

  it('sees in each bot only what was bought there', async () => {
    const { shop, other, mine, theirs } = await atBoth();
    const seen = async (botId: string) =>
      (await shop.in((tx) => orders.purchases(tx, botId, shop.buyerId, 10))).map(({ id }) => id);
    expect(await seen(shop.botId)).toEqual([mine.id]);
    expect(await seen(other.botId)).toEqual([theirs.id]);
  });

  it('can request from each bot only what was bought there', async () => {
    const { shop, other, mine } = await atBoth();
    const asks = (botId: string) => shop.in((tx) => orders.handOverAgain(tx, botId, shop.buyerId, mine.id, new Date()));
    await expect(asks(other.botId)).rejects.toThrow(NotFound);
    expect(await asks(shop.botId)).toBe('on_its_way');
  });

  it('gets only the undelivered orders of the bot to which they return', async () => {
    const { shop, other, mine, theirs } = await atBoth();
    await shop.in((tx) => tx.query(`update orders set delivery = 'unreachable'`));
    expect(await shop.in((tx) => orders.retryUnreachable(tx, other.botId, shop.buyerId))).toBe(1);
    const states = await shop.in((tx) => tx.query<{ id: string; delivery: string }>('select id, delivery from orders'));
    expect(Object.fromEntries(states.map(({ id, delivery }) => [id, delivery]))).toEqual({
      [mine.id]: 'unreachable',
      [theirs.id]: 'waiting',
    });
  });
});

describe('another workspace', () => {
  it('attack 3: cannot be paid for our orders: a payment to its bot with our order is held there', async () => {
    const [shop, hostile] = [await openShop(db), await openShop(db)];
    const order = await place(shop);
    const payment = paymentFor(order, { botId: hostile.botId, stars: order.stars });
    expect(await hostile.in((tx) => payments.record(tx, payment, new Date()))).toMatchObject({ outcome: 'unmatched' });
    expect(await hostile.in((tx) => ledger.balance(tx, hostile.botId, 'held'))).toBe(-order.stars);
    expect(await hostile.in((tx) => ledger.balance(tx, hostile.botId, 'earned'))).toBe(0);
    const stands = await shop.in((tx) => tx.query('select state from orders where id = $1', [order.id]));
    expect(stands).toEqual([{ state: 'placed' }]);
    for (const one of [shop, hostile]) {
      expect(await one.in((tx) => tx.query('select from entitlements where order_id = $1', [order.id]))).toEqual([]);
    }
  });
});

/** Runs `work` eight times, in transactions that are all open before the first one starts it. */
function eightAtOnce<T>(shop: Shop, work: (tx: TenantTx) => Promise<T>): Promise<T[]> {
  let open = (): void => undefined;
  let waiting = 8;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const once = () =>
    shop.in(async (tx) => {
      await tx.query('select 1');
      waiting -= 1;
      if (waiting === 0) open();
      await gate;
      return work(tx);
    });
  return Promise.all(Array.from({ length: 8 }, once));
}

it('an unmatched payment counts once, however often it is reported concurrently', async () => {
  const shop = await openShop(db);
  const payment = paymentFor(await place(shop), { payload: 'not ours' });
  const recorded = await eightAtOnce(shop, (tx) => payments.record(tx, payment, new Date()));
  const outcomes = recorded.map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === 'unmatched')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'already_recorded')).toHaveLength(7);
});
