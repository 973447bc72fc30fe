import { fc } from '../../../../test/support/properties.js';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { DAY, newUuid, NotFound, publicId, stars } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { openShop, paymentFor, salesServices, type Shop, telegramId } from '../../../../test/support/shop.js';
import { periodOf, StatementService } from '../index.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let statements: StatementService;
const { checkout, held, payments, refunds, ledger } = salesServices();

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
  statements = new SmallPages(db);
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

const day = (offset: number) => new Date(Date.now() + offset * DAY).toISOString().slice(0, 10);
const period = (from: number, to: number) => periodOf(day(from), day(to));

let updateId = 0;
/** Makes a payment of one kind. */
async function charge(shop: Shop, kind: 'order' | 'duplicate' | 'mismatch' | 'unmatched', amount: number) {
  updateId += 1;
  const placing = { ...shop, updateId };
  const { order } = await shop.in((tx) => checkout.place(tx, placing, new Date()));
  const pay = (changes = {}) => shop.in((tx) => payments.record(tx, paymentFor(order, changes), new Date()));
  if (kind === 'order') await pay();
  if (kind === 'duplicate') await pay().then(() => pay());
  if (kind === 'mismatch') await pay({ buyerId: telegramId(), stars: stars(amount) });
  if (kind === 'unmatched') await pay({ payload: 'nobody knows', stars: stars(amount) });
}
/** Refunds some of the charges. */
async function refundSome(shop: Shop, which: (n: number) => boolean) {
  const charges = await shop.in((tx) =>
    tx.query<{ t: string }>(`select telegram_charge_id as t from charges order by id`),
  );
  for (const { t } of charges.filter((_, n) => which(n))) {
    await shop.in((tx) => refunds.recordFromTelegram(tx, shop.botId, t, new Date()));
  }
}
const csv = async (shop: Shop, from: number, to: number) => {
  const pages: string[] = [];
  const file = await statements.csv(shop.tenantId, shop.botId, period(from, to));
  for await (const page of file.pages) pages.push(page);
  return { pages, lines: pages.join('').split('\r\n').slice(1, -1) };
};
const sumOf = (lines: readonly string[]) => lines.reduce((sum, line) => sum + Number(line.split(',')[3]), 0);
const totals = async (shop: Shop, from: number, to: number) =>
  (await statements.statement(shop.tenantId, shop.botId, period(from, to))).totals;

/** Reads four lines per page. */
class SmallPages extends StatementService {
  protected override readonly page = 4;
}

/** Creates charges without an order, all booked at the same time. */
async function manyCharges(shop: Shop, count: number) {
  for (let n = 0; n < count; n += 1) await charge(shop, 'unmatched', 60 + n);
  await owner.query(`update ledger_entries set created_at = now() where tenant_id = $1`, [shop.tenantId]);
}

