import type { DataSource } from 'typeorm';
import type { Database, TenantTx } from '#libs/database';
import { EventStore, JobStore } from '#libs/journal';
import { DAY, HOUR, MINUTE, newUuid, parseId, SECOND } from '#libs/kernel';
import { openTestDatabase } from '../../../test/support/database.js';
import { openShop, salesServices, type Shop, telegramId } from '../../../test/support/shop.js';
import { RESERVATION_MAX_MS } from './credit.js';
import { CreditAccountRow } from './credit.entity.js';
import { CreditBook, CreditReader, CreditService } from './index.js';
import { CreditRequestStore } from './credit-request.store.js';

let db: Database;
let source: DataSource;
const jobs = new JobStore();
const book = new CreditBook(new EventStore(), jobs);
const reader = new CreditReader();
const credits = new CreditService(book, reader, new CreditRequestStore());
const { buyers } = salesServices();

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());
afterEach(() => vi.restoreAllMocks());

// An hour ahead of the database's clock, so that no job becomes due.
const NOW = new Date(Date.now() + HOUR);
const later = (ms: number) => new Date(NOW.getTime() + ms);

const creditsFor = ({ buyerId }: Shop, amount: number, unit = 'scan') => ({ buyerId, unit, amount, reason: null });
const grant = (shop: Shop, amount: number, expiresAt: Date | null = null, unit = 'scan') =>
  shop.in((tx) => credits.grant(tx, { ...creditsFor(shop, amount, unit), expiresAt }, newUuid(), NOW));
const debit = (shop: Shop, amount: number, now = NOW) =>
  shop.in((tx) => credits.debit(tx, creditsFor(shop, amount), newUuid(), now));
const reserve = async (shop: Shop, amount: number, holdMs?: number) => {
  const made = await shop.in((tx) => credits.reserve(tx, { ...creditsFor(shop, amount), holdMs }, newUuid(), NOW));
  return String(parseId('creditReservation', made.id));
};
const account = (shop: Shop) =>
  shop.in((tx) => tx.manager.findOneByOrFail(CreditAccountRow, { tenantId: shop.tenantId, unit: 'scan' }));
const lapse = async (shop: Shop, now: Date) => {
  const { id } = await account(shop);
  await shop.in((tx) => credits.lapse(tx, id, now));
  return (await account(shop)).lapsesAt;
};
const history = async (shop: Shop) => {
  const filter = { buyerId: shop.buyerId, unit: 'scan', limit: 100 };
  const { entries } = await shop.in((tx) => reader.history(tx, filter));
  return entries.map(({ cause, amount }) => `${cause} ${amount}`).toReversed();
};
const types = (shop: Shop) =>
  shop.in(async (tx: TenantTx) => {
    const rows = await tx.query<{ type: string }>(
      `select type from events where tenant_id = $1 and type like 'credits.%' order by id`,
      [tx.tenantId],
    );
    return rows.map(({ type }) => type);
  });

describe('the next expiry of an account', () => {
  it('is scheduled when it is earlier than the known one, but not when it is the same or later', async () => {
    const shop = await openShop(db);
    await grant(shop, 1, later(2 * DAY));
    const enqueued = vi.spyOn(jobs, 'enqueue');
    const scheduled = () =>
      enqueued.mock.calls.flatMap(([, made]) => made).filter(({ kind }) => kind === 'credits.lapse');
    for (const at of [later(2 * DAY), later(3 * DAY), null]) await grant(shop, 1, at);
    expect(scheduled()).toEqual([]);
    await grant(shop, 1, later(DAY));
    expect(scheduled()).toMatchObject([{ dueAt: later(DAY) }]);
    expect((await account(shop)).lapsesAt).toEqual(later(DAY));
  });

  it('is checked in a second at the earliest, and not at all when there is none', async () => {
    const shop = await openShop(db);
    await grant(shop, 1, later(DAY));
    const row = await account(shop);
    const enqueued = vi.spyOn(jobs, 'enqueue');
    const plan = (lapsesAt: Date | null) => shop.in((tx) => book.planLapse(tx, { ...row, lapsesAt }, NOW));
    for (const at of [null, NOW, later(SECOND), later(DAY)]) await plan(at);
    expect(enqueued.mock.calls.flatMap(([, made]) => made).map(({ dueAt }) => dueAt)).toEqual([
      later(SECOND),
      later(SECOND),
      later(DAY),
    ]);
  });

  it('is scheduled again by a check that comes too early', async () => {
    const shop = await openShop(db);
    await grant(shop, 1, later(DAY));
    const enqueued = vi.spyOn(jobs, 'enqueue');
    await lapse(shop, later(DAY - 1));
    const { id: subject } = await account(shop);
    expect(enqueued.mock.calls.flatMap(([, made]) => made)).toEqual([
      { kind: 'credits.lapse', subject, dueAt: later(DAY - 1 + SECOND) },
    ]);
    enqueued.mockClear();
    await shop.in((tx) => credits.lapse(tx, newUuid(), NOW));
    expect(enqueued).not.toHaveBeenCalled();
  });

  it('ignores used-up packs and ended reservations', async () => {
    const shop = await openShop(db);
    await grant(shop, 4, later(DAY));
    await grant(shop, 9);
    const id = await reserve(shop, 4);
    await shop.in((tx) => credits.commit(tx, id, undefined, newUuid(), NOW));
    expect(await lapse(shop, later(DAY))).toBeNull();
    expect(await history(shop)).toEqual(['grant 4', 'grant 9', 'reservation -4']);
    expect(await shop.in((tx) => tx.query('select from credit_lots where expired_at is not null'))).toEqual([]);
  });

  it('is that of the pack once the reservation has ended', async () => {
    const shop = await openShop(db);
    await grant(shop, 4, later(DAY));
    await reserve(shop, 2, MINUTE);
    expect((await account(shop)).lapsesAt).toEqual(later(MINUTE));
    expect(await lapse(shop, later(MINUTE - 1))).toEqual(later(MINUTE));
    expect(await lapse(shop, later(MINUTE))).toEqual(later(DAY));
    expect(await account(shop)).toMatchObject({ balance: 4, reserved: 0 });
  });

  it('of a fully reserved pack takes nothing and is not reported; credits released later are lost', async () => {
    const shop = await openShop(db);
    await grant(shop, 4, later(MINUTE));
    const id = await reserve(shop, 4, HOUR);
    expect(await lapse(shop, later(MINUTE))).toEqual(later(HOUR));
    expect(await types(shop)).toEqual(['credits.granted']);
    await shop.in((tx) => credits.release(tx, id, newUuid(), later(2 * MINUTE)));
    expect(await history(shop)).toEqual(['grant 4', 'expiry_after_release -4']);
    expect(await account(shop)).toMatchObject({ balance: 0, reserved: 0 });
  });
});

