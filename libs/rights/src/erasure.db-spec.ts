import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { EventStore } from '#libs/journal';
import { DAY } from '#libs/kernel';
import { ErasedBuyers } from '#libs/tenants';
import { openAsOwner, openTestDatabase, testBox } from '../../../test/support/database.js';
import { ALL_ROOMS } from '#libs/rooms';
import { openShop, paymentFor, salesServices, type Shop } from '../../../test/support/shop.js';
import { BuyerBusy, NoSuchBuyer, pseudonymFrom } from './erasure.js';
import { ErasureService } from './erasure.service.js';
import { ErasureStore } from './erasure.store.js';

const sales = salesServices();
const erased = new ErasedBuyers(testBox());
let now = new Date();
const clock = { now: () => now };
let db: Database;
let source: DataSource;
let owner: DataSource;
let erasures: ErasureService;

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
  erasures = serviceOf(erased);
});
afterAll(async () => {
  await source.destroy();
  await owner.destroy();
});
beforeEach(() => {
  now = new Date();
});

const serviceOf = (persons: ErasedBuyers) =>
  new ErasureService(db, new ErasureStore(ALL_ROOMS), persons, new EventStore(), { erasedRefundDays: 180 }, clock);

let updates = 1;

/** Pays and delivers an order. */
async function sold(shop: Shop): Promise<{ orderId: string; telegramChargeId: string }> {
  updates += 1;
  const { order } = await shop.in((tx) => sales.checkout.place(tx, { ...shop, updateId: updates }, now));
  const payment = paymentFor(order);
  await shop.in((tx) => sales.payments.record(tx, payment, now));
  await shop.in((tx) => sales.orders.recordHandover(tx, order.id, { kind: 'delivered' }, new Date()));
  await owner.query('delete from jobs where tenant_id = $1', [shop.tenantId]);
  return { orderId: order.id, telegramChargeId: payment.telegramChargeId };
}

/** Returns all of a tenant's data in the database as text. */
async function everything(shop: Shop): Promise<string> {
  const tables: { name: string }[] = await owner.query(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) =>
      owner.query<{ row: string }[]>(`select to_jsonb(t)::text as row from ${name} t where tenant_id = $1`, [
        shop.tenantId,
      ]),
    ),
  );
  return rows
    .flat()
    .map(({ row }) => row)
    .join('\n');
}

