import { newUuid, NotFound, publicId } from '#libs/kernel';
import { type TroubleKind, TroubleReader } from '#libs/operations';
import {
  BotNotReadable,
  ReconciliationRow,
  ReconciliationService,
  RefundReportService,
  RefundService,
  StarTransactionReader,
  StarTransactionRow,
  StarTransactionStore,
} from '#libs/sales';
import { BotDirectory } from '#libs/tenants';
import { type StarShop, StarWorks } from '../../../../test/support/stars.js';
import { ALL_ROOMS } from '#libs/rooms';
import { BotReconcileHandler } from './bot-reconcile.handler.js';

let works: StarWorks;
let service: ReconciliationService;
let reader: StarTransactionReader;

beforeAll(async () => {
  works = await StarWorks.open();
  service = works.app.get(ReconciliationService);
  reader = works.app.get(StarTransactionReader);
});
afterAll(() => works.close());
beforeEach(() => works.quiet());

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ago = (ms: number) => new Date(Date.now() - ms);
const ownerOf = (shop: StarShop) => ({ tenantId: shop.tenantId, botId: shop.botId, token: shop.token });
const request = (shop: StarShop) => shop.in((tx) => service.request(tx, shop.botId, new Date()));
const newest = async (shop: StarShop): Promise<ReconciliationRow> => {
  const [row] = await shop.in((tx) => service.list(tx, { botId: shop.botId, limit: 1 }));
  if (row === undefined) throw new Error('nothing was compared');
  return row;
};
const mirror = (shop: StarShop) =>
  shop.in((tx) =>
    tx.manager.find(StarTransactionRow, { where: { tenantId: shop.tenantId }, order: { position: 'ASC' } }),
  );
const cursor = (shop: StarShop) => shop.in((tx) => works.app.get(StarTransactionStore).cursor(tx, shop.botId));
const jobsOf = (shop: StarShop) =>
  works.owner.query<Array<{ waits: number; state: string; attempts: number }>>(
    `select state, attempts, round(extract(epoch from due_at - now()))::int as waits from jobs
     where tenant_id = $1 and kind = 'bot.reconcile'`,
    [shop.tenantId],
  );
const linesOf = (row: ReconciliationRow) =>
  Object.fromEntries((row.explanation?.lines ?? []).map(({ cause, stars }) => [cause, stars]));

const told = (shop: StarShop, type: string) => works.count(shop, `events where type = '${type}'`);
/** Stuck work of one kind in this workspace, as staff see it. */
const troubles = (shop: StarShop, kind: TroubleKind, now = new Date()) =>
  works.db.inPlatform('a test', (tx) =>
    new TroubleReader(ALL_ROOMS).list(tx, kind, { tenantId: shop.tenantId, limit: 5 }, now),
  );

/** Requests a reconciliation and works until nothing is due. @returns the result */
async function reconcile(shop: StarShop): Promise<ReconciliationRow> {
  await request(shop);
  while ((await works.work('books')) > 0);
  return newest(shop);
}

/** Adds payments at Telegram that were never reported to us, a second apart. */
function fill(shop: StarShop, rows: number, from = 0): void {
  for (let i = from; i < from + rows; i += 1) {
    works.list(shop, `stx${i}`, new Date(1_700_000_000_000 + i * 1_000), `payload ${i}`, { amount: 1 });
  }
}

const note = () => {
  throw new Error('killed');
};

