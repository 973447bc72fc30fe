import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { EventStore } from '#libs/journal';
import { MINUTE, newUuid, NotFound } from '#libs/kernel';
import { IdempotencyMismatch } from '#libs/ledger';
import { openTestDatabase } from '../../../test/support/database.js';
import { openShop, type Shop } from '../../../test/support/shop.js';
import { fingerprintOf, SpendingUnderWay } from './spending.js';
import { SpendingReconciler } from './spending.reconciler.js';
import { type NewSpending, SpendingStore } from './spending.store.js';

let db: Database;
let source: DataSource;
const store = new SpendingStore(new EventStore());
const reconciler = new SpendingReconciler(store);
const now = new Date();
const after = (ms: number) => new Date(now.getTime() + ms);

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

const wanted = (shop: Shop, changes: Partial<NewSpending> = {}): NewSpending => ({
  botId: shop.botId,
  businessConnectionId: null,
  kind: 'gift',
  idempotencyKey: newUuid(),
  fingerprint: fingerprintOf('gift', shop.botId, {}),
  stars: 15,
  maxStars: 20,
  personId: shop.buyerId,
  details: { gift_id: 'g' },
  requestedBy: 'test',
  ...changes,
});

const begin = (shop: Shop, changes: Partial<NewSpending> = {}, at = now) =>
  shop.in((tx) => store.begin(tx, wanted(shop, changes), at));
const end = (shop: Shop, row: Awaited<ReturnType<typeof begin>>, state: 'done' | 'refused' | 'unknown') =>
  shop.in((tx) => store.move(tx, row, state, {}, now));
const get = (shop: Shop, id: string) => shop.in((tx) => store.get(tx, id));
const settle = (shop: Shop, at = after(20 * MINUTE)) => shop.in((tx) => reconciler.settle(tx, shop.botId, at, at));

/** Adds a row to Telegram's list. */
const list = (shop: Shop, id: string, changes: Record<string, unknown> = {}) =>
  shop.in((tx) =>
    tx.query(
      `insert into star_transactions (tenant_id, bot_id, id, direction, kind, amount, nanostars, buyer_id, position, occurred_at, raw, settled)
       select $1, $2, $3, direction, kind, amount, 0, coalesce(person, $4), 1, coalesce(at, $5), '{}', true
       from jsonb_to_record($6) as r (direction text, kind text, amount int, person bigint, at timestamptz)`,
      [
        tx.tenantId,
        shop.botId,
        id,
        shop.buyerId,
        after(1_000),
        JSON.stringify({ direction: 'out', kind: 'gift_purchase', amount: 15, ...changes }),
      ],
    ),
  );

describe('an idempotency key', () => {
  const known = (shop: Shop, row: NewSpending, at = now) =>
    shop.in((tx) => store.known(tx, row.idempotencyKey, row.fingerprint, at));

  it('starts one spending, however many requests are concurrent', async () => {
    const shop = await openShop(db);
    const row = wanted(shop);
    const begun = await Promise.allSettled(Array.from({ length: 6 }, () => shop.in((tx) => store.begin(tx, row, now))));
    const refusals = begun.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refusals).toHaveLength(5);
    expect(refusals.every((reason) => reason instanceof SpendingUnderWay)).toBe(true);
    await expect(known(shop, row)).rejects.toThrow(SpendingUnderWay);
  });

  it('identifies one request, in one workspace', async () => {
    const [shop, stranger] = [await openShop(db), await openShop(db)];
    const row = wanted(shop);
    const done = await end(shop, await begin(shop, row), 'done');
    expect(await known(shop, row)).toMatchObject({ id: done.id, state: 'done' });
    const other = { ...row, fingerprint: fingerprintOf('gift', shop.botId, { gift_id: 'other' }) };
    await expect(known(shop, other)).rejects.toThrow(IdempotencyMismatch);
    expect(await known(stranger, row)).toBeUndefined();
    await expect(get(stranger, done.id)).rejects.toThrow(NotFound);
  });

  it('can be used again for a refused request, but not for one that may have succeeded', async () => {
    const shop = await openShop(db);
    const row = wanted(shop);
    const refused = await end(shop, await begin(shop, row), 'refused');
    expect(await known(shop, row)).toBeUndefined();
    const again = await begin(shop, row);
    expect([again.id, again.state]).toEqual([refused.id, 'begun']);
    await end(shop, again, 'unknown');
    expect(await known(shop, row)).toMatchObject({ state: 'unknown' });
    await expect(begin(shop, row)).rejects.toThrow(SpendingUnderWay);
  });

  it('of an interrupted call leads to an unknown outcome after a while', async () => {
    const shop = await openShop(db);
    const row = wanted(shop);
    await begin(shop, row);
    expect(await known(shop, row, after(11 * MINUTE))).toMatchObject({ state: 'unknown' });
  });
});

