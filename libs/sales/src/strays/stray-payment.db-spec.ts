import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { EventStore } from '#libs/journal';
import { openTestDatabase } from '../../../../test/support/database.js';
import { openShop, type Shop } from '../../../../test/support/shop.js';
import type { StrayPayment } from './stray-payment.js';
import { StrayPayments } from './stray-payment.service.js';

let db: Database;
let source: DataSource;
const strays = new StrayPayments(new EventStore());

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const now = new Date();
const strayOf = ({ botId, buyerId }: Shop, updateId = 1): StrayPayment => ({
  botId,
  updateId,
  kind: 'successful_payment',
  reason: 'currency',
  telegramChargeId: 'ch_1',
  currency: 'EUR',
  amount: '499',
  buyerId,
  payload: 'old',
  occurredAt: now,
});
const record = (shop: Shop, stray = strayOf(shop)) => shop.in((tx) => strays.record(tx, stray, now));
const list = (shop: Shop) =>
  shop.in((tx) => strays.list(tx, { limit: 10, before: undefined, after: undefined } as never));
const strayEvents = (shop: Shop) =>
  shop.in((tx) => tx.query(`select 1 from events where tenant_id = $1 and type = 'payment.stray'`, [tx.tenantId]));

it('a stray payment is stored and reported once, even if it is recorded repeatedly and concurrently', async () => {
  const shop = await openShop(db);
  await Promise.all(Array.from({ length: 8 }, () => record(shop)));
  await record(shop);
  expect(await list(shop)).toMatchObject([
    { reason: 'currency', currency: 'EUR', amount: '499', buyerId: shop.buyerId },
  ]);
  expect(await strayEvents(shop)).toHaveLength(1);
});

it('a stray payment can neither be seen nor written by another workspace', async () => {
  const [shop, stranger] = [await openShop(db), await openShop(db)];
  await record(shop);
  expect(await list(stranger)).toEqual([]);
  await expect(record(stranger, strayOf(shop, 2))).rejects.toThrow();
  expect(await list(shop)).toHaveLength(1);
});