describe('a comparison', () => {
  it('of correct books finds no differences', async () => {
    const shop = await works.openShop();
    await works.sell(shop);
    const row = await reconcile(shop);
    expect(row).toMatchObject({
      state: 'succeeded',
      trigger: 'request',
      rowsRead: 1,
      rowsNew: 1,
      healedPayments: 0,
      healedRefunds: 0,
      unknownHere: 0,
      unknownThere: 0,
      fullReadBecause: null,
      balanceTelegram: 50,
      balanceOurs: 50,
      difference: 0,
      unexplained: 0,
      explanation: { lines: [], stoodStill: true },
    });
    expect(await works.count(shop, `events where type = 'reconciliation.difference'`)).toBe(0);
  });

  it('repairs a payment whose message was lost: paid, entitled, being delivered, once', async () => {
    const shop = await works.openShop();
    const { order } = await works.sell(shop, false);
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 1, difference: 0 });
    expect(await works.count(shop, `orders where state = 'paid' and delivery = 'waiting'`)).toBe(1);
    expect(await works.count(shop, `charges where source = 'reconciliation' and match = 'order'`)).toBe(1);
    expect(await works.count(shop, `events where type = 'order.paid' and order_id = '${order.id}'`)).toBe(1);
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 0, rowsNew: 0 });
    expect(await works.count(shop, 'charges')).toBe(1);
  });

  it('shows staff a payment whose order a restore has lost, after an hour and until it is refunded', async () => {
    const shop = await works.openShop();
    works.list(shop, 'stx_lost', new Date(), publicId('order', newUuid()), { amount: 50 });
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 1, difference: 0 });
    const later = new Date(Date.now() + 61 * MINUTE);
    expect(await troubles(shop, 'held_charges')).toEqual([]);
    const [held, ...others] = await troubles(shop, 'held_charges', later);
    expect(held).toMatchObject({ botId: shop.botId, detail: 'unmatched, 50 Stars' });
    expect(others).toEqual([]);

    const request = { reason: 'Lost in a restore.', by: 'a test' };
    await shop.in((tx) => works.app.get(RefundService).requestByCharge(tx, held?.subject ?? '', request, new Date()));
    expect(await troubles(shop, 'held_charges', later)).toEqual([]);
  });

  it('repairs concurrently with the late message: one charge, whichever comes first', async () => {
    const shop = await works.openShop();
    const sales = await Promise.all(Array.from({ length: 6 }, () => works.sell(shop, false)));
    await request(shop);
    const told = sales.map(({ payment }) => shop.in((tx) => works.services.payments.record(tx, payment, new Date())));
    await Promise.all([works.work('books'), ...told]);
    while ((await works.work('books')) > 0);
    expect(await works.count(shop, 'charges')).toBe(6);
    expect(await works.count(shop, `events where type = 'order.paid'`)).toBe(6);
    expect(await works.balance(shop)).toBe(300);
    expect(await newest(shop)).toMatchObject({ difference: 0, unknownHere: 0 });
  });

  it('does not claim the repair of a payment that its message recorded after the list was read', async () => {
    const shop = await works.openShop();
    const [one, two] = [await works.sell(shop, false), await works.sell(shop)];
    works.refundElsewhere(shop, two.payment.telegramChargeId);
    expect(await reader.catchUp(ownerOf(shop), 5)).toBe(true);
    const { payments } = works.services;
    await shop.in((tx) => payments.record(tx, one.payment, new Date()));
    await shop.in((tx) => works.app.get(RefundReportService).record(tx, two.payment, new Date()));
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 0, healedRefunds: 0, difference: 0 });
    expect(await works.count(shop, 'star_transactions where not settled')).toBe(0);
  });

  it('leaves the last minute to its messages, unless requested, and checks it later', async () => {
    const shop = await works.openShop();
    await works.sell(shop, false);
    const handler = works.app.get(BotReconcileHandler);
    const job = {
      tenantId: shop.tenantId,
      kind: 'bot.reconcile',
      subject: shop.botId,
      attempts: 1,
      queue: 'books',
      lease: shop.botId,
    } as const;
    const outcome = await handler.run(job);
    await shop.in(async (tx) => (outcome.kind === 'done' ? outcome.effect?.(tx) : undefined));
    expect(await newest(shop)).toMatchObject({
      trigger: 'schedule',
      healedPayments: 0,
      difference: 50,
      unexplained: 0,
    });
    expect(linesOf(await newest(shop))).toEqual({ payments_not_recorded: 50 });
    expect((await jobsOf(shop))[0]?.waits).toBeLessThanOrEqual(60);
  });

  it('repairs a refund made elsewhere, and tells the buyer once', async () => {
    const shop = await works.openShop();
    const { payment } = await works.sell(shop);
    works.refundElsewhere(shop, payment.telegramChargeId);
    expect(await reconcile(shop)).toMatchObject({ healedRefunds: 1, difference: 0 });
    await reconcile(shop);
    expect(await works.count(shop, `refunds where state = 'refunded' and requested_by = 'telegram'`)).toBe(1);
    expect(await works.count(shop, `events where type = 'refund.succeeded'`)).toBe(1);
    expect(await works.count(shop, `entitlements where state = 'active'`)).toBe(0);
  });

  it('repairs a payment and its refund if neither was ever reported', async () => {
    const shop = await works.openShop();
    const { payment } = await works.sell(shop, false);
    works.refundElsewhere(shop, payment.telegramChargeId);
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 1, healedRefunds: 1, difference: 0 });
    expect(await works.count(shop, `orders where state = 'refunded'`)).toBe(1);
  });

  it('ends correctly when the refund was reported and its payment only ever appears in the list', async () => {
    const shop = await works.openShop();
    const { payment } = await works.sell(shop, false);
    works.refundElsewhere(shop, payment.telegramChargeId);
    await Promise.all([
      reconcile(shop),
      shop.in((tx) => works.app.get(RefundReportService).record(tx, payment, new Date())),
    ]);
    await reconcile(shop);
    expect(await works.count(shop, `refunds where state = 'refunded'`)).toBe(1);
    expect(await works.count(shop, `orders where state = 'refunded'`)).toBe(1);
    expect(await newest(shop)).toMatchObject({ difference: 0, unknownHere: 0 });
  });

  it('records money from before the bot was registered as unmatched, and holds it', async () => {
    const shop = await works.openShop();
    works.list(shop, 'old', ago(90 * 24 * 60 * MINUTE), 'another tool');
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 1, difference: 0 });
    expect(await works.count(shop, `charges where match = 'unmatched'`)).toBe(1);
  });

  it('continues with the rest when one row cannot be recorded, and reports that one', async () => {
    const shop = await works.openShop();
    works.list(shop, 'nothing', ago(MINUTE), 'x', { amount: 0 });
    const { payment } = await works.sell(shop, false);
    const partner = shop.bot.ledger.payment(payment.telegramChargeId)?.source ?? { type: 'fragment' };
    works.list(shop, 'nobody-paid', new Date(), 'x', { receiver: partner });
    const row = await reconcile(shop);
    expect(row).toMatchObject({
      state: 'succeeded',
      healedPayments: 1,
      unknownHere: 2,
      unexplained: 0,
      difference: -50,
    });
    expect(row.explanation?.unknownHere).toEqual([
      { id: 'nobody-paid', direction: 'out', problem: 'its payment is not on the list' },
      { id: 'nothing', direction: 'in', problem: 'it names no buyer or no whole amount' },
    ]);
  });

  it('reports unrecordable rows once, again when there are more, and shows them to staff', async () => {
    const shop = await works.openShop();
    const part = { amount: 7, nanostar_amount: 5 };
    works.list(shop, 'part', ago(MINUTE), 'x', part);
    expect(await reconcile(shop)).toMatchObject({ unknownHere: 1, unknownThere: 0, unexplained: 0 });
    await reconcile(shop);
    expect(await told(shop, 'reconciliation.difference')).toBe(1);
    expect(await troubles(shop, 'differences')).toMatchObject([
      { subject: shop.botId, error: '1 transactions that cannot be recorded' },
    ]);
    const [{ since } = {}] = await troubles(shop, 'differences');
    works.list(shop, 'another', new Date(), 'x', { amount: 0 });
    await reconcile(shop);
    // It is still the same trouble, with its original time.
    expect(await troubles(shop, 'differences')).toMatchObject([
      { since, error: '2 transactions that cannot be recorded' },
    ]);
    expect(await told(shop, 'reconciliation.difference')).toBe(2);
  });
});

