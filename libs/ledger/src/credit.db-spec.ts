import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { DAY, HOUR, MAX_CREDITS, MINUTE, newUuid, NotFound, parseId } from '#libs/kernel';
import { openTestDatabase } from '../../../test/support/database.js';
import { openShop, salesServices, type Shop, telegramId } from '../../../test/support/shop.js';
import {
  CommitExceedsReservation,
  CreditsAlreadyExpired,
  IdempotencyMismatch,
  InsufficientCredits,
  InvalidCreditAmount,
  ReservationEnded,
} from './index.js';
import { TooManyCredits } from './credit-refusals.js';
import { MAX_BALANCE } from './credit.js';

let db: Database;
let source: DataSource;
const { credits, creditReader } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());

// An hour ahead of the database's clock, so that no job becomes due.
const NOW = new Date(Date.now() + HOUR);
const later = (ms: number) => new Date(NOW.getTime() + ms);

const creditsFor = (shop: Shop, amount: number) => ({ buyerId: shop.buyerId, unit: 'scan', amount, reason: null });
const grant = (shop: Shop, amount: number, expiresAt: Date | null = null, key = newUuid(), now = NOW) =>
  shop.in((tx) => credits.grant(tx, { ...creditsFor(shop, amount), expiresAt }, key, now));
const debit = (shop: Shop, amount: number, key = newUuid(), now = NOW) =>
  shop.in((tx) => credits.debit(tx, creditsFor(shop, amount), key, now));
const reserve = async (shop: Shop, amount: number, now = NOW) =>
  idOf(await shop.in((tx) => credits.reserve(tx, creditsFor(shop, amount), newUuid(), now)));
const commit = (shop: Shop, id: string, amount?: number, now = NOW, key = newUuid()) =>
  shop.in((tx) => credits.commit(tx, id, amount, key, now));
const release = (shop: Shop, id: string, now = NOW) => shop.in((tx) => credits.release(tx, id, newUuid(), now));
const idOf = ({ id }: { readonly id: string }) => String(parseId('creditReservation', id));
const balance = async (shop: Shop, now = NOW) => {
  const held = await shop.in((tx) => creditReader.balances(tx, shop.buyerId, now));
  const { balance: total, reserved } = held.find(({ unit }) => unit === 'scan') ?? { balance: 0, reserved: 0 };
  return { total, reserved };
};
const history = async (shop: Shop) => {
  const filter = { buyerId: shop.buyerId, unit: 'scan', limit: 100 };
  const { entries } = await shop.in((tx) => creditReader.history(tx, filter));
  return entries.map(({ cause, amount }) => `${cause} ${amount}`).toReversed();
};
const settled = async <T>(works: ReadonlyArray<Promise<T>>) => {
  const results = await Promise.allSettled(works);
  return {
    done: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    refused: results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : [])),
  };
};
const times = <T>(n: number, work: () => Promise<T>) => settled(Array.from({ length: n }, work));

