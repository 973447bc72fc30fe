import { newUuid, publicId } from '#libs/kernel';
import { ReconciliationService, RefundReportService, RefundService } from '#libs/sales';
import { ago, MINUTE, reconciling } from '../../../../test/support/reconciling.js';
import { StarWorks } from '../../../../test/support/stars.js';
import { BotReconcileHandler } from './bot-reconcile.handler.js';

const on = reconciling();
const { ownerOf, request, newest, mirror, jobsOf, linesOf, countEvents, troubles, reconcile } = on;

describe('a reconciliation', () => {
  it('finds no differences in correct books', async () => {
    const shop = await on.works.openShop();
    await on.works.sell(shop);
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
    expect(await on.works.count(shop, `events where type = 'reconciliation.difference'`)).toBe(0);
  });

  it('repairs a payment whose message was lost, once: the order is paid and due for delivery', async () => {
    const shop = await on.works.openShop();
    const { order } = await on.works.sell(shop, false);
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 1, difference: 0 });
    expect(await on.works.count(shop, `orders where state = 'paid' and delivery = 'waiting'`)).toBe(1);
    expect(await on.works.count(shop, `charges where source = 'reconciliation' and match = 'order'`)).toBe(1);
    expect(await on.works.count(shop, `events where type = 'order.paid' and order_id = '${order.id}'`)).toBe(1);
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 0, rowsNew: 0 });
    expect(await on.works.count(shop, 'charges')).toBe(1);
  });

  it('shows staff a payment whose order was lost in a restore, after an hour and until it is refunded', async () => {
    const shop = await on.works.openShop();
    on.works.list(shop, 'stx_lost', new Date(), publicId('order', newUuid()), { amount: 50 });
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 1, difference: 0 });
    const later = new Date(Date.now() + 61 * MINUTE);
    expect(await troubles(shop, 'held_charges')).toEqual([]);
    const [held, ...others] = await troubles(shop, 'held_charges', later);
    expect(held).toMatchObject({ botId: shop.botId, detail: 'unmatched, 50 Stars' });
    expect(others).toEqual([]);

    const request = { reason: 'Lost in a restore.', by: 'a test' };
    await shop.in((tx) =>
      on.works.app.get(RefundService).requestByCharge(tx, held?.subject ?? '', request, new Date()),
    );
    expect(await troubles(shop, 'held_charges', later)).toEqual([]);
  });

  it('records one charge per payment when the messages arrive during the repair', async () => {
    const shop = await on.works.openShop();
    const sales = await Promise.all(Array.from({ length: 6 }, () => on.works.sell(shop, false)));
    await request(shop);
    const recorded = sales.map(({ payment }) =>
      shop.in((tx) => on.works.services.payments.record(tx, payment, new Date())),
    );
    await Promise.all([on.works.work('books'), ...recorded]);
    while ((await on.works.work('books')) > 0);
    expect(await on.works.count(shop, 'charges')).toBe(6);
    expect(await on.works.count(shop, `events where type = 'order.paid'`)).toBe(6);
    expect(await on.works.balance(shop)).toBe(300);
    expect(await newest(shop)).toMatchObject({ difference: 0, unknownHere: 0 });
  });

  it('does not count a payment as repaired if its message arrived after the list was read', async () => {
    const shop = await on.works.openShop();
    const [one, two] = [await on.works.sell(shop, false), await on.works.sell(shop)];
    on.works.refundElsewhere(shop, two.payment.telegramChargeId);
    expect(await on.reader.catchUp(ownerOf(shop), 5)).toBe(true);
    const { payments } = on.works.services;
    await shop.in((tx) => payments.record(tx, one.payment, new Date()));
    await shop.in((tx) => on.works.app.get(RefundReportService).record(tx, two.payment, new Date()));
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 0, healedRefunds: 0, difference: 0 });
    expect(await on.works.count(shop, 'star_transactions where not settled')).toBe(0);
  });

  it('leaves payments of the last minute to their messages when scheduled, and checks them later', async () => {
    const shop = await on.works.openShop();
    await on.works.sell(shop, false);
    const handler = on.works.app.get(BotReconcileHandler);
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

  it('repairs a refund made elsewhere, and reports it once', async () => {
    const shop = await on.works.openShop();
    const { payment } = await on.works.sell(shop);
    on.works.refundElsewhere(shop, payment.telegramChargeId);
    expect(await reconcile(shop)).toMatchObject({ healedRefunds: 1, difference: 0 });
    await reconcile(shop);
    expect(await on.works.count(shop, `refunds where state = 'refunded' and requested_by = 'telegram'`)).toBe(1);
    expect(await on.works.count(shop, `events where type = 'refund.succeeded'`)).toBe(1);
    expect(await on.works.count(shop, `entitlements where state = 'active'`)).toBe(0);
  });

  it('repairs a payment and its refund if neither was reported', async () => {
    const shop = await on.works.openShop();
    const { payment } = await on.works.sell(shop, false);
    on.works.refundElsewhere(shop, payment.telegramChargeId);
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 1, healedRefunds: 1, difference: 0 });
    expect(await on.works.count(shop, `orders where state = 'refunded'`)).toBe(1);
  });

  it('records a payment known only from the list together with its reported refund', async () => {
    const shop = await on.works.openShop();
    const { payment } = await on.works.sell(shop, false);
    on.works.refundElsewhere(shop, payment.telegramChargeId);
    await Promise.all([
      reconcile(shop),
      shop.in((tx) => on.works.app.get(RefundReportService).record(tx, payment, new Date())),
    ]);
    await reconcile(shop);
    expect(await on.works.count(shop, `refunds where state = 'refunded'`)).toBe(1);
    expect(await on.works.count(shop, `orders where state = 'refunded'`)).toBe(1);
    expect(await newest(shop)).toMatchObject({ difference: 0, unknownHere: 0 });
  });

  it("records payments from before the bot's registration as unmatched, and holds them", async () => {
    const shop = await on.works.openShop();
    on.works.list(shop, 'old', ago(90 * 24 * 60 * MINUTE), 'another tool');
    expect(await reconcile(shop)).toMatchObject({ healedPayments: 1, difference: 0 });
    expect(await on.works.count(shop, `charges where match = 'unmatched'`)).toBe(1);
  });

  it('continues after a row that cannot be recorded, and reports it', async () => {
    const shop = await on.works.openShop();
    on.works.list(shop, 'nothing', ago(MINUTE), 'x', { amount: 0 });
    const { payment } = await on.works.sell(shop, false);
    const partner = shop.bot.ledger.payment(payment.telegramChargeId)?.source ?? { type: 'fragment' };
    on.works.list(shop, 'nobody-paid', new Date(), 'x', { receiver: partner });
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

  it('reports unrecordable rows once, and again when there are more, and shows them to staff', async () => {
    const shop = await on.works.openShop();
    const part = { amount: 7, nanostar_amount: 5 };
    on.works.list(shop, 'part', ago(MINUTE), 'x', part);
    expect(await reconcile(shop)).toMatchObject({ unknownHere: 1, unknownThere: 0, unexplained: 0 });
    await reconcile(shop);
    expect(await countEvents(shop, 'reconciliation.difference')).toBe(1);
    expect(await troubles(shop, 'differences')).toMatchObject([
      { subject: shop.botId, error: '1 transactions that cannot be recorded' },
    ]);
    const [{ since } = {}] = await troubles(shop, 'differences');
    on.works.list(shop, 'another', new Date(), 'x', { amount: 0 });
    await reconcile(shop);
    // It is still the same trouble, with its original time.
    expect(await troubles(shop, 'differences')).toMatchObject([
      { since, error: '2 transactions that cannot be recorded' },
    ]);
    expect(await countEvents(shop, 'reconciliation.difference')).toBe(2);
  });
});