describe("a charge that is missing from Telegram's list", () => {
  it('is reported once, after a quarter of an hour, and kept', async () => {
    const shop = await works.openShop();
    const { order, payment } = await works.sell(shop);
    const lost = { ...payment, telegramChargeId: 'not-listed', payload: 'x', occurredAt: ago(16 * MINUTE) };
    await shop.in((tx) => works.services.payments.record(tx, lost, new Date()));
    const row = await reconcile(shop);
    expect(row).toMatchObject({ unknownThere: 1, difference: -50, unexplained: 0 });
    expect(linesOf(row)).toEqual({ charges_not_listed: -50 });
    expect(row.explanation?.unknownThere).toEqual([expect.stringMatching(/^chg_/)]);
    await reconcile(shop);
    expect(await works.count(shop, `events where type = 'reconciliation.difference'`)).toBe(1);
    expect(await works.count(shop, `orders where id = '${order.id}' and state = 'paid'`)).toBe(1);
    expect(await works.count(shop, 'charges')).toBe(2);
  });

  it('is pending before that', async () => {
    const shop = await works.openShop();
    const { payment } = await works.sell(shop);
    const young = { ...payment, telegramChargeId: 'not-listed-yet', payload: 'x' };
    await shop.in((tx) => works.services.payments.record(tx, young, new Date()));
    const row = await reconcile(shop);
    expect(row).toMatchObject({ unknownThere: 0, unexplained: 0 });
    expect(linesOf(row)).toEqual({ charges_not_listed_yet: -50 });
  });
});