describe('spending', () => {
  it('takes from the pack that expires first, and from packs without expiry last', async () => {
    const shop = await openShop(db);
    await grant(shop, 5);
    await grant(shop, 5, later(2 * DAY));
    await grant(shop, 5, later(DAY));
    expect(await debit(shop, 7)).toMatchObject({ amount: 7, balance: 8, available: 8 });
    const [held] = await shop.in((tx) => creditReader.balances(tx, shop.buyerId, NOW));
    expect(held?.lots.map(({ remaining }) => remaining)).toEqual([3, 5]);
    expect(held?.lots[0]?.expiresAt).toEqual(later(2 * DAY));
  });

  it('takes nothing if the balance is too low, and can be retried later with the same key', async () => {
    const shop = await openShop(db);
    const key = newUuid();
    await expect(debit(shop, 1)).rejects.toThrow(InsufficientCredits);
    await grant(shop, 4);
    await expect(debit(shop, 5, key)).rejects.toThrow('4 scan available, and 5 are needed');
    await grant(shop, 1, null, newUuid(), later(1));
    expect(await debit(shop, 5, key, later(2))).toMatchObject({ balance: 0 });
    expect(await history(shop)).toEqual(['grant 4', 'grant 1', 'debit -4', 'debit -1']);
  });

  it('stays within the balance: as many of fifty concurrent debits succeed as there are credits', async () => {
    const shop = await openShop(db);
    await grant(shop, 13, later(DAY));
    await grant(shop, 7);
    const { done, refused } = await times(50, () => debit(shop, 1));
    expect(done.map((answer) => answer.balance).toSorted((a, b) => a - b)).toEqual([...Array(20).keys()]);
    expect(refused).toHaveLength(30);
    expect(refused.every((error) => error instanceof InsufficientCredits)).toBe(true);
    expect(await balance(shop)).toEqual({ total: 0, reserved: 0 });
  });

  it('keeps the books balanced during concurrent debits, reservations and grants', async () => {
    const shop = await openShop(db);
    await grant(shop, 10);
    const { done: reserved } = await times(10, () => reserve(shop, 2));
    expect(reserved).toHaveLength(5);
    await settled<unknown>([
      ...reserved.slice(0, 2).map((id) => commit(shop, id, 1)),
      ...reserved.slice(2).map((id) => release(shop, id)),
      ...Array.from({ length: 5 }, () => debit(shop, 3)),
      ...Array.from({ length: 5 }, () => grant(shop, 1, later(DAY))),
    ]);
    const { total, reserved: left } = await balance(shop);
    const entries = await shop.in((tx) =>
      tx.query<{ sum: number }>('select sum(amount)::bigint as sum from credit_entries'),
    );
    expect({ total: entries[0]?.sum, left }).toEqual({ total, left: 0 });
    expect(total).toBeGreaterThanOrEqual(0);
  });

  it.each([0, -1, 1.5, MAX_CREDITS + 1, Number.NaN])('refuses an amount of %s everywhere', async (amount) => {
    const shop = await openShop(db);
    await grant(shop, 5);
    const id = await reserve(shop, 2);
    const asks = [() => grant(shop, amount), () => debit(shop, amount), () => reserve(shop, amount)];
    for (const ask of [...asks, () => commit(shop, id, amount)]) {
      await expect((async () => ask())()).rejects.toThrow(InvalidCreditAmount);
    }
    expect(await balance(shop)).toEqual({ total: 5, reserved: 2 });
  });
});

describe('an idempotency key', () => {
  it('applies a repeated or concurrent request once, with one response', async () => {
    const shop = await openShop(db);
    const [forGrant, forDebit] = [newUuid(), newUuid()];
    const grants = await times(20, () => grant(shop, 10, null, forGrant));
    const debits = await times(20, () => debit(shop, 3, forDebit));
    expect(new Set(grants.done.map((answer) => JSON.stringify(answer.id))).size).toBe(1);
    expect(debits.done).toHaveLength(20);
    expect(debits.done).toEqual(debits.done.map(() => debits.done[0]));
    await debit(shop, 1);
    expect(await debit(shop, 3, forDebit, later(DAY))).toEqual(debits.done[0]);
    expect(await history(shop)).toEqual(['grant 10', 'debit -3', 'debit -1']);
  });

  it('is refused for a different request of any kind', async () => {
    const shop = await openShop(db);
    const key = newUuid();
    await grant(shop, 10, null, key);
    await expect(grant(shop, 11, null, key)).rejects.toThrow(IdempotencyMismatch);
    await expect(grant(shop, 10, later(DAY), key)).rejects.toThrow(IdempotencyMismatch);
    await expect(debit(shop, 10, key)).rejects.toThrow(IdempotencyMismatch);
    const other = { ...shop, buyerId: telegramId() };
    await expect(grant(other, 10, null, key)).rejects.toThrow(IdempotencyMismatch);
    expect(await balance(shop)).toEqual({ total: 10, reserved: 0 });
  });

  it('does not affect another tenant', async () => {
    const [one, two] = [await openShop(db), await openShop(db)];
    await grant(one, 1, null, 'same');
    expect(await grant(two, 2, null, 'same')).toMatchObject({ balance: 2 });
  });
});