describe("a charge missing from Telegram's list", () => {
  it('is reported once after a quarter of an hour, and kept', async () => {
    const shop = await on.works.openShop();
    const { order, payment } = await on.works.sell(shop);
    const lost = { ...payment, telegramChargeId: 'not-listed', payload: 'x', occurredAt: ago(16 * MINUTE) };
    await shop.in((tx) => on.works.services.payments.record(tx, lost, new Date()));
    const row = await reconcile(shop);
    expect(row).toMatchObject({ unknownThere: 1, difference: -50, unexplained: 0 });
    expect(linesOf(row)).toEqual({ charges_not_listed: -50 });
    expect(row.explanation?.unknownThere).toEqual([expect.stringMatching(/^chg_/)]);
    await reconcile(shop);
    expect(await on.works.count(shop, `events where type = 'reconciliation.difference'`)).toBe(1);
    expect(await on.works.count(shop, `orders where id = '${order.id}' and state = 'paid'`)).toBe(1);
    expect(await on.works.count(shop, 'charges')).toBe(2);
  });

  it('is pending for the first quarter of an hour', async () => {
    const shop = await on.works.openShop();
    const { payment } = await on.works.sell(shop);
    const young = { ...payment, telegramChargeId: 'not-listed-yet', payload: 'x' };
    await shop.in((tx) => on.works.services.payments.record(tx, young, new Date()));
    const row = await reconcile(shop);
    expect(row).toMatchObject({ unknownThere: 0, unexplained: 0 });
    expect(linesOf(row)).toEqual({ charges_not_listed_yet: -50 });
  });
});

