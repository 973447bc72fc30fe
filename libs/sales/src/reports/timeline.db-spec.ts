import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { EventStore } from '#libs/journal';
import { NotFound, publicId } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop } from '../../../../test/support/shop.js';
import { StrayPayments, TimelineService } from '../index.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
const { checkout, payments } = salesServices();
const timelines = new TimelineService();

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

async function placed(shop: Shop) {
  const placing = { ...shop, updateId: 1 };
  return (await shop.in((tx) => checkout.place(tx, placing, new Date()))).order;
}
const timeline = (shop: Shop, orderId: string) => shop.in((tx) => timelines.of(tx, orderId));

describe('a timeline', () => {
  it('shows a second charge for the same order', async () => {
    const shop = await openShop(db);
    const order = await placed(shop);
    for (let n = 0; n < 2; n += 1) await shop.in((tx) => payments.record(tx, paymentFor(order), new Date()));
    const { entries } = await timeline(shop, order.id);
    const charges = entries.filter((it) => it.kind === 'charge');
    expect(charges.map((it) => it.facts['match'])).toEqual(['order', 'duplicate']);
  });

  it('excludes updates and messages of other orders', async () => {
    const shop = await openShop(db);
    const order = await placed(shop);
    await shop.in((tx) =>
      tx.query(
        `insert into inbox (tenant_id, bot_id, update_id, lane, kind, body, state)
         select $1, $2, n, $3, 'message', '{"text":"private"}', 'done' from unnest(array[1, 2]) n`,
        [shop.tenantId, shop.botId, shop.buyerId],
      ),
    );
    const { entries } = await timeline(shop, order.id);
    expect(entries.filter((it) => it.kind === 'update').map((it) => it.facts['update_id'])).toEqual([1]);
    expect(JSON.stringify(entries)).not.toContain('private');
  });

  it("still shows the order's own times after its events were deleted", async () => {
    const shop = await openShop(db);
    const order = await placed(shop);
    await owner.query('delete from events where tenant_id = $1', [shop.tenantId]);
    expect((await timeline(shop, order.id)).entries).toMatchObject([
      { kind: 'state', summary: 'The order was placed.', facts: { state: 'placed' } },
    ]);
  });

  it("shows a stray payment with the order's id, but no other", async () => {
    const shop = await openShop(db);
    const [order, strays] = [await placed(shop), new StrayPayments(new EventStore())];
    const stray = {
      botId: shop.botId,
      kind: 'successful_payment',
      reason: 'payer',
      telegramChargeId: 'charge',
      currency: 'XTR',
      amount: '50',
      buyerId: null,
      occurredAt: new Date(),
    } as const;
    await shop.in((tx) =>
      strays.record(tx, { ...stray, updateId: 7, payload: publicId('order', order.id) }, new Date()),
    );
    await shop.in((tx) => strays.record(tx, { ...stray, updateId: 8, payload: 'another' }, new Date()));
    const { entries } = await timeline(shop, order.id);
    expect(entries.filter((it) => it.kind === 'stray_payment')).toMatchObject([
      { facts: { stray_payment_id: expect.stringMatching(/^[a-z]+_/), reason: 'payer', amount: '50' } },
    ]);
  });

  it('ends after a thousand entries, and says so', async () => {
    const shop = await openShop(db);
    const order = await placed(shop);
    await shop.in((tx) =>
      tx.query(
        `insert into handover_attempts (tenant_id, id, order_id, round, outcome)
         select $1, gen_random_uuid(), $2, 1, 'retry' from generate_series(1, 1100)`,
        [shop.tenantId, order.id],
      ),
    );
    const { entries, truncated } = await timeline(shop, order.id);
    expect([entries.length, truncated]).toEqual([1_000, true]);
  });

  it('is hidden from another tenant', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    const order = await placed(shop);
    await expect(timeline(other, order.id)).rejects.toThrow(NotFound);
  });
});
