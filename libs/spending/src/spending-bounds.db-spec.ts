import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { EventStore } from '#libs/journal';
import { DAY, MINUTE, newUuid } from '#libs/kernel';
import { openTestDatabase } from '../../../test/support/database.js';
import { openShop, type Shop } from '../../../test/support/shop.js';
import { CUT_OFF_MS, fingerprintOf, LISTED_WITHIN_MS, SpendingUnderWay } from './spending.js';
import { SpendingReconciler } from './spending.reconciler.js';
import { SpendingStore } from './spending.store.js';

let db: Database;
let source: DataSource;
const store = new SpendingStore(new EventStore());
const reconciler = new SpendingReconciler(store);
const now = new Date();
const after = (ms: number) => new Date(now.getTime() + ms);

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const begin = (shop: Shop, key = newUuid()) => {
  const call = { kind: 'gift', stars: 15, maxStars: 20, details: { gift_id: 'g' } } as const;
  const asked = { businessConnectionId: null, idempotencyKey: key, fingerprint: fingerprintOf('gift', shop.botId, {}) };
  const wanted = { botId: shop.botId, personId: shop.buyerId, requestedBy: 'test', ...call, ...asked };
  return shop.in((tx) => store.begin(tx, wanted, now));
};
type Row = Awaited<ReturnType<typeof begin>>;
const end = (shop: Shop, row: Row, state: 'done' | 'unknown') => shop.in((tx) => store.move(tx, row, state, {}, now));
const get = (shop: Shop, { id }: Row) => shop.in((tx) => store.get(tx, id));
const list = (shop: Shop, id: string, occurredAt: Date) =>
  shop.in((tx) =>
    tx.query(
      `insert into star_transactions (tenant_id, bot_id, id, direction, kind, amount, nanostars, buyer_id, position, occurred_at, raw, settled)
       values ($1, $2, $3, 'out', 'gift_purchase', 15, 0, $4, 1, $5, '{}', true)`,
      [tx.tenantId, shop.botId, id, shop.buyerId, occurredAt],
    ),
  );
const settle = (shop: Shop, readFrom: Date, at = readFrom) =>
  shop.in((tx) => reconciler.settle(tx, shop.botId, readFrom, at));

describe('an interrupted call', () => {
  it('is in progress until exactly ten minutes after its start', async () => {
    const shop = await openShop(db);
    const row = await begin(shop);
    const known = (at: Date) => shop.in((tx) => store.known(tx, row.idempotencyKey, row.fingerprint, at));
    await expect(known(after(CUT_OFF_MS - 1))).rejects.toThrow(SpendingUnderWay);
    expect(await known(after(CUT_OFF_MS))).toMatchObject({ state: 'unknown', failure: 'The call was interrupted.' });
  });

  it('is found and given up once after that', async () => {
    const shop = await openShop(db);
    const [row, done] = [await begin(shop), await begin(shop)];
    await end(shop, done, 'done');
    const found = async (at: Date) => {
      const all = await db.inPlatform('a test', (tx) => store.cutOff(tx, at, 1_000));
      return all.find(({ tenantId }) => tenantId === shop.tenantId)?.ids ?? [];
    };
    const giveUp = (at: Date) => shop.in((tx) => store.giveUp(tx, [row.id, done.id], at));
    const [before, then] = [after(CUT_OFF_MS - 1), after(CUT_OFF_MS)];
    expect([await found(before), await giveUp(before)]).toEqual([[], 0]);
    expect([await found(then), await giveUp(then)]).toEqual([[row.id], 1]);
    expect([await found(then), await giveUp(then)]).toEqual([[], 0]);
    expect(await get(shop, done)).toMatchObject({ state: 'done' });
  });
});

describe("a row of Telegram's list", () => {
  it.each([
    [-2 * MINUTE - 1, false],
    [-2 * MINUTE, true],
    [LISTED_WITHIN_MS, true],
    [LISTED_WITHIN_MS + 1, false],
  ])('%d ms after the call belongs to it: %j', async (ms, belongs) => {
    const shop = await openShop(db);
    const row = await end(shop, await begin(shop), 'unknown');
    await list(shop, 'stx', after(ms));
    await settle(shop, after(LISTED_WITHIN_MS));
    expect((await get(shop, row)).state).toBe(belongs ? 'done' : 'unknown');
  });

  it.each([
    [-30 * MINUTE - 1, 'refused'],
    [-30 * MINUTE, 'unknown'],
    [22 * MINUTE, 'unknown'],
    [22 * MINUTE + 1, 'refused'],
  ])('%d ms after a call leaves its outcome %s after twenty minutes', async (ms, state) => {
    const shop = await openShop(db);
    const row = await end(shop, await begin(shop), 'unknown');
    await list(shop, 'stx', after(ms));
    await settle(shop, after(20 * MINUTE));
    expect((await get(shop, row)).state).toBe(state);
  });
});

describe('a list without the call', () => {
  it.each([
    [LISTED_WITHIN_MS, 'unknown'],
    [LISTED_WITHIN_MS + 1, 'refused'],
  ])('read from %d ms after it means that it is %s', async (ms, state) => {
    const shop = await openShop(db);
    const row = await end(shop, await begin(shop), 'unknown');
    await settle(shop, after(ms), after(DAY));
    expect((await get(shop, row)).state).toBe(state);
  });

  it('proves nothing about a completed call, which is searched for during a day', async () => {
    const shop = await openShop(db);
    const row = await end(shop, await begin(shop), 'done');
    await settle(shop, after(DAY - 1));
    expect(await get(shop, row)).toMatchObject({ state: 'done', telegramTransactionId: null });
    await list(shop, 'stx', now);
    await settle(shop, after(DAY));
    expect((await get(shop, row)).telegramTransactionId).toBeNull();
    await settle(shop, after(DAY - 1));
    expect((await get(shop, row)).telegramTransactionId).toBe('stx');
  });
});