describe('a reservation', () => {
  it('holds credits until it is committed, which spends them once', async () => {
    const shop = await openShop(db);
    await grant(shop, 10);
    const id = await reserve(shop, 8);
    expect(await balance(shop)).toEqual({ total: 10, reserved: 8 });
    await expect(debit(shop, 3)).rejects.toThrow(InsufficientCredits);
    const { done } = await times(8, () => commit(shop, id));
    expect(done).toHaveLength(8);
    expect(new Set(done.map(({ state, committed }) => `${state} ${committed}`))).toEqual(new Set(['committed 8']));
    expect(await balance(shop)).toEqual({ total: 2, reserved: 0 });
    expect(await history(shop)).toEqual(['grant 10', 'reservation -8']);
  });

  it('can be committed in part: the rest becomes available, and another amount is refused afterwards', async () => {
    const shop = await openShop(db);
    await grant(shop, 10);
    const id = await reserve(shop, 8);
    await expect(commit(shop, id, 9)).rejects.toThrow(CommitExceedsReservation);
    expect(await commit(shop, id, 3)).toMatchObject({ state: 'committed', committed: 3 });
    expect(await commit(shop, id)).toMatchObject({ committed: 3 });
    await expect(commit(shop, id, 4)).rejects.toMatchObject({ code: 'reservation_committed' });
    await expect(release(shop, id)).rejects.toThrow(ReservationEnded);
    expect(await balance(shop)).toEqual({ total: 7, reserved: 0 });
  });

  it('cannot be committed after its release, and is released only once', async () => {
    const shop = await openShop(db);
    await grant(shop, 10);
    const id = await reserve(shop, 8);
    await times(8, () => release(shop, id));
    await expect(commit(shop, id)).rejects.toMatchObject({ code: 'reservation_released' });
    expect(await balance(shop)).toEqual({ total: 10, reserved: 0 });
  });

  it('ends in one way when it is committed and released concurrently', async () => {
    const shop = await openShop(db);
    await grant(shop, 10);
    const id = await reserve(shop, 8);
    const { done, refused } = await settled([
      ...Array.from({ length: 4 }, () => commit(shop, id)),
      ...Array.from({ length: 4 }, () => release(shop, id)),
    ]);
    expect(done).toHaveLength(4);
    expect(refused.every((error) => error instanceof ReservationEnded)).toBe(true);
    expect(new Set(done.map(({ state }) => state)).size).toBe(1);
  });

  it('expires for readers and spenders even before the expiry is recorded', async () => {
    const shop = await openShop(db);
    await grant(shop, 10);
    const id = await reserve(shop, 8);
    const end = later(15 * MINUTE);
    expect(await balance(shop, new Date(end.getTime() - 1))).toEqual({ total: 10, reserved: 8 });
    expect(await balance(shop, end)).toEqual({ total: 10, reserved: 0 });
    expect(await shop.in((tx) => creditReader.reservation(tx, id, end))).toMatchObject({ state: 'expired' });
    await expect(commit(shop, id, undefined, end)).rejects.toMatchObject({ code: 'reservation_expired' });
    expect(await release(shop, id, end)).toMatchObject({ state: 'expired' });
    expect(await debit(shop, 10, newUuid(), end)).toMatchObject({ balance: 0 });
  });

  it('keeps its credits when the pack expires, but loses those that are released afterwards', async () => {
    const shop = await openShop(db);
    await grant(shop, 10, later(MINUTE));
    const [spent, freed] = [await reserve(shop, 3), await reserve(shop, 4)];
    const then = later(2 * MINUTE);
    expect(await balance(shop, then)).toEqual({ total: 7, reserved: 7 });
    await commit(shop, spent, undefined, then);
    await release(shop, freed, then);
    expect(await balance(shop, then)).toEqual({ total: 0, reserved: 0 });
    expect(await history(shop)).toEqual(['grant 10', 'expiry -3', 'reservation -3', 'expiry_after_release -4']);
  });

  it('tolerates processes whose clocks differ around the time of expiry', async () => {
    const shop = await openShop(db);
    await grant(shop, 10, later(MINUTE));
    const id = await reserve(shop, 4);
    await expect(debit(shop, 7, newUuid(), later(MINUTE))).rejects.toThrow(InsufficientCredits);
    const [account] = await shop.in((tx) => tx.query<{ id: string }>('select id from credit_accounts'));
    await shop.in((tx) => credits.lapse(tx, String(account?.id), later(MINUTE)));
    await release(shop, id, later(MINUTE - 5));
    await shop.in((tx) => credits.lapse(tx, String(account?.id), later(DAY)));
    expect(await history(shop)).toEqual(['grant 10', 'expiry -6', 'expiry_after_release -4']);
  });
});