describe('every other movement of Stars', () => {
  it('explains the balance, line by line', async () => {
    const shop = await works.openShop();
    for (let i = 0; i < 4; i += 1) await works.sell(shop);
    const at = new Date();
    const other = (id: string, amount: number, row: object) => works.list(shop, id, at, '', { amount, ...row });
    other('ads', 20, { receiver: { type: 'telegram_ads' } });
    other('api', 5, { receiver: { type: 'telegram_api', request_count: 50 } });
    other('share', 7, { source: { type: 'affiliate_program', commission_per_mille: 100 } });
    other('gift', 15, { receiver: { type: 'chat', chat: { id: 1, type: 'channel', title: 'A channel' } } });
    const row = await reconcile(shop);
    expect(row).toMatchObject({ balanceTelegram: 167, balanceOurs: 200, difference: -33, unexplained: 0 });
    expect(linesOf(row)).toEqual({
      telegram_ads_paid: -20,
      telegram_api_paid: -5,
      affiliate_program_received: 7,
      chat_paid: -15,
    });
    expect(JSON.stringify(await mirror(shop))).not.toMatch(/Bea|A channel/);
  });

  it('is checked again while it is a pending withdrawal: its state changes in place', async () => {
    const shop = await works.openShop();
    await works.sell(shop);
    await works.sell(shop);
    const pending = { type: 'fragment', withdrawal_state: { type: 'pending' } };
    works.list(shop, 'away', new Date(), '', { amount: 60, receiver: pending as never });
    expect(linesOf(await reconcile(shop))).toEqual({ withdrawal_pending: -60 });

    pending.withdrawal_state = { type: 'succeeded' };
    expect(linesOf(await reconcile(shop))).toEqual({ withdrawal_succeeded: -60 });
    const reads = await works.callsOf(shop, 'getStarTransactions');
    await reconcile(shop);
    expect((await works.callsOf(shop, 'getStarTransactions')) - reads).toBe(1);
  });

  it('comes back when a withdrawal fails', async () => {
    const shop = await works.openShop();
    await works.sell(shop);
    works.list(shop, 'away', new Date(), '', {
      amount: 50,
      receiver: { type: 'fragment', withdrawal_state: { type: 'failed' } } as never,
    });
    works.list(shop, 'away', new Date(), '', { amount: 50, source: { type: 'fragment' } });
    const row = await reconcile(shop);
    expect(row).toMatchObject({ difference: 0, unexplained: 0 });
    expect(linesOf(row)).toEqual({ withdrawal_failed: -50, withdrawal_returned: 50 });
  });

  it('that is missing from the list is left over, reported once, and again when it changes', async () => {
    const shop = await works.openShop();
    await works.sell(shop);
    let taken = 50;
    const { ledger } = shop.bot;
    const really = ledger.balance.bind(ledger);
    ledger.balance = () => really() - taken;
    expect(await reconcile(shop)).toMatchObject({ difference: -50, unexplained: -50 });
    await reconcile(shop);
    expect(await works.count(shop, `events where type = 'reconciliation.difference'`)).toBe(1);
    taken = 70;
    await reconcile(shop);
    expect(await works.count(shop, `events where type = 'reconciliation.difference'`)).toBe(2);
    expect(await troubles(shop, 'differences')).toMatchObject([{ detail: 'unexplained -70', error: null }]);
    taken = 0;
    await reconcile(shop);
    expect(await troubles(shop, 'differences')).toEqual([]);
  });

  it('is reported although a reconciliation during which the list moved has seen the same before', async () => {
    const shop = await works.openShop();
    await works.sell(shop);
    const { ledger } = shop.bot;
    const really = ledger.balance.bind(ledger);
    ledger.balance = () => really() - 50;
    expect(await reader.catchUp(ownerOf(shop), 5)).toBe(true);
    const { id } = await request(shop);
    const moved = { balance: { stars: 0, nanostars: 0 }, stoodStill: false };
    await shop.in((tx) => service.conclude(tx, id, moved, new Date()));
    expect(await newest(shop)).toMatchObject({ state: 'succeeded', unexplained: -50 });
    expect(await told(shop, 'reconciliation.difference')).toBe(0);
    expect(await reconcile(shop)).toMatchObject({ unexplained: -50, explanation: { stoodStill: true } });
    expect(await told(shop, 'reconciliation.difference')).toBe(1);
  });
});

