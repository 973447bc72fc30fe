import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { EventStore, InboxKeeper, LocalDoorbell, ringForCommits } from '#libs/journal';
import { DAY, MINUTE, newUuid, publicId } from '#libs/kernel';
import { Rounds, Stopping } from '#libs/process';
import { fingerprintOf, SPENDING_KINDS, SpendingStore } from '#libs/spending';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';
import { Sweeper } from './sweeper.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
const { checkout, endings, payments, refunds } = salesServices();
const spendings = new SpendingStore(new EventStore());
const bell = new LocalDoorbell();
const sweeper = (now = new Date()) =>
  new Sweeper(db, endings, spendings, refunds, new InboxKeeper(), new Rounds(new Stopping()), {
    now: () => now,
  });
const later = (days: number) => new Date(Date.now() + days * DAY);

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  ringForCommits(db, bell);
  owner = await openAsOwner();
});
afterAll(async () => {
  await Promise.all([source.destroy(), owner.destroy()]);
});

const count = async (shop: Shop, sql: string) =>
  (await shop.in((tx) => tx.query<{ n: number }>(`select count(*)::int as n from ${sql}`)))[0]?.n;

it('the sweeper expires overdue orders and releases abandoned reservations of all tenants, in batches and concurrently', async () => {
  const shops = await Promise.all([openShop(db, { stock: 150 }), openShop(db)]);
  for (const shop of shops) {
    for (let i = 0; i < 130; i += 1) {
      const order = await shop.in(async (tx) => (await checkout.place(tx, { ...shop, updateId: i }, new Date())).order);
      const query = { queryId: 'q', buyerId: shop.buyerId, currency: 'XTR', amount: 50 };
      await shop.in((tx) => checkout.approve(tx, shop.botId, publicId('order', order.id), query, new Date()));
    }
  }
  let rung = 0;
  bell.listen('relay', () => (rung += 1));
  const day = later(2);
  await Promise.all([sweeper(day).sweepOrders(), sweeper(day).sweepOrders(), sweeper(day).sweepOrders()]);
  await sweeper(day).sweepOrders();
  for (const shop of shops) {
    expect(await count(shop, `orders where state <> 'expired' or stock_reserved`)).toBe(0);
    expect(await count(shop, `events where type = 'order.expired'`)).toBe(130);
    expect(await count(shop, `products where coalesce(stock, 150) <> 150`)).toBe(0);
  }
  expect(rung).toBeGreaterThan(0);
}, 60_000);

it('concurrent sweepers mark each interrupted spending as unknown once', async () => {
  const shop = await openShop(db);
  const now = Date.now();
  const begin = (kind: (typeof SPENDING_KINDS)[number], minutesAgo: number) =>
    shop.in((tx) =>
      spendings.begin(
        tx,
        {
          botId: shop.botId,
          businessConnectionId: null,
          kind,
          idempotencyKey: newUuid(),
          fingerprint: fingerprintOf(kind, shop.botId, {}),
          stars: 1,
          maxStars: 1,
          personId: shop.buyerId,
          details: {},
          requestedBy: 'test',
        },
        new Date(now - minutesAgo * MINUTE),
      ),
    );
  for (const kind of SPENDING_KINDS) await begin(kind, 11);
  const { id: underWay } = await begin('gift', 9);
  await owner.query(`update bots set state = 'token_invalid' where id = $1`, [shop.botId]);
  await Promise.all([sweeper().sweepSpendings(), sweeper().sweepSpendings()]);
  await sweeper().sweepSpendings();
  expect(await count(shop, `spendings where state = 'unknown'`)).toBe(SPENDING_KINDS.length);
  expect(await count(shop, `spendings where state = 'begun' and id = '${underWay}'`)).toBe(1);
  expect(await count(shop, `events where type = 'spending.unknown'`)).toBe(SPENDING_KINDS.length);
});

it('the sweeper deletes updates handled more than 8 days ago, but not parked ones', async () => {
  const shop = await openShop(db);
  await owner.query(
    `insert into inbox (tenant_id, bot_id, update_id, lane, kind, body, state, handled_at)
     values ($1, $2, 1, 1, 'message', '{}', 'done', now() - interval '8 days 1 minute'),
            ($1, $2, 2, 1, 'message', '{}', 'done', now() - interval '7 days 23 hours'),
            ($1, $2, 3, 1, 'message', '{}', 'parked', null)`,
    [shop.tenantId, shop.botId],
  );
  expect(await sweeper().forget()).toBeGreaterThanOrEqual(1);
  expect(await count(shop, 'inbox')).toBe(2);
});

describe('a promised refund that an earlier version gave up', () => {
  /** Creates a refund that Telegram refused when refusals still ended promised refunds. */
  async function dropped(delivery: 'waiting' | 'delivered', match: 'order' | 'duplicate') {
    const shop = await openShop(db);
    const { order } = await shop.in((tx) => checkout.place(tx, { ...shop, updateId: 1 }, new Date()));
    const pay = () => shop.in((tx) => payments.record(tx, paymentFor(order), new Date()));
    await pay();
    // A second payment is returned automatically.
    if (match === 'duplicate') await pay();
    else await shop.in((tx) => refunds.request(tx, order.id, { reason: 'late', by: 'system' }, new Date()));
    const [refund] = await owner.query<Array<{ id: string }>>('select id from refunds where tenant_id = $1', [
      shop.tenantId,
    ]);
    const id = String(refund?.id);
    await shop.in((tx) => refunds.begin(tx, id, new Date()));
    await shop.in((tx) => refunds.fail(tx, id, 'BALANCE_TOO_LOW', new Date()));
    await owner.query(`delete from jobs where kind = 'refund.execute' and tenant_id = $1`, [shop.tenantId]);
    await owner.query('update orders set delivery = $2 where tenant_id = $1', [shop.tenantId, delivery]);
    return shop;
  }
  const states = async (shop: Shop) =>
    owner.query('select state, requested_by from refunds where tenant_id = $1 order by created_at, state', [
      shop.tenantId,
    ]);

  it.each([
    ['delivered', 'duplicate', 1],
    ['waiting', 'order', 1],
    ['delivered', 'order', 0],
  ] as const)('is resumed for a %s order whose charge matches as %s: %d times', async (delivery, match, times) => {
    const shop = await dropped(delivery, match);
    await Promise.all([sweeper().sweepPromises(), sweeper().sweepPromises()]);
    await sweeper().sweepPromises();
    const again = { state: 'requested', requested_by: 'system' };
    const failed = { state: 'failed', requested_by: 'system' };
    expect(await states(shop)).toEqual(times === 1 ? [failed, again] : [failed]);
    expect(await count(shop, `jobs where kind = 'refund.execute' and state = 'waiting'`)).toBe(times);
  });
});
