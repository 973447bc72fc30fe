import type { DataSource } from 'typeorm';
import type { Database, TenantTx } from '#libs/database';
import { newUuid, NotFound } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../test/support/database.js';
import { openShop, type Shop } from '../../../test/support/shop.js';
import { type ClaimedUpdate, EXTEND_EVERY_MS, InboxKeeper, InboxQueue, InboxStore, UpdateNotParked } from './index.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
const [store, keeper] = [new InboxStore(), new InboxKeeper()];

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
// A claim considers every waiting update in this database, so the updates of other tests are marked as done.
beforeEach(() => owner.query(`update inbox set state = 'done', handled_at = now() where state = 'waiting'`));
afterAll(async () => {
  await Promise.all([source.destroy(), owner.destroy()]);
});

interface Arrival {
  readonly updateId: number;
  readonly lane?: number;
  readonly kind?: string;
}

const arrive = (shop: Shop, arrivals: readonly Arrival[]) =>
  db.inPlatform('a test', (tx) =>
    store.store(
      tx,
      arrivals.map(({ updateId, lane = 1, kind = 'message' }) => ({
        tenantId: shop.tenantId,
        botId: shop.botId,
        updateId,
        lane,
        kind,
        body: `{"update_id":${updateId}}`,
      })),
    ),
  );
const flood = (shop: Shop, count: number, laneOf: (i: number) => number, kind = 'message') =>
  owner.query(
    `insert into inbox (tenant_id, bot_id, update_id, lane, kind, body)
     select $1, $2, n, lane, $5, '{}' from unnest($3::bigint[], $4::bigint[]) as u (n, lane)`,
    [
      shop.tenantId,
      shop.botId,
      Array.from({ length: count }, (_, i) => i + 1),
      Array.from({ length: count }, (_, i) => laneOf(i)),
      kind,
    ],
  );
const claim = (queue: InboxQueue, limits = { any: 16, money: 20 }, busy?: ReadonlyMap<string, number>) =>
  db.inPlatform('a test', (tx) => queue.claim(tx, busy === undefined ? limits : { ...limits, busy }));
const idsOf = (updates: readonly ClaimedUpdate[]) => updates.map((update) => update.updateId).sort((a, b) => a - b);
const inTenant = <T>(shop: Shop, work: (tx: TenantTx) => Promise<T>) => db.inTenant(shop.tenantId, work);
const done = (shop: Shop, update: ClaimedUpdate, queue = new InboxQueue()) =>
  inTenant(shop, (tx) => queue.done(tx, update));
const expireLease = (shop: Shop) =>
  owner.query(`update inbox set lease_until = now() - interval '1 second' where bot_id = $1 and lease is not null`, [
    shop.botId,
  ]);
/** Claims and handles updates until one of this bot is claimed. @returns the number of claims */
async function claimsUntil(queue: InboxQueue, shop: Shop): Promise<number> {
  for (let claims = 1; claims <= 200; claims += 1) {
    const { updates } = await claim(queue);
    if (updates.some((update) => update.botId === shop.botId)) return claims;
    for (const update of updates) {
      await db.inTenant(update.tenantId, (tx) => queue.done(tx, update));
    }
  }
  return Number.POSITIVE_INFINITY;
}