describe('another movement of Stars', () => {
  it('explains part of the balance in its own line', async () => {
    const shop = await on.works.openShop();
    for (let i = 0; i < 4; i += 1) await on.works.sell(shop);
    const at = new Date();
    const other = (id: string, amount: number, row: object) => on.works.list(shop, id, at, '', { amount, ...row });
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

  it('is checked again while it is a pending withdrawal, whose state changes in place', async () => {
    const shop = await on.works.openShop();
    await on.works.sell(shop);
    await on.works.sell(shop);
    const pending = { type: 'fragment', withdrawal_state: { type: 'pending' } };
    on.works.list(shop, 'away', new Date(), '', { amount: 60, receiver: pending as never });
    expect(linesOf(await reconcile(shop))).toEqual({ withdrawal_pending: -60 });

    pending.withdrawal_state = { type: 'succeeded' };
    expect(linesOf(await reconcile(shop))).toEqual({ withdrawal_succeeded: -60 });
    const reads = await on.works.callsOf(shop, 'getStarTransactions');
    await reconcile(shop);
    expect((await on.works.callsOf(shop, 'getStarTransactions')) - reads).toBe(1);
  });

  it('is returned when a withdrawal fails', async () => {
    const shop = await on.works.openShop();
    await on.works.sell(shop);
    on.works.list(shop, 'away', new Date(), '', {
      amount: 50,
      receiver: { type: 'fragment', withdrawal_state: { type: 'failed' } } as never,
    });
    on.works.list(shop, 'away', new Date(), '', { amount: 50, source: { type: 'fragment' } });
    const row = await reconcile(shop);
    expect(row).toMatchObject({ difference: 0, unexplained: 0 });
    expect(linesOf(row)).toEqual({ withdrawal_failed: -50, withdrawal_returned: 50 });
  });

  it('is unexplained when it is missing from the list, and reported once, then again when it changes', async () => {
    const shop = await on.works.openShop();
    await on.works.sell(shop);
    let taken = 50;
    const { ledger } = shop.bot;
    const really = ledger.balance.bind(ledger);
    ledger.balance = () => really() - taken;
    expect(await reconcile(shop)).toMatchObject({ difference: -50, unexplained: -50 });
    await reconcile(shop);
    expect(await on.works.count(shop, `events where type = 'reconciliation.difference'`)).toBe(1);
    taken = 70;
    await reconcile(shop);
    expect(await on.works.count(shop, `events where type = 'reconciliation.difference'`)).toBe(2);
    expect(await troubles(shop, 'differences')).toMatchObject([{ detail: 'unexplained -70', error: null }]);
    taken = 0;
    await reconcile(shop);
    expect(await troubles(shop, 'differences')).toEqual([]);
  });

  it('is reported even if an earlier reconciliation saw it while the list changed', async () => {
    const shop = await on.works.openShop();
    await on.works.sell(shop);
    const { ledger } = shop.bot;
    const really = ledger.balance.bind(ledger);
    ledger.balance = () => really() - 50;
    expect(await on.reader.catchUp(ownerOf(shop), 5)).toBe(true);
    const { id } = await request(shop);
    const moved = { balance: { stars: 0, nanostars: 0 }, stoodStill: false };
    await shop.in((tx) => on.service.conclude(tx, id, moved, new Date()));
    expect(await newest(shop)).toMatchObject({ state: 'succeeded', unexplained: -50 });
    expect(await countEvents(shop, 'reconciliation.difference')).toBe(0);
    expect(await reconcile(shop)).toMatchObject({ unexplained: -50, explanation: { stoodStill: true } });
    expect(await countEvents(shop, 'reconciliation.difference')).toBe(1);
  });
});

describe('STARWALL_RECONCILE=off', () => {
  it('disables all reconciliations except those that a creator requests', async () => {
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