describe('reading the list', () => {
  it('of 250 rows takes three pages, and the next time reads only new ones', async () => {
    const shop = await works.openShop();
    fill(shop, 250);
    expect(await reconcile(shop)).toMatchObject({ rowsRead: 250, rowsNew: 250, healedPayments: 250, difference: 0 });
    // Three pages, and one more to check that nothing came while the balance was requested.
    expect(await works.callsOf(shop, 'getStarTransactions')).toBe(4);
    fill(shop, 1, 250);
    expect(await reconcile(shop)).toMatchObject({ rowsRead: 1, rowsNew: 1, healedPayments: 1, difference: 0 });
    expect(await cursor(shop)).toMatchObject({ rowsRead: 251, lastKey: 'in:stx250', rereading: false });
  });

  it('happens once, however many readers are concurrent', async () => {
    const shop = await works.openShop();
    fill(shop, 250);
    let fresh = 0;
    const disorders: unknown[] = [];
    const read = async () => {
      for (let atEnd = false; !atEnd; ) {
        const page = await reader.readPage(ownerOf(shop));
        fresh += page.brought;
        if (page.disorder !== undefined) disorders.push(page.disorder);
        ({ atEnd } = page);
      }
    };
    await Promise.all([read(), read(), read(), read()]);
    expect(fresh).toBe(250);
    expect(disorders).toEqual([]);
    expect(await cursor(shop)).toMatchObject({ rowsRead: 250, rereading: false });
    expect((await mirror(shop)).map((row) => row.position)).toEqual(Array.from({ length: 250 }, (_, i) => i));
  });

  it('stores a page together with its place in the list, wherever it is killed', async () => {
    const shop = await works.openShop();
    fill(shop, 250);
    await reader.readPage(ownerOf(shop));
    await expect(reader.readPage(ownerOf(shop), note)).rejects.toThrow('killed');
    expect(await cursor(shop)).toMatchObject({ rowsRead: 100, lastKey: 'in:stx99' });
    expect(await mirror(shop)).toHaveLength(100);
    await expect(reader.readPage(ownerOf(shop), note)).rejects.toThrow('killed');
    expect(await reader.catchUp(ownerOf(shop), 9)).toBe(true);
    expect(await mirror(shop)).toHaveLength(250);
    expect(await works.count(shop, 'charges')).toBe(0);
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 250, difference: 0, rowsNew: 0 });
  });

  it('gives other bots a turn when the list is long, and continues as the same reconciliation', async () => {
    const shop = await works.openShop();
    const other = { type: 'other' } as never;
    for (let i = 0; i < 1_200; i += 1) works.list(shop, `stx${i}`, new Date(), '', { amount: 1, source: other });
    const { id } = await request(shop);
    await works.work('books');
    expect(await newest(shop)).toMatchObject({ id, state: 'running', rowsRead: 991 });
    while ((await works.work('books')) > 0);
    expect(await newest(shop)).toMatchObject({ id, state: 'succeeded', rowsRead: 1_200, unexplained: 0 });
  });

  it('also takes turns when there is much to repair', async () => {
    const shop = await works.openShop();
    fill(shop, 510);
    const { id } = await request(shop);
    await works.work('books');
    expect(await newest(shop)).toMatchObject({ id, state: 'running', healedPayments: 500 });
    while ((await works.work('books')) > 0);
    expect(await newest(shop)).toMatchObject({ id, state: 'succeeded', healedPayments: 510, difference: 0 });
  });

  it('restarts from the beginning when the list was reordered, loses nothing, and reports it', async () => {
    const shop = await works.openShop();
    fill(shop, 150);
    await reconcile(shop);
    const { ledger } = shop.bot;
    ledger.page = (offset, limit) =>
      ledger
        .all()
        .toReversed()
        .slice(offset, offset + limit);
    fill(shop, 10, 150);
    const row = await reconcile(shop);
    expect(row).toMatchObject({ state: 'succeeded', rowsNew: 10, healedPayments: 10, difference: 0 });
    expect(row.fullReadBecause).toBe('the row that was read last is no longer in its place');
    expect(await mirror(shop)).toHaveLength(160);
    expect(await reconcile(shop)).toMatchObject({ fullReadBecause: null, rowsNew: 0 });
  });

  it('continues past rows that it cannot read, reports them, and records them once they can be read', async () => {
    const shop = await works.openShop();
    const odd = { id: 'odd', amount: 0.5, date: Math.floor(Date.now() / 1_000) - 60 };
    works.list(shop, odd.id, ago(MINUTE), 'x', odd);
    const { ledger } = shop.bot;
    ledger.balance = () => 50;
    await works.sell(shop, false);
    const row = await reconcile(shop);
    expect(row).toMatchObject({ state: 'succeeded', healedPayments: 1, unknownHere: 1, unexplained: 0 });
    expect(row.explanation?.unknownHere).toEqual([
      { id: 'odd', direction: 'in', problem: 'its amount cannot be counted' },
    ]);
    expect(await told(shop, 'reconciliation.difference')).toBe(1);
    await reconcile(shop);
    expect(await told(shop, 'reconciliation.difference')).toBe(1);

    const page = ledger.page.bind(ledger);
    ledger.page = (offset, limit) => page(offset, limit).map((one) => (one.id === 'odd' ? { ...one, amount: 7 } : one));
    ledger.balance = () => 57;
    await shop.in((tx) => works.app.get(StarTransactionStore).reread(tx, shop.botId));
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 1, unknownHere: 0, difference: 0 });
    expect(await works.count(shop, `charges where stars = 7 and match = 'unmatched'`)).toBe(1);
  });
});