describe('expiry', () => {
  it('is recorded and reported once by the job', async () => {
    const shop = await openShop(db);
    await grant(shop, 10, later(DAY));
    await grant(shop, 5);
    await debit(shop, 2);
    const [account] = await shop.in((tx) => tx.query<{ id: string }>('select id from credit_accounts'));
    const planned = await shop.in((tx) => tx.query(`select due_at from jobs where kind = 'credits.lapse'`));
    expect(planned).toEqual([{ due_at: later(DAY) }]);
    const run = () => shop.in((tx) => credits.lapse(tx, String(account?.id), later(DAY)));
    expect((await times(8, run)).refused).toEqual([]);
    expect(await history(shop)).toEqual(['grant 10', 'grant 5', 'debit -2', 'expiry -8']);
    const events = await shop.in((tx) =>
      tx.query<{ data: object }>(`select data from events where type = 'credits.expired'`),
    );
    expect(events.map(({ data }) => data)).toMatchObject([{ amount: 8, balance: 5, unit: 'scan', cause: 'expiry' }]);
  });

  it('of an early pack is recorded in time, although a later one was added first', async () => {
    const shop = await openShop(db);
    await grant(shop, 10, later(2 * DAY));
    await grant(shop, 5, later(DAY));
    await grant(shop, 1, later(3 * DAY));
    const planned = await shop.in((tx) => tx.query(`select due_at from jobs where kind = 'credits.lapse'`));
    expect(planned).toEqual([{ due_at: later(DAY) }]);
    expect(await debit(shop, 10, newUuid(), later(DAY))).toMatchObject({ balance: 1 });
    expect(await history(shop)).toEqual(['grant 10', 'grant 5', 'grant 1', 'expiry -5', 'debit -10']);
  });

  it('of a reservation that ends before its pack is scheduled in time', async () => {
    const shop = await openShop(db);
    await grant(shop, 10, later(DAY));
    await reserve(shop, 4);
    const planned = await shop.in((tx) => tx.query(`select due_at from jobs where kind = 'credits.lapse'`));
    expect(planned).toEqual([{ due_at: later(15 * MINUTE) }]);
  });

  it('in the past is refused, but a repeated request gets its response even after the expiry', async () => {
    const shop = await openShop(db);
    await expect(grant(shop, 1, NOW)).rejects.toThrow(CreditsAlreadyExpired);
    const first = await grant(shop, 1, later(DAY), 'once');
    expect(await grant(shop, 1, later(DAY), 'once', later(2 * DAY))).toEqual(first);
  });
});

describe('the maximum balance', () => {
  /** Grants credits to a buyer who has `room` left, and rolls everything back. */
  const grantInto = (shop: Shop, room: number, amount: number) =>
    shop.in(async (tx) => {
      await tx.query('update credit_accounts set balance = $1', [MAX_BALANCE - room]);
      const { balance: after } = await credits.grant(
        tx,
        { ...creditsFor(shop, amount), expiresAt: null },
        newUuid(),
        NOW,
      );
      throw new Error(`granted up to ${after}`);
    });

  it('refuses a grant above it, and accepts one that reaches it', async () => {
    const shop = await openShop(db);
    await grant(shop, 1);
    await expect(grantInto(shop, 10, 11)).rejects.toThrow(TooManyCredits);
    await expect(grantInto(shop, 10, 10)).rejects.toThrow(`granted up to ${MAX_BALANCE}`);
  });
});

describe('isolation of credits', () => {
  it('hides them from other tenants', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    await grant(shop, 10);
    const id = await reserve(shop, 2);
    const stranger = { ...other, buyerId: shop.buyerId };
    await expect(grant(stranger, 1)).rejects.toThrow(NotFound);
    await expect(debit(stranger, 1)).rejects.toThrow(NotFound);
    await expect(reserve(stranger, 1)).rejects.toThrow(NotFound);
    await expect(commit(other, id)).rejects.toThrow(NotFound);
    await expect(release(other, id)).rejects.toThrow(NotFound);
    await expect(balance(stranger)).rejects.toThrow(NotFound);
    await expect(history(stranger)).rejects.toThrow(NotFound);
    await expect(other.in((tx) => creditReader.reservation(tx, id, NOW))).rejects.toThrow(NotFound);
    expect(await balance(shop)).toEqual({ total: 10, reserved: 2 });
  });

  it('prevents every role from changing or deleting an entry', async () => {
    const shop = await openShop(db);
    await grant(shop, 10);
    for (const sql of ['update credit_entries set amount = 11', 'delete from credit_entries']) {
      await expect(shop.in((tx) => tx.query(sql))).rejects.toThrow('permission denied');
      await expect(db.inPlatform('a test', (tx) => tx.query(sql))).rejects.toThrow('permission denied');
    }
  });
});

describe('a history', () => {
  it('is paged from newest to oldest, and ignores a cursor of another account', async () => {
    const shop = await openShop(db);
    for (const amount of [1, 2, 3]) await grant(shop, amount);
    const read = (limit: number, after?: string, unit = 'scan') =>
      shop.in((tx) => creditReader.history(tx, { buyerId: shop.buyerId, unit, limit, after }));
    const { entries } = await read(2);
    expect(entries.map(({ number, balance: after }) => [number, after])).toEqual([
      [3, 6],
      [2, 3],
      [1, 1],
    ]);
    expect((await read(2, entries[1]?.id)).entries).toEqual([entries[2]]);
    expect((await read(2, newUuid())).entries).toEqual([]);
    expect((await read(2, undefined, 'page')).entries).toEqual([]);
  });
});