describe('a balance', () => {
  it('shows no used-up or expired pack, even if the expiry is not recorded yet', async () => {
    const shop = await openShop(db);
    await grant(shop, 2, later(MINUTE));
    await grant(shop, 3, later(DAY));
    await grant(shop, 4);
    await debit(shop, 2);
    const lots = async (now: Date) => {
      const [unit] = await shop.in((tx) => reader.balances(tx, shop.buyerId, now));
      return unit?.lots.map(({ remaining }) => remaining);
    };
    expect(await lots(NOW)).toEqual([3, 4]);
    expect(await lots(later(DAY - 1))).toEqual([3, 4]);
    expect(await lots(later(DAY))).toEqual([4]);
  });

  it('is listed by unit in alphabetical order, for this buyer only', async () => {
    const shop = await openShop(db);
    const other = { ...shop, buyerId: telegramId() };
    await shop.in((tx) => buyers.introduce(tx, shop.botId, { id: other.buyerId }));
    await grant(other, 7);
    await grant(shop, 2, null, 'scan');
    await grant(shop, 3, null, 'page');
    await debit(shop, 2);
    const units = await shop.in((tx) => reader.balances(tx, shop.buyerId, NOW));
    expect(units.map(({ unit, balance }) => [unit, balance])).toEqual([
      ['page', 3],
      ['scan', 0],
    ]);
  });

  it('is empty for a buyer who never had credits', async () => {
    const shop = await openShop(db);
    expect(await shop.in((tx) => reader.balances(tx, shop.buyerId, NOW))).toEqual([]);
  });
});

describe('spending', () => {
  it('skips fully reserved packs', async () => {
    const shop = await openShop(db);
    await grant(shop, 2, later(DAY));
    await grant(shop, 3, later(2 * DAY));
    await reserve(shop, 2);
    await debit(shop, 3);
    expect(await history(shop)).toEqual(['grant 2', 'grant 3', 'debit -3']);
    expect(await account(shop)).toMatchObject({ balance: 2, reserved: 2 });
  });

  it('takes all free credits, and not one more', async () => {
    const shop = await openShop(db);
    await grant(shop, 5);
    await reserve(shop, 2);
    await expect(debit(shop, 4)).rejects.toMatchObject({ available: 3, wanted: 4 });
    expect(await debit(shop, 3)).toMatchObject({ balance: 2, available: 0 });
  });
});

describe('a reservation', () => {
  it.each([0, 0.5, -1, RESERVATION_MAX_MS + 1, Number.NaN])('cannot last %s ms', async (holdMs) => {
    const shop = await openShop(db);
    await grant(shop, 5);
    await expect(reserve(shop, 1, holdMs)).rejects.toThrow(RangeError);
  });

  it.each([1, RESERVATION_MAX_MS])('can last %s ms', async (holdMs) => {
    const shop = await openShop(db);
    await grant(shop, 5);
    const id = await reserve(shop, 1, holdMs);
    expect(await shop.in((tx) => reader.reservation(tx, id, later(holdMs - 1)))).toMatchObject({ state: 'open' });
    expect(await shop.in((tx) => reader.reservation(tx, id, later(holdMs)))).toMatchObject({ state: 'expired' });
  });

  it('stays released for readers after its end', async () => {
    const shop = await openShop(db);
    await grant(shop, 5);
    const id = await reserve(shop, 1);
    await shop.in((tx) => credits.release(tx, id, newUuid(), NOW));
    expect(await shop.in((tx) => reader.reservation(tx, id, later(DAY)))).toMatchObject({
      state: 'released',
      committed: null,
    });
  });
});

it('a history can be paged backwards, too', async () => {
  const shop = await openShop(db);
  for (const amount of [1, 2, 3]) await grant(shop, amount);
  const read = (cursor: object) =>
    shop.in((tx) => reader.history(tx, { buyerId: shop.buyerId, unit: 'scan', limit: 10, ...cursor }));
  const { entries } = await read({});
  expect((await read({ before: entries[2]?.id })).entries.map(({ number }) => number)).toEqual([2, 3]);
  expect((await read({ after: entries[0]?.id })).entries.map(({ number }) => number)).toEqual([2, 1]);
});