describe('requesting a reconciliation', () => {
  it('while one runs returns that one, however many requests come at once', async () => {
    const shop = await works.openShop();
    const asked = await Promise.all(Array.from({ length: 8 }, () => request(shop)));
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    expect(await works.count(shop, 'reconciliations')).toBe(1);
    await works.work('books');
    expect((await request(shop)).id).not.toBe(asked[0]?.id);
  });

  it("for another tenant's bot finds nothing; for one without a token it is refused", async () => {
    const [shop, other] = [await works.openShop(), await works.openShop()];
    const { id } = await request(shop);
    const foreign = (work: Promise<unknown>) => expect(work).rejects.toThrow(NotFound);
    await foreign(other.in((tx) => service.request(tx, shop.botId, new Date())));
    await foreign(other.in((tx) => service.list(tx, { botId: shop.botId, limit: 5 })));
    await foreign(other.in((tx) => service.get(tx, shop.botId, id)));
    await works.owner.query(`update bots set state = 'token_invalid' where id = $1`, [shop.botId]);
    await expect(request(shop)).rejects.toThrow(BotNotReadable);
  });

  it('is kept permanently, scheduled ones for thirty days', async () => {
    const shop = await works.openShop();
    const old = async (days: number, trigger: string) => {
      const { id } = await reconcile(shop);
      const values = [id, trigger, ago(days * DAY)];
      await works.owner.query('update reconciliations set trigger = $2, finished_at = $3 where id = $1', values);
      return id;
    };
    const [askedFor, recent] = [await old(31, 'request'), await old(29, 'schedule')];
    await old(31, 'schedule');
    const last = await reconcile(shop);
    const left = await works.owner.query<{ id: string }[]>('select id from reconciliations where bot_id = $1', [
      shop.botId,
    ]);
    expect(left.map(({ id }) => id).toSorted()).toEqual([askedFor, recent, last.id].toSorted());
  });

  it('schedules the next one for a quarter of an hour later', async () => {
    const shop = await works.openShop();
    await reconcile(shop);
    const [job] = await jobsOf(shop);
    expect(job).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(job?.waits).toBeGreaterThan(11 * 60);
    expect(job?.waits).toBeLessThan(19 * 60);
  });
});

