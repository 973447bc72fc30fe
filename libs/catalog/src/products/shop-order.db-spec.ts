import type { DataSource } from 'typeorm';
import type { Database, TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { newUuid, NotFound } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { quotasAt } from '../../../../test/support/quotas.js';
import { NotInShop, ProductService, ShopOrder } from '../index.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
const events = new EventStore();
const products = new ProductService(events, quotasAt());
const shops = new ShopOrder(products, events);

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(async () => {
  await Promise.all([source.destroy(), owner.destroy()]);
});

async function newTenant(): Promise<string> {
  const tenantId = newUuid();
  await owner.query(`insert into tenants (id, name) values ($1, 'A shop')`, [tenantId]);
  return tenantId;
}

/** Creates a tenant's bot with products on sale whose titles are single letters. */
async function newShop(tenantId: string, titles: string) {
  const botId = newUuid();
  await owner.query(
    `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
     values ($1, $2, $3, 'shop_bot', 'Shop', '{}', '\\x00', 'last', 'active')`,
    [tenantId, botId, Math.floor(Math.random() * 2 ** 50)],
  );
  const run = <T>(work: (tx: TenantTx) => Promise<T>) => db.inTenant(tenantId, work);
  const sell = async (title: string) => {
    const goods = { kind: 'text', description: 'A guide', stars: 50, content: 'goods' } as const;
    return [title, (await run((tx) => products.create(tx, { botId, title, ...goods }))).id] as const;
  };
  const ids: Record<string, string> = {};
  for (const title of titles) [, ids[title]] = await sell(title);
  const idOf = (title: string) => ids[title] ?? newUuid();
  return {
    botId,
    idOf,
    run,
    sell: async (title: string) => {
      [, ids[title]] = await sell(title);
    },
    place: (title: string, after: string | null) =>
      run((tx) => shops.place(tx, idOf(title), after === null ? null : idOf(after))),
    order: async (limit = 100, { after, before }: { after?: string; before?: string } = {}) => {
      const cursor = { after: after && idOf(after), before: before && idOf(before) };
      return (await run((tx) => shops.list(tx, botId, limit, cursor))).map(({ title }) => title).join('');
    },
    positions: () =>
      owner.query<{ position: number; id: string }[]>(
        'select id, "position" from products where tenant_id = $1 and bot_id = $2 order by 2, 1',
        [tenantId, botId],
      ),
    updates: async () =>
      (await owner.query("select 1 from events where tenant_id = $1 and type = 'product.updated'", [tenantId])).length,
  };
}

describe('the order of a shop', () => {
  it.each([
    ['d', 'a', 'adbc'],
    ['a', 'd', 'bcda'],
    ['c', null, 'cabd'],
    ['b', 'b', 'refused'],
    ['b', 'a', 'abcd'],
  ])('changes when %s is placed after %s', async (title, after, expected) => {
    const shop = await newShop(await newTenant(), 'abcd');
    if (expected === 'refused') return expect(shop.place(title, after)).rejects.toThrow(NotInShop);
    for (let n = 0; n < 2; n += 1) {
      await shop.place(title, after);
      expect(await shop.order()).toBe(expected);
    }
    expect(await shop.updates()).toBe(expected === 'abcd' ? 0 : 1);
  });

  it('shows new products last, even after renumbering', async () => {
    const shop = await newShop(await newTenant(), 'abc');
    await shop.place('a', 'c');
    await shop.sell('d');
    expect(await shop.order()).toBe('bcad');
  });

  it('moves one product without touching the others once there is room', async () => {
    const shop = await newShop(await newTenant(), 'abcd');
    await shop.place('a', 'd');
    const before = await shop.positions();
    await shop.place('d', 'b');
    const after = await shop.positions();
    const moved = after.filter(({ id, position }) => before.find((one) => one.id === id)?.position !== position);
    expect(moved.map(({ id }) => id)).toEqual([shop.idOf('d')]);
    expect(await shop.order()).toBe('bdca');
  });

  it('survives many moves into the same gap', async () => {
    const shop = await newShop(await newTenant(), 'abcdef');
    let expected = [...'abcdef'];
    for (let n = 0; n < 40; n += 1) {
      const title = expected.at(-1) ?? '';
      await shop.place(title, expected[0] ?? null);
      expected = [expected[0] ?? '', title, ...expected.slice(1, -1)];
      expect(await shop.order()).toBe(expected.join(''));
    }
  });

  it('is read page by page', async () => {
    const shop = await newShop(await newTenant(), 'abcde');
    await shop.place('e', null);
    const pages = [shop.order(2), shop.order(2, { after: 'a' }), shop.order(2, { after: 'c' })];
    expect(await Promise.all(pages)).toEqual(['ea', 'bc', 'd']);
    expect(await shop.order(2, { before: 'c' })).toBe('ba');
    expect(await shop.order(2, { before: 'e' })).toBe('');
  });

  it('keeps every product when moves are concurrent', async () => {
    const shop = await newShop(await newTenant(), 'abcdefgh');
    await Promise.all([...'bcdefgh'].map((title) => shop.place(title, 'a')));
    expect([...(await shop.order())].toSorted().join('')).toBe('abcdefgh');
    expect((await shop.order()).startsWith('a')).toBe(true);
  });

  it('refuses products that are not on sale, of another bot, and of another tenant', async () => {
    const tenantId = await newTenant();
    const [mine, other] = [await newShop(tenantId, 'ab'), await newShop(tenantId, 'x')];
    const stranger = await newShop(await newTenant(), 's');
    const place = (id: string, after: string) => mine.run((tx) => shops.place(tx, id, after));
    await expect(place(mine.idOf('a'), other.idOf('x'))).rejects.toThrow(NotInShop);
    await expect(place(mine.idOf('a'), stranger.idOf('s'))).rejects.toThrow(NotInShop);
    await expect(place(stranger.idOf('s'), mine.idOf('a'))).rejects.toThrow(NotFound);
    await expect(mine.run((tx) => shops.list(tx, stranger.botId, 10))).rejects.toThrow(NotFound);
    await mine.run((tx) => products.archive(tx, mine.idOf('b')));
    await expect(place(mine.idOf('a'), mine.idOf('b'))).rejects.toThrow(NotInShop);
    await expect(place(mine.idOf('b'), mine.idOf('a'))).rejects.toThrow(NotInShop);
    expect(await mine.order()).toBe('a');
  });
});