describe('an erased buyer', () => {
  it('appears nowhere, and the books stay the same', async () => {
    const shop = await openShop(db);
    await owner.query(
      `update buyers set first_name = 'Rumpel', last_name = 'Stilz', username = 'straw_to_gold', language_code = 'de' where tenant_id = $1`,
      [shop.tenantId],
    );
    const { orderId } = await sold(shop);
    await owner.query(
      `update orders set metadata = '{"note": "for Rumpel"}', arguments = 'Rumpel' where tenant_id = $1`,
      [shop.tenantId],
    );
    await owner.query(
      `insert into inbox (tenant_id, bot_id, update_id, lane, kind, body, state)
       values ($1, $2, 1, $3, 'message', $4, 'done')`,
      [shop.tenantId, shop.botId, shop.buyerId, { message: { from: { id: shop.buyerId, first_name: 'Rumpel' } } }],
    );
    await owner.query(
      `insert into support_threads (tenant_id, id, bot_id, buyer_id, state) values ($1, $1, $2, $3, 'answered')`,
      [shop.tenantId, shop.botId, shop.buyerId],
    );
    await owner.query(
      `insert into support_messages (tenant_id, id, thread_id, direction, text, file_kind, file_id, file_name)
       values ($1, $1, $1, 'buyer', 'I am Rumpel', 'document', 'BQAC-Rumpel', 'Rumpel.pdf')`,
      [shop.tenantId],
    );
    await owner.query(
      `update events set data = data || '{"delivered_by_hand": {"reason": "Rumpel came by", "by": "acc_1"}}'
       where tenant_id = $1 and type = 'order.delivered'`,
      [shop.tenantId],
    );
    const before = await owner.query('select account, stars from ledger_entries where tenant_id = $1 order by id', [
      shop.tenantId,
    ]);
    const { pseudonym } = await erasures.erase(shop.tenantId, shop.buyerId, 'acc_test');

    const left = await everything(shop);
    expect(left).not.toContain(String(shop.buyerId));
    expect(left).not.toMatch(/Rumpel|Stilz|straw_to_gold/);
    expect(pseudonym).toBeLessThan(0);
    const order = await shop.in((tx) =>
      tx.query('select state, delivery, stars, buyer_id as "buyerId" from orders where tenant_id = $1 and id = $2', [
        shop.tenantId,
        orderId,
      ]),
    );
    expect(order).toEqual([{ state: 'paid', delivery: 'delivered', stars: 50, buyerId: pseudonym }]);
    const after = await owner.query('select account, stars from ledger_entries where tenant_id = $1 order by id', [
      shop.tenantId,
    ]);
    expect(after).toEqual(before);
    const [delivered] = await shop.in((tx) => new EventStore().list(tx, { types: ['order.delivered'], limit: 1 }));
    expect(delivered?.data['delivered_by_hand']).toEqual({ reason: '[erased]', by: 'acc_1' });
    const events = await shop.in((tx) =>
      new EventStore().list(tx, { types: ['order.paid', 'buyer.erased'], limit: 10 }),
    );
    expect(events.map(({ type, data }) => [type, data['buyer_telegram_id']])).toEqual([
      ['buyer.erased', pseudonym],
      ['order.paid', pseudonym],
    ]);
  });

  it('leaves no files of answers, except files that are sold or were sent to someone else', async () => {
    const shop = await openShop(db);
    await sold(shop);
    const other = await shop.in(async (tx) => {
      const id = shop.buyerId + 1;
      await sales.buyers.remember(tx, shop.botId, { id, first_name: 'Other' });
      return id;
    });
    /** Sends a file to a buyer as an answer. */
    const answered = async (buyerId: number, name: string) => {
      const [[{ id: thread }], [{ id: file }]] = await Promise.all([
        owner.query(
          `insert into support_threads (tenant_id, id, bot_id, buyer_id, state, closed_at)
           values ($1, gen_random_uuid(), $2, $3, 'closed', now()) returning id`,
          [shop.tenantId, shop.botId, buyerId],
        ),
        owner.query(
          `insert into files (tenant_id, id, name, mime, bytes, sha256, storage_key)
           values ($1, gen_random_uuid(), $2, 'text/plain', 1, $3, $2) returning id`,
          [shop.tenantId, name, Buffer.alloc(32)],
        ),
      ]);
      await owner.query(
        `insert into support_messages (tenant_id, id, thread_id, direction, text, file_kind, upload_id, file_name, account_id, delivery, sent_at)
         select $1, gen_random_uuid(), $2, 'creator', '', 'document', $3, $4, gen_random_uuid(), 'sent', now()`,
        [shop.tenantId, thread, file, name],
      );
      return String(file);
    };
    const gone = await answered(shop.buyerId, 'for Rumpel.txt');
    await owner.query(
      `insert into telegram_files (tenant_id, bot_id, file_id, sent_as, telegram_file_id) values ($1, $2, $3, 'document', 'tg')`,
      [shop.tenantId, shop.botId, gone],
    );
    const photo = await answered(shop.buyerId, 'a photo of the product');
    await owner.query('update products set photo_file_id = $2 where tenant_id = $1', [shop.tenantId, photo]);
    await answered(other, 'for somebody else');

    await erasures.erase(shop.tenantId, shop.buyerId, 'acc_test');
    const left = await owner.query('select name from files where tenant_id = $1 order by name', [shop.tenantId]);
    expect(left.map(({ name }: { name: string }) => name)).toEqual(['a photo of the product', 'for somebody else']);
    const bytes = await owner.query('select id from forgotten_files where tenant_id = $1', [shop.tenantId]);
    expect(bytes).toEqual([{ id: gone }]);
    expect(await owner.query('select 1 from telegram_files where tenant_id = $1', [shop.tenantId])).toEqual([]);
  });

  it('is erased once, even by concurrent requests', async () => {
    const shop = await openShop(db);
    await sold(shop);
    const asked = await Promise.allSettled(
      [1, 2, 3].map(() => erasures.erase(shop.tenantId, shop.buyerId, 'acc_test')),
    );
    expect(asked.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(asked.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))).toEqual([
      expect.any(NoSuchBuyer),
      expect.any(NoSuchBuyer),
    ]);
  });

  it('cannot be erased by another tenant, and stays unchanged there', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    await other.in((tx) => sales.buyers.remember(tx, other.botId, { id: shop.buyerId, first_name: 'Rumpel' }));
    const stranger = await openShop(db);
    await expect(erasures.erase(stranger.tenantId, shop.buyerId, 'acc_test')).rejects.toThrow(NoSuchBuyer);
    await erasures.erase(shop.tenantId, shop.buyerId, 'acc_test');
    expect(await everything(other)).toContain('Rumpel');
  });

  it('is a new person after coming back', async () => {
    const shop = await openShop(db);
    const { orderId } = await sold(shop);
    const { pseudonym } = await erasures.erase(shop.tenantId, shop.buyerId, 'acc_test');
    await shop.in((tx) => sales.buyers.remember(tx, shop.botId, { id: shop.buyerId, first_name: 'Rumpel' }));
    await sold(shop);
    const orders = await shop.in((tx) =>
      tx.query<{ id: string; buyer: number }>(
        'select id, buyer_id as buyer from orders where tenant_id = $1 order by id',
        [shop.tenantId],
      ),
    );
    expect(orders).toHaveLength(2);
    expect(orders.find(({ id }) => id === orderId)?.buyer).toBe(pseudonym);
    expect(orders.find(({ id }) => id !== orderId)?.buyer).toBe(shop.buyerId);
    expect((await erasures.erase(shop.tenantId, shop.buyerId, 'acc_test')).pseudonym).not.toBe(pseudonym);
  });

  it.each([
    ['goods are owed', `update orders set delivery = 'waiting' where tenant_id = $1`, 'delivery'],
    ['a refund is in progress', `update charges set state = 'refund_pending' where tenant_id = $1`, 'refund'],
    [
      'a payment is in progress',
      `update orders set state = 'approved', approved_at = now(), paid_at = null, delivery = 'none' where tenant_id = $1`,
      'payment',
    ],
    [
      'a question is open',
      `insert into support_threads (tenant_id, id, bot_id, buyer_id, state) select tenant_id, id, bot_id, buyer_id, 'open' from orders where tenant_id = $1`,
      'question',
    ],
    [
      'an update of theirs is being handled',
      `insert into inbox (tenant_id, bot_id, update_id, lane, kind, body, due_at)
       select tenant_id, bot_id, 7, buyer_id, 'message', '{}', now() + interval '1 hour' from orders where tenant_id = $1`,
      'message',
    ],
    [
      'a payment is being recorded',
      `insert into inbox (tenant_id, bot_id, update_id, lane, kind, body, due_at)
       select tenant_id, bot_id, 7, -4503599627370496 - buyer_id, 'successful_payment', '{}', now() + interval '1 hour'
       from orders where tenant_id = $1`,
      'message',
    ],
  ])('cannot be erased while %s', async (_what, sql, why) => {
    const shop = await openShop(db);
    await sold(shop);
    const state = await owner.query('select id, state, paid_at, delivery from orders where tenant_id = $1', [
      shop.tenantId,
    ]);
    await owner.query(sql, [shop.tenantId]);
    const refusal = await erasures.erase(shop.tenantId, shop.buyerId, 'acc_test').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(BuyerBusy);
    expect((refusal as BuyerBusy).underWay).toEqual([why]);
    expect(await everything(shop)).toContain(String(shop.buyerId));
    await owner.query(`update orders set state = $2, paid_at = $3, delivery = $4 where tenant_id = $1`, [
      shop.tenantId,
      state[0].state,
      state[0].paid_at,
      state[0].delivery,
    ]);
    await owner.query(`update charges set state = 'paid' where tenant_id = $1`, [shop.tenantId]);
    await owner.query('delete from inbox where tenant_id = $1', [shop.tenantId]);
  });

  it('remains known for refunds for half a year', async () => {
    const shop = await openShop(db);
    await sold(shop);
    const { pseudonym } = await erasures.erase(shop.tenantId, shop.buyerId, 'acc_test');
    expect(await shop.in((tx) => erased.whoWas(tx, pseudonym))).toBe(shop.buyerId);
    now = new Date(now.getTime() + 180 * DAY);
    await db.inPlatform('half a year later', (tx) => erasures.forgetPersons(tx));
    expect(await shop.in((tx) => erased.whoWas(tx, pseudonym))).toBeUndefined();
  });
});