describe('the queue of updates', () => {
  it('keeps the order within a chat: an update waits until the previous one is done, even after a failed attempt', async () => {
    const [shop, queue] = [await openShop(db), new InboxQueue()];
    await arrive(shop, [{ updateId: 1 }, { updateId: 2 }, { updateId: 9, lane: 2 }]);
    const first = (await claim(queue)).updates;
    expect(idsOf(first)).toEqual([1, 9]);
    expect((await claim(queue)).updates).toEqual([]);
    for (const update of first) await inTenant(shop, (tx) => queue.retry(tx, update, 60_000, 'not now'));
    expect((await claim(queue)).updates).toEqual([]);
    await owner.query(`update inbox set due_at = now() where bot_id = $1`, [shop.botId]);
    for (const update of (await claim(queue)).updates) await done(shop, update, queue);
    expect(idsOf((await claim(queue)).updates)).toEqual([2]);
  });

  it('lets others pass a parked update', async () => {
    const [shop, queue] = [await openShop(db), new InboxQueue()];
    await arrive(shop, [{ updateId: 1 }, { updateId: 2 }]);
    const [head] = (await claim(queue)).updates;
    await inTenant(shop, (tx) => queue.retry(tx, head as ClaimedUpdate, undefined, 'broken'));
    expect(idsOf((await claim(queue)).updates)).toEqual([2]);
  });

  it('gives each update to one of many workers', async () => {
    const shop = await openShop(db);
    await arrive(
      shop,
      Array.from({ length: 40 }, (_, i) => ({ updateId: i + 1, lane: i + 1 })),
    );
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(new InboxQueue())));
    const ids = claims.flatMap((each) => idsOf(each.updates));
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a lease', () => {
  it('expires when its worker crashes, and the update is claimed again', async () => {
    const [shop, queue] = [await openShop(db), new InboxQueue()];
    await arrive(shop, [{ updateId: 1 }]);
    expect((await claim(queue)).updates).toHaveLength(1);
    expect((await claim(queue)).updates).toEqual([]);
    await expireLease(shop);
    expect((await claim(queue)).updates).toMatchObject([{ updateId: 1, attempts: 2 }]);
  });

  it('is a fence: only its current holder can conclude the update, even after a replay by staff', async () => {
    const [shop, queue] = [await openShop(db), new InboxQueue()];
    await arrive(shop, [{ updateId: 1 }]);
    const [slow] = (await claim(queue)).updates as [ClaimedUpdate];
    await expireLease(shop);
    const [quick] = (await claim(queue)).updates as [ClaimedUpdate];
    expect(await done(shop, slow)).toBe(false);
    expect(await inTenant(shop, (tx) => queue.retry(tx, slow, undefined, 'late'))).toBe(false);
    expect(await done(shop, quick)).toBe(true);
    // The number of attempts cannot be the fence, because it starts at one again after a replay.
    await inTenant(shop, (tx) => keeper.replay(tx, shop.botId, 1));
    const [again] = (await claim(queue)).updates as [ClaimedUpdate];
    expect(again.attempts).toBe(1);
    expect(await done(shop, slow)).toBe(false);
    expect(await done(shop, again)).toBe(true);
  });

  it('is extended during the work, and released when the work never started', async () => {
    const [shop, queue] = [await openShop(db), new InboxQueue()];
    await arrive(shop, [{ updateId: 1 }]);
    const { updates } = await claim(queue);
    await expireLease(shop);
    await db.inPlatform('a test', (tx) => queue.extend(tx, updates));
    expect((await claim(queue)).updates).toEqual([]);
    await db.inPlatform('a test', (tx) => queue.release(tx, updates));
    expect((await claim(queue)).updates).toMatchObject([{ updateId: 1, attempts: 1 }]);
  });

  it('survives two failed heartbeats, both when it is new and when it was extended', async () => {
    const [shop, queue] = [await openShop(db), new InboxQueue()];
    await arrive(shop, [{ updateId: 1 }]);
    const { updates } = await claim(queue);
    const leasedForMs = async () => {
      const [row] = await owner.query<{ ms: number }[]>(
        'select extract(epoch from lease_until - now()) * 1000 as ms from inbox where bot_id = $1',
        [shop.botId],
      );
      return Number(row?.ms);
    };
    expect(await leasedForMs()).toBeGreaterThan(2 * EXTEND_EVERY_MS);
    await owner.query('update inbox set lease_until = now() where bot_id = $1', [shop.botId]);
    await db.inPlatform('a test', (tx) => queue.extend(tx, updates));
    expect(await leasedForMs()).toBeGreaterThan(2 * EXTEND_EVERY_MS);
  });
});

describe('attack 27: a flood', () => {
  it.each([
    ['in one chat', () => 7, 'message'],
    ['in 10,000 chats', (i: number) => i + 1, 'message'],
    ['of payments in 10,000 chats', (i: number) => i + 1, 'successful_payment'],
  ])('of 10,000 updates of one bot %s does not delay the payment of another', async (_where, laneOf, kind) => {
    const [loud, quiet, queue] = [await openShop(db), await openShop(db), new InboxQueue()];
    await flood(loud, 10_000, laneOf, kind);
    await arrive(quiet, [{ updateId: 1, kind: 'successful_payment' }]);
    expect(await claimsUntil(queue, quiet)).toBe(1);
    await arrive(quiet, [{ updateId: 2, lane: 2 }]);
    expect(await claimsUntil(queue, quiet)).toBeLessThanOrEqual(2);
  });

  it('of twenty bots gives every bot a turn', async () => {
    const [loud, queue] = [await Promise.all(Array.from({ length: 20 }, () => openShop(db))), new InboxQueue()];
    for (const shop of loud) await flood(shop, 500, (i) => i + 1);
    const last = await openShop(db);
    await arrive(last, [{ updateId: 1 }]);
    expect(await claimsUntil(queue, last)).toBeLessThanOrEqual(7);
  });

  it('of chats that all wait for a retry delays neither other chats of the bot nor payments', async () => {
    const [shop, queue] = [await openShop(db), new InboxQueue()];
    await flood(shop, 10_000, (i) => i + 1);
    await owner.query(`update inbox set due_at = now() + interval '1 hour' where bot_id = $1`, [shop.botId]);
    await arrive(shop, [{ updateId: 20_000, lane: 2_000_000, kind: 'message' }]);
    await arrive(shop, [{ updateId: 20_001, lane: 3_000_000, kind: 'successful_payment' }]);
    expect(idsOf((await claim(queue)).updates)).toEqual([20_001]);
    const looks: boolean[] = [];
    for (;;) {
      const { updates, more } = await claim(queue);
      if (updates.length > 0) break;
      looks.push(more);
    }
    expect(looks.every(Boolean)).toBe(true);
    expect(looks.length).toBeLessThanOrEqual(Math.ceil(10_000 / 256));
  });

  it('of slow updates leaves room for payments, of the same bot and of others', async () => {
    const [slow, other, queue] = [await openShop(db), await openShop(db), new InboxQueue()];
    await flood(slow, 100, (i) => i + 1);
    const busy = new Map([[slow.botId, 4]]);
    expect((await claim(queue, undefined, busy)).updates).toEqual([]);
    await arrive(slow, [{ updateId: 500, lane: 500, kind: 'successful_payment' }]);
    await arrive(other, [{ updateId: 1, kind: 'refunded_payment' }]);
    expect(idsOf((await claim(queue, { any: 0, money: 4 }, busy)).updates)).toEqual([1, 500]);
  });

  it('in one chat keeps its order, even with a payment at its end', async () => {
    const [shop, queue] = [await openShop(db), new InboxQueue()];
    await flood(shop, 50, () => 7);
    await arrive(shop, [{ updateId: 60, lane: 7, kind: 'successful_payment' }]);
    expect(idsOf((await claim(queue)).updates)).toEqual([1]);
  });
});