describe('a statement', () => {
  it('adds up to the ledger in any period, whatever was paid and refunded', async () => {
    const sale = fc.record({
      kind: fc.constantFrom('order', 'duplicate', 'mismatch', 'unmatched'),
      amount: fc.integer({ min: 51, max: 10_000 }),
      refunded: fc.boolean(),
      booked: fc.integer({ min: -6, max: 0 }),
    });
    const history = fc.array(sale, { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.integer({ min: -7, max: -1 }),
        fc.integer({ min: 0, max: 1 }),
        async (sales, from, to) => {
          const shop = await openShop(db);
          for (const { kind, amount } of sales) await charge(shop, kind, amount);
          await refundSome(shop, (n) => sales[n % sales.length]?.refunded ?? false);
          await owner.query(
            `update ledger_entries set created_at = created_at + make_interval(days => ($2::int[])[1 + abs(hashtext(cause_id::text)) % $3])
           where tenant_id = $1`,
            [shop.tenantId, sales.map((it) => it.booked), sales.length],
          );

          const inPeriod = await owner.query<Array<Record<string, number>>>(
            `select coalesce(sum(stars) filter (where account = 'telegram'), 0)::int as net,
             coalesce(-sum(stars) filter (where account = 'earned'), 0)::int as earned,
             coalesce(-sum(stars) filter (where account = 'held'), 0)::int as held,
             (count(*) filter (where account = 'telegram'))::int as lines
           from ledger_entries where tenant_id = $1 and created_at >= $2 and created_at < $3`,
            [shop.tenantId, period(from, to).from, period(from, to).to],
          );
          const { lines, ...sums } = inPeriod[0] ?? {};
          const statement = await totals(shop, from, to);
          const file = await csv(shop, from, to);
          expect(statement).toMatchObject(sums);
          expect(statement.charges.stars - statement.refunds.stars).toBe(statement.net);
          expect(statement.earned + statement.held).toBe(statement.net);
          expect([file.lines.length, sumOf(file.lines)]).toEqual([lines, statement.net]);

          const everything = await totals(shop, -7, 1);
          const balances = await shop.in(async (tx) => ({
            net: await ledger.balance(tx, shop.botId, 'telegram'),
            earned: 0 - (await ledger.balance(tx, shop.botId, 'earned')),
            held: 0 - (await ledger.balance(tx, shop.botId, 'held')),
          }));
          expect(everything).toMatchObject(balances);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('lists a sale and its refund, each with its order, charge and product', async () => {
    const shop = await openShop(db, { title: '=Guide, 2nd' });
    await charge(shop, 'order', 50);
    await refundSome(shop, () => true);
    const { lines } = await csv(shop, 0, 1);
    const [sold] = await shop.in((tx) =>
      tx.query<{ id: string; order: string; t: string }>(
        `select id, order_id as order, telegram_charge_id as t from charges`,
      ),
    );
    const common = `${publicId('order', String(sold?.order))},${publicId('charge', String(sold?.id))},${sold?.t},"'=Guide, 2nd",${shop.buyerId}`;
    expect(lines.map((line) => line.slice(line.indexOf(',') + 1))).toEqual([
      `charge,earned,50,${common},0`,
      `refund,earned,-50,${common},0`,
    ]);
  });

  it('shows a held charge as earned, in the period of the charge, once goods were delivered for it', async () => {
    const shop = await openShop(db);
    await charge(shop, 'unmatched', 60);
    await charge(shop, 'mismatch', 70);
    await owner.query(`update ledger_entries set created_at = created_at - interval '2 days' where tenant_id = $1`, [
      shop.tenantId,
    ]);
    expect(await totals(shop, -3, -1)).toMatchObject({ earned: 0, held: 130, net: 130 });
    const [unmatched] = await shop.in((tx) =>
      tx.query<{ id: string }>(`select id from charges where match = 'unmatched'`),
    );
    const deliver = () => shop.in((tx) => held.deliver(tx, String(unmatched?.id), shop.productId, new Date()));
    const order = await deliver();
    await deliver();
    expect(await totals(shop, -3, -1)).toMatchObject({ earned: 60, held: 70, net: 130, charges: { count: 2 } });
    expect(await totals(shop, 0, 1)).toMatchObject({ earned: 0, held: 0, net: 0, charges: { count: 0 } });
    const { lines } = await csv(shop, -3, -1);
    const facts = lines.map((line) => line.split(',').slice(1, 5));
    expect(facts).toEqual([
      ['charge', 'earned', '60', publicId('order', order.id)],
      ['charge', 'held', '70', expect.any(String)],
    ]);
    expect((await csv(shop, 0, 1)).lines).toEqual([]);
    await refundSome(shop, () => true);
    expect(await totals(shop, -3, 1)).toMatchObject({ earned: 0, held: 0, net: 0 });
  });

  it('is paged without losing or repeating a line, even when all were booked at the same time', async () => {
    const shop = await openShop(db);
    await manyCharges(shop, 12);
    const { pages, lines } = await csv(shop, 0, 1);
    // The header and three pages.
    expect(pages).toHaveLength(4);
    expect(new Set(lines).size).toBe(12);
    expect(sumOf(lines)).toBe((await totals(shop, 0, 1)).net);
  });

  it('excludes bookings made while it is read', async () => {
    const shop = await openShop(db);
    await manyCharges(shop, 4);
    const file = await statements.csv(shop.tenantId, shop.botId, period(0, 1));
    const reading = file.pages[Symbol.asyncIterator]();
    await reading.next();
    await charge(shop, 'unmatched', 60);
    const rest = [await reading.next(), await reading.next()];
    expect(rest[0]?.value.split('\r\n')).toHaveLength(5);
    expect(rest[1]?.done).toBe(true);
    expect((await csv(shop, 0, 1)).lines).toHaveLength(5);
  });

  it('is empty for a bot that sold nothing, and covers one bot only', async () => {
    const shop = await openShop(db);
    await charge(shop, 'order', 50);
    const second = newUuid();
    await owner.query(
      `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
       values ($1, $2, $3, 'second_bot', 'Second', '{}', '\\x00', 'last', 'active')`,
      [shop.tenantId, second, telegramId()],
    );
    const { totals: nothing } = await statements.statement(shop.tenantId, second, period(0, 1));
    expect(nothing).toMatchObject({ net: 0, charges: { count: 0 } });
  });

  it('is hidden from another tenant', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    await expect(statements.statement(other.tenantId, shop.botId, period(0, 1))).rejects.toThrow(NotFound);
    await expect(statements.csv(other.tenantId, shop.botId, period(0, 1))).rejects.toThrow(NotFound);
  });
});