describe('the list of erased buyers', () => {
  it('erases them again in an earlier backup, under the same pseudonym', async () => {
    const shop = await openShop(db);
    const { orderId } = await sold(shop);
    const { pseudonym } = await erasures.erase(shop.tenantId, shop.buyerId, 'acc_test');
    const list = await db.inPlatform('the list', (tx) => erasures.list(tx));
    const mine = list.filter((one) => one.tenantId === shop.tenantId).map((one) => JSON.stringify(one));
    expect(mine.join('')).not.toContain(String(shop.buyerId));

    // The backup has the buyer, but neither the erasure nor the data key that encrypted it.
    await owner.query('delete from erasures where tenant_id = $1', [shop.tenantId]);
    await owner.query('delete from data_keys where tenant_id = $1', [shop.tenantId]);
    const [restored, again] = [new ErasedBuyers(testBox()), serviceOf(new ErasedBuyers(testBox()))];
    await shop.in((tx) => sales.buyers.remember(tx, shop.botId, { id: shop.buyerId, first_name: 'Rumpel' }));
    for (const table of ['orders', 'charges', 'entitlements']) {
      await owner.query(`update ${table} set buyer_id = $2 where tenant_id = $1`, [shop.tenantId, shop.buyerId]);
    }
    await owner.query('delete from buyers where tenant_id = $1 and telegram_id < 0', [shop.tenantId]);
    for (const line of mine) expect(await again.reapply(JSON.parse(line))).toBe(true);
    for (const line of mine) expect(await again.reapply(JSON.parse(line))).toBe(false);

    expect(await everything(shop)).not.toMatch(new RegExp(`Rumpel|(?<!\\d)${shop.buyerId}(?!\\d)`));
    const [order] = await owner.query('select buyer_id::text as buyer from orders where id = $1', [orderId]);
    expect(order.buyer).toBe(String(pseudonym));
    expect(await shop.in((tx) => restored.whoWas(tx, pseudonym))).toBe(shop.buyerId);
  });
});

it('a pseudonym is a negative integer that no person, group or channel has as an id', () => {
  for (const random of [0, 0.5, 1 - Number.EPSILON]) {
    const pseudonym = pseudonymFrom(random);
    expect(Number.isSafeInteger(pseudonym)).toBe(true);
    expect(pseudonym).toBeLessThan(-(2 ** 52));
  }
});