describe('a parked update', () => {
  const park = async () => {
    const [shop, queue] = [await openShop(db), new InboxQueue()];
    const updateId = Math.floor(Math.random() * 1e9);
    await arrive(shop, [{ updateId }]);
    const [update] = (await claim(queue)).updates as [ClaimedUpdate];
    await inTenant(shop, (tx) => queue.retry(tx, update, undefined, 'broken'));
    return { shop, queue, updateId };
  };

  it('is listed with its error until it is replayed, which restores all its attempts', async () => {
    const { shop, queue, updateId } = await park();
    const listed = await db.inPlatform('a test', (tx) => keeper.parked(tx, 1_000));
    expect(listed).toContainEqual(
      expect.objectContaining({ botId: shop.botId, updateId, error: 'broken', attempts: 1 }),
    );
    expect(await inTenant(shop, (tx) => keeper.replay(tx, shop.botId, updateId))).toBe(true);
    expect(await inTenant(shop, (tx) => keeper.replay(tx, shop.botId, updateId))).toBe(false);
    expect((await claim(queue)).updates).toMatchObject([{ updateId, attempts: 1 }]);
  });

  it('can be resolved once, with a reason', async () => {
    const { shop, queue, updateId } = await park();
    const resolve = () => inTenant(shop, (tx) => keeper.resolve(tx, shop.botId, updateId, 'a test bot of ours'));
    await resolve();
    await expect(resolve()).rejects.toThrow(UpdateNotParked);
    expect((await claim(queue)).updates).toEqual([]);
    const stored = await inTenant(shop, (tx) => keeper.get(tx, shop.botId, updateId));
    expect(stored).toMatchObject({ state: 'done', resolution: 'a test bot of ours', error: 'broken' });
  });

  it('cannot be seen, replayed or resolved by another tenant', async () => {
    const [{ shop, updateId }, other] = [await park(), await openShop(db)];
    const { botId } = shop;
    await expect(inTenant(other, (tx) => keeper.get(tx, botId, updateId))).rejects.toThrow(NotFound);
    await expect(inTenant(other, (tx) => keeper.replay(tx, botId, updateId))).rejects.toThrow(NotFound);
    await expect(inTenant(other, (tx) => keeper.resolve(tx, botId, updateId, 'x'))).rejects.toThrow(NotFound);
    await expect(inTenant(shop, (tx) => keeper.replay(tx, newUuid(), updateId))).rejects.toThrow(NotFound);
  });
});

describe('handled updates', () => {
  it('are deleted after their retention period in bounded batches, unlike waiting and parked ones', async () => {
    const shop = await openShop(db);
    await flood(shop, 30, (i) => i + 1);
    await owner.query(
      `update inbox set received_at = '2001-01-01', state = case when update_id <= 20 then 'done' when update_id <= 25 then 'parked' else 'waiting' end,
         handled_at = case when update_id <= 20 then timestamptz '2001-01-01' end where bot_id = $1`,
      [shop.botId],
    );
    const forget = () => db.inPlatform('a test', (tx) => keeper.forgetHandled(tx, new Date('2001-01-02'), 15));
    expect([await forget(), await forget(), await forget()]).toEqual([15, 5, 0]);
    const left = await owner.query(`select count(*)::int as n from inbox where bot_id = $1`, [shop.botId]);
    expect(left).toEqual([{ n: 10 }]);
  });
});