describe('when Telegram does not answer properly', () => {
  it('a reconciliation waits as long as it is told, and continues', async () => {
    const shop = await works.openShop();
    await works.sell(shop);
    await works.telegram.setFaults({
      rules: [{ at: 'call', action: 'error429', name: 'getMyStarBalance', times: 1, seconds: 40 }],
    });
    expect(await reconcile(shop)).toMatchObject({ state: 'running' });
    expect((await jobsOf(shop))[0]?.waits).toBeGreaterThan(35);
    // Another request does not shorten it.
    await request(shop);
    expect((await jobsOf(shop))[0]?.waits).toBeGreaterThan(35);
    await works.makeDue(shop);
    await works.work('books');
    expect(await newest(shop)).toMatchObject({ state: 'succeeded', difference: 0 });
  });

  it('it is retried, ends as failed when that does not help, and is scheduled again', async () => {
    const shop = await works.openShop();
    await works.telegram.setFaults({ rules: [{ at: 'call', action: 'error500', name: 'getStarTransactions' }] });
    await request(shop);
    for (let i = 0; i < 5; i += 1) {
      await works.work('books');
      await works.makeDue(shop);
    }
    expect(await newest(shop)).toMatchObject({ state: 'failed', error: expect.stringContaining('500') });
    expect(await jobsOf(shop)).toMatchObject([{ state: 'waiting', attempts: 0 }]);
  });

  it('for an hour, its creator is told once and staff see it, until a reconciliation succeeds', async () => {
    const shop = await works.openShop();
    const start = Date.now();
    const failAfter = async (minutes: number) => {
      await request(shop);
      const now = new Date(start + minutes * MINUTE);
      await shop.in((tx) => service.fail(tx, shop.botId, `no answer after ${minutes}`, false, now));
      return told(shop, 'reconciliation.failing');
    };
    const seen = (minutes: number) => troubles(shop, 'failing_comparisons', new Date(start + minutes * MINUTE));
    expect([await failAfter(0), await failAfter(59)]).toEqual([0, 0]);
    expect(await seen(59)).toEqual([]);
    expect([await failAfter(61), await failAfter(90)]).toEqual([1, 1]);
    expect(await seen(90)).toMatchObject([
      { subject: shop.botId, error: 'no answer after 90', detail: 'last success never', since: new Date(start) },
    ]);
    expect(await reconcile(shop)).toMatchObject({ state: 'succeeded' });
    expect(await seen(90)).toEqual([]);
    expect([await failAfter(100), await failAfter(159)]).toEqual([1, 1]);
    expect(await failAfter(160)).toBe(2);
  });

  it('that lasts for more than an hour is seen by staff', async () => {
    const shop = await works.openShop();
    await request(shop);
    const inMinutes = (minutes: number) => new Date(Date.now() + minutes * MINUTE);
    expect(await troubles(shop, 'failing_comparisons', inMinutes(59))).toEqual([]);
    expect(await troubles(shop, 'failing_comparisons', inMinutes(61))).toMatchObject([
      { subject: shop.botId, detail: 'running, 0 rows read' },
    ]);
  });

  it('a revoked token ends it, and the sweeper schedules the next when the bot is back', async () => {
    const shop = await works.openShop();
    await works.telegram.revokeToken(shop.bot.id);
    expect(await reconcile(shop)).toMatchObject({ state: 'failed', error: expect.stringContaining('401') });
    expect(await works.count(shop, `bots where state = 'token_invalid'`)).toBe(1);
    const sweep = () => works.db.inPlatform('a test', (tx) => service.sweep(tx, new Date()));
    await sweep();
    expect(await jobsOf(shop)).toEqual([]);
    await works.owner.query(`update bots set state = 'active' where id = $1`, [shop.botId]);
    works.app.get(BotDirectory).forget(shop.botId);
    await sweep();
    const [job] = await jobsOf(shop);
    expect(job?.waits).toBeLessThanOrEqual(60);
    await sweep();
    expect(await jobsOf(shop)).toEqual([job]);
  });
});

describe('with STARWALL_RECONCILE off', () => {
  it('there is no reconciliation unless a creator requests it', async () => {
    const quiet = await StarWorks.open({ STARWALL_RECONCILE: 'off' });
    const shop = await quiet.openShop();
    await quiet.sell(shop, false);
    const job = {
      tenantId: shop.tenantId,
      kind: 'bot.reconcile',
      subject: shop.botId,
      attempts: 1,
      queue: 'books',
      lease: shop.botId,
    } as const;
    expect(await quiet.app.get(BotReconcileHandler).run(job)).toEqual({ kind: 'done' });
    expect(await quiet.count(shop, 'reconciliations')).toBe(0);
    const asked = await shop.in((tx) => quiet.app.get(ReconciliationService).request(tx, shop.botId, new Date()));
    await quiet.work('books');
    expect(await quiet.count(shop, `reconciliations where state = 'succeeded' and healed_payments = 1`)).toBe(1);
    expect(publicId('reconciliation', asked.id)).toMatch(/^rec_/);
    await quiet.close();
  });
});
