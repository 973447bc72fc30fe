import { NotFound } from '#libs/kernel';
import { BotNotReadable, StarTransactionStore } from '#libs/sales';
import { BotDirectory } from '#libs/tenants';
import { ago, DAY, MINUTE, reconciling } from '../../../../test/support/reconciling.js';

const on = reconciling();
const { ownerOf, request, newest, mirror, cursor, jobsOf, countEvents, troubles, reconcile, fill } = on;

const kill = () => {
  throw new Error('killed');
};

describe('reading the list', () => {
  it('takes three pages for 250 rows, and only new rows the next time', async () => {
    const shop = await on.works.openShop();
    fill(shop, 250);
    expect(await reconcile(shop)).toMatchObject({ rowsRead: 250, rowsNew: 250, healedPayments: 250, difference: 0 });
    // Three pages, and another to check that nothing was added while the balance was requested.
    expect(await on.works.callsOf(shop, 'getStarTransactions')).toBe(4);
    fill(shop, 1, 250);
    expect(await reconcile(shop)).toMatchObject({ rowsRead: 1, rowsNew: 1, healedPayments: 1, difference: 0 });
    expect(await cursor(shop)).toMatchObject({ rowsRead: 251, lastKey: 'in:stx250', rereading: false });
  });

  it('stores each row once, even with concurrent readers', async () => {
    const shop = await on.works.openShop();
    fill(shop, 250);
    let fresh = 0;
    const disorders: unknown[] = [];
    const read = async () => {
      for (let atEnd = false; !atEnd; ) {
        const page = await on.reader.readPage(ownerOf(shop));
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

  it('stores each page together with its position, wherever it is killed', async () => {
    const shop = await on.works.openShop();
    fill(shop, 250);
    await on.reader.readPage(ownerOf(shop));
    await expect(on.reader.readPage(ownerOf(shop), kill)).rejects.toThrow('killed');
    expect(await cursor(shop)).toMatchObject({ rowsRead: 100, lastKey: 'in:stx99' });
    expect(await mirror(shop)).toHaveLength(100);
    await expect(on.reader.readPage(ownerOf(shop), kill)).rejects.toThrow('killed');
    expect(await on.reader.catchUp(ownerOf(shop), 9)).toBe(true);
    expect(await mirror(shop)).toHaveLength(250);
    expect(await on.works.count(shop, 'charges')).toBe(0);
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 250, difference: 0, rowsNew: 0 });
  });

  it('yields to other bots when the list is long, and continues the same reconciliation', async () => {
    const shop = await on.works.openShop();
    const other = { type: 'other' } as never;
    for (let i = 0; i < 1_200; i += 1) on.works.list(shop, `stx${i}`, new Date(), '', { amount: 1, source: other });
    const { id } = await request(shop);
    await on.works.work('books');
    expect(await newest(shop)).toMatchObject({ id, state: 'running', rowsRead: 991 });
    while ((await on.works.work('books')) > 0);
    expect(await newest(shop)).toMatchObject({ id, state: 'succeeded', rowsRead: 1_200, unexplained: 0 });
  });

  it('also yields when there is much to repair', async () => {
    const shop = await on.works.openShop();
    fill(shop, 510);
    const { id } = await request(shop);
    await on.works.work('books');
    expect(await newest(shop)).toMatchObject({ id, state: 'running', healedPayments: 500 });
    while ((await on.works.work('books')) > 0);
    expect(await newest(shop)).toMatchObject({ id, state: 'succeeded', healedPayments: 510, difference: 0 });
  });

  it('restarts from the beginning without losses when the list was reordered, and reports it', async () => {
    const shop = await on.works.openShop();
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

  it('skips and reports unreadable rows, and records them once they are readable', async () => {
    const shop = await on.works.openShop();
    const odd = { id: 'odd', amount: 0.5, date: Math.floor(Date.now() / 1_000) - 60 };
    on.works.list(shop, odd.id, ago(MINUTE), 'x', odd);
    const { ledger } = shop.bot;
    ledger.balance = () => 50;
    await on.works.sell(shop, false);
    const row = await reconcile(shop);
    expect(row).toMatchObject({ state: 'succeeded', healedPayments: 1, unknownHere: 1, unexplained: 0 });
    expect(row.explanation?.unknownHere).toEqual([
      { id: 'odd', direction: 'in', problem: 'its amount cannot be counted' },
    ]);
    expect(await countEvents(shop, 'reconciliation.difference')).toBe(1);
    await reconcile(shop);
    expect(await countEvents(shop, 'reconciliation.difference')).toBe(1);

    const page = ledger.page.bind(ledger);
    ledger.page = (offset, limit) => page(offset, limit).map((one) => (one.id === 'odd' ? { ...one, amount: 7 } : one));
    ledger.balance = () => 57;
    await shop.in((tx) => on.works.app.get(StarTransactionStore).reread(tx, shop.botId));
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 1, unknownHere: 0, difference: 0 });
    expect(await on.works.count(shop, `charges where stars = 7 and match = 'unmatched'`)).toBe(1);
  });
});

describe('requesting a reconciliation', () => {
  it('returns the running one, however many requests are concurrent', async () => {
    const shop = await on.works.openShop();
    const asked = await Promise.all(Array.from({ length: 8 }, () => request(shop)));
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    expect(await on.works.count(shop, 'reconciliations')).toBe(1);
    await on.works.work('books');
    expect((await request(shop)).id).not.toBe(asked[0]?.id);
  });

  it('finds no bot of another tenant, and refuses a bot without a token', async () => {
    const [shop, other] = [await on.works.openShop(), await on.works.openShop()];
    const { id } = await request(shop);
    const foreign = (work: Promise<unknown>) => expect(work).rejects.toThrow(NotFound);
    await foreign(other.in((tx) => on.service.request(tx, shop.botId, new Date())));
    await foreign(other.in((tx) => on.service.list(tx, { botId: shop.botId, limit: 5 })));
    await foreign(other.in((tx) => on.service.get(tx, shop.botId, id)));
    await on.works.owner.query(`update bots set state = 'token_invalid' where id = $1`, [shop.botId]);
    await expect(request(shop)).rejects.toThrow(BotNotReadable);
  });

  it('keeps it permanently, unlike scheduled ones, which are kept for thirty days', async () => {
    const shop = await on.works.openShop();
    const old = async (days: number, trigger: string) => {
      const { id } = await reconcile(shop);
      const values = [id, trigger, ago(days * DAY)];
      await on.works.owner.query('update reconciliations set trigger = $2, finished_at = $3 where id = $1', values);
      return id;
    };
    const [askedFor, recent] = [await old(31, 'request'), await old(29, 'schedule')];
    await old(31, 'schedule');
    const last = await reconcile(shop);
    const left = await on.works.owner.query<{ id: string }[]>('select id from reconciliations where bot_id = $1', [
      shop.botId,
    ]);
    expect(left.map(({ id }) => id).toSorted()).toEqual([askedFor, recent, last.id].toSorted());
  });

  it('schedules the next one in a quarter of an hour', async () => {
    const shop = await on.works.openShop();
    await reconcile(shop);
    const [job] = await jobsOf(shop);
    expect(job).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(job?.waits).toBeGreaterThan(11 * 60);
    expect(job?.waits).toBeLessThan(19 * 60);
  });
});

describe('a reconciliation while Telegram fails', () => {
  it('waits as long as Telegram asks, and continues', async () => {
    const shop = await on.works.openShop();
    await on.works.sell(shop);
    await on.works.telegram.setFaults({
      rules: [{ at: 'call', action: 'error429', name: 'getMyStarBalance', times: 1, seconds: 40 }],
    });
    expect(await reconcile(shop)).toMatchObject({ state: 'running' });
    expect((await jobsOf(shop))[0]?.waits).toBeGreaterThan(35);
    // Another request does not shorten the wait.
    await request(shop);
    expect((await jobsOf(shop))[0]?.waits).toBeGreaterThan(35);
    await on.works.makeDue(shop);
    await on.works.work('books');
    expect(await newest(shop)).toMatchObject({ state: 'succeeded', difference: 0 });
  });

  it('is retried, finally fails, and is scheduled again', async () => {
    const shop = await on.works.openShop();
    await on.works.telegram.setFaults({ rules: [{ at: 'call', action: 'error500', name: 'getStarTransactions' }] });
    await request(shop);
    for (let i = 0; i < 5; i += 1) {
      await on.works.work('books');
      await on.works.makeDue(shop);
    }
    expect(await newest(shop)).toMatchObject({ state: 'failed', error: expect.stringContaining('500') });
    expect(await jobsOf(shop)).toMatchObject([{ state: 'waiting', attempts: 0 }]);
  });

  it('is reported to its creator once, and to staff, after an hour of failures, until it succeeds', async () => {
    const shop = await on.works.openShop();
    const start = Date.now();
    const failAfter = async (minutes: number) => {
      await request(shop);
      const now = new Date(start + minutes * MINUTE);
      await shop.in((tx) => on.service.fail(tx, shop.botId, `no answer after ${minutes}`, false, now));
      return countEvents(shop, 'reconciliation.failing');
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

  it('is shown to staff when it lasts for more than an hour', async () => {
    const shop = await on.works.openShop();
    await request(shop);
    const inMinutes = (minutes: number) => new Date(Date.now() + minutes * MINUTE);
    expect(await troubles(shop, 'failing_comparisons', inMinutes(59))).toEqual([]);
    expect(await troubles(shop, 'failing_comparisons', inMinutes(61))).toMatchObject([
      { subject: shop.botId, detail: 'running, 0 rows read' },
    ]);
  });

  it('fails when the token is revoked, and the sweeper schedules the next one when the bot is active again', async () => {
    const shop = await on.works.openShop();
    await on.works.telegram.revokeToken(shop.bot.id);
    expect(await reconcile(shop)).toMatchObject({ state: 'failed', error: expect.stringContaining('401') });
    expect(await on.works.count(shop, `bots where state = 'token_invalid'`)).toBe(1);
    const sweep = () => on.works.db.inPlatform('a test', (tx) => on.service.sweep(tx, new Date()));
    await sweep();
    expect(await jobsOf(shop)).toEqual([]);
    await on.works.owner.query(`update bots set state = 'active' where id = $1`, [shop.botId]);
    on.works.app.get(BotDirectory).forget(shop.botId);
    await sweep();
    const [job] = await jobsOf(shop);
    expect(job?.waits).toBeLessThanOrEqual(60);
    await sweep();
    expect(await jobsOf(shop)).toEqual([job]);
  });
});
