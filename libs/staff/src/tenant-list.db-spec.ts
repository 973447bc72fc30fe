import type { DataSource } from 'typeorm';
import { Database, PlatformTx } from '#libs/database';
import { newUuid, publicId } from '#libs/kernel';
import { openTestDatabase } from '../../../test/support/database.js';
import { TenantList } from './tenant-list.service.js';

/** Explains statements instead of running them. */
class Explaining extends PlatformTx {
  override query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    return super.query<Row>(`explain ${sql}`, parameters);
  }
}

class ExplainingDatabase extends Database {
  override inPlatform<T>(reason: string, work: (tx: PlatformTx) => Promise<T>): Promise<T> {
    return super.inPlatform(reason, async (tx) => {
      // The tables of a test are so small that a sequential scan is cheaper than any index.
      await tx.query('set local enable_seqscan = off');
      return work(new Explaining(tx.session, new Set()));
    });
  }
}

let source: DataSource;
let explained: TenantList;
beforeAll(async () => {
  ({ source } = await openTestDatabase());
  explained = new TenantList(new ExplainingDatabase(source));
});
afterAll(() => source.destroy());

const planOf = async (query: string | undefined, state?: 'locked') => {
  const lines: unknown = await explained.list({ query, state, buyers: true, limit: 20 }, {});
  return (lines as { 'QUERY PLAN': string }[]).map((line) => line['QUERY PLAN']).join('\n');
};

describe('a search for a workspace', () => {
  it.each([
    ['a name', 'the corner shop', 'tenants_name'],
    ['an email address', 'ada@example.com', 'accounts_email_key'],
    ["a bot's username", '@corner_shop_bot', 'bots_username'],
    ['a Telegram id', '7000000001', 'buyers_anywhere'],
    ['a charge of Telegram', 'stxAbCdEf0123456789AbCdEf', 'charges_anywhere'],
    ['a charge', publicId('charge', newUuid()), 'charges_ids'],
    ['an order', publicId('order', newUuid()), 'orders_anywhere'],
    ['a bot', publicId('bot', newUuid()), 'bots_anywhere'],
  ])('by %s scans no whole table', async (_what, query, index) => {
    const plan = await planOf(query);
    expect(plan).toContain(index);
    expect(plan).not.toContain('Seq Scan');
  });

  it('by state scans no whole table', async () => {
    expect(await planOf(undefined)).not.toContain('Seq Scan');
    expect(await planOf(undefined, 'locked')).not.toContain('Seq Scan');
  });
});