describe('a reconciliation with Telegram', () => {
  it('finds completed calls and settles lost answers, each with its own row', async () => {
    const shop = await openShop(db);
    const unknown = await end(shop, await begin(shop), 'unknown');
    const done = await end(shop, await begin(shop), 'done');
    await list(shop, 'stx-one');
    await settle(shop, after(MINUTE));
    // Both spendings match the row, which belongs to the one that certainly happened.
    expect(await get(shop, done.id)).toMatchObject({ telegramTransactionId: 'stx-one' });
    expect(await get(shop, unknown.id)).toMatchObject({ state: 'unknown' });
    await list(shop, 'stx-two');
    await settle(shop, after(MINUTE));
    expect(await get(shop, unknown.id)).toMatchObject({ state: 'done', telegramTransactionId: 'stx-two' });
  });

  it.each([
    ['another person', { person: 7 }],
    ['another kind', { kind: 'premium_purchase' }],
    ['the other direction', { direction: 'in' }],
    ['another time', { at: after(-60 * MINUTE) }],
  ])('ignores a row of %s, and concludes from a list without the call that it was not made', async (_, changes) => {
    const shop = await openShop(db);
    const row = await end(shop, await begin(shop), 'unknown');
    await list(shop, 'stx-other', changes);
    await settle(shop, after(4 * MINUTE));
    expect(await get(shop, row.id)).toMatchObject({ state: 'unknown' });
    await settle(shop);
    expect(await get(shop, row.id)).toMatchObject({ state: 'refused', telegramTransactionId: null });
  });

  it.each([
    ['another amount', { amount: 16 }],
    ['a later time', { at: after(12 * MINUTE) }],
    ['a somewhat earlier time', { at: after(-20 * MINUTE) }],
  ])('draws no conclusion while the list has a similar row of %s', async (_, changes) => {
    const shop = await openShop(db);
    const row = await end(shop, await begin(shop), 'unknown');
    await list(shop, 'stx-like-it', changes);
    await settle(shop);
    expect(await get(shop, row.id)).toMatchObject({ state: 'unknown', telegramTransactionId: null });
    const { idempotencyKey: key, fingerprint } = row;
    expect(await shop.in((tx) => store.known(tx, key, fingerprint, after(20 * MINUTE)))).toMatchObject({
      state: 'unknown',
    });
  });

  it('ignores calls in progress and calls that never appear in the list', async () => {
    const shop = await openShop(db);
    const begun = await begin(shop, {}, after(5 * MINUTE));
    const upgrade = await end(shop, await begin(shop, { kind: 'gift_upgrade' }), 'unknown');
    await settle(shop);
    expect(await get(shop, begun.id)).toMatchObject({ state: 'begun' });
    expect(await get(shop, upgrade.id)).toMatchObject({ state: 'unknown' });
  });

  it('checks unknown calls even if many completed ones were never found in the list', async () => {
    const shop = await openShop(db);
    const unknown = await end(shop, await begin(shop), 'unknown');
    await shop.in((tx) =>
      tx.query(
        `insert into spendings (tenant_id, id, bot_id, kind, state, idempotency_key, fingerprint, stars, max_stars, person_id, details,
           requested_by, begun_at)
         select tenant_id, gen_random_uuid(), bot_id, kind, 'done', 'old ' || n, fingerprint, stars, max_stars, person_id, details,
           requested_by, begun_at - interval '25 hours' from spendings, generate_series(1, 600) n where id = $1`,
        [unknown.id],
      ),
    );
    await list(shop, 'stx-one');
    await settle(shop);
    expect(await get(shop, unknown.id)).toMatchObject({ state: 'done', telegramTransactionId: 'stx-one' });
  });

  it('reports an outcome once, even when it is repeated or concurrent', async () => {
    const shop = await openShop(db);
    const row = await end(shop, await begin(shop), 'unknown');
    await list(shop, 'stx-one');
    await Promise.all([settle(shop), settle(shop), settle(shop)]);
    await settle(shop);
    expect(await get(shop, row.id)).toMatchObject({ state: 'done', telegramTransactionId: 'stx-one' });
    const told = await shop.in((tx) => tx.query(`select 1 from events where type = 'spending.succeeded'`));
    expect(told).toHaveLength(1);
  });
});
