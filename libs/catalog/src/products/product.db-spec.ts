import type { DataSource } from 'typeorm';
import type { Database, TenantTx } from '#libs/database';
import { EventStore } from '#libs/journal';
import { newUuid, NotFound } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { quotasAt } from '../../../../test/support/quotas.js';
import { InvalidProduct, type NewProduct, ProductService } from '../index.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
const events = new EventStore();
const products = new ProductService(events, quotasAt());
const now = new Date('2026-06-01T12:00:00Z');

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(async () => {
  await Promise.all([source.destroy(), owner.destroy()]);
});

/** Creates a tenant with a bot, and gives access to its rows. */
async function newShop(state: 'active' | 'removed' = 'active') {
  const [tenantId, botId] = [newUuid(), newUuid()];
  await owner.query(`insert into tenants (id, name) values ($1, 'A shop')`, [tenantId]);
  await owner.query(
    `insert into bots (tenant_id, id, telegram_id, username, name, info, token_sealed, token_last4, state)
     values ($1, $2, $3, 'shop_bot', 'Shop', '{}', '\\x00', 'last', $4)`,
    [tenantId, botId, Math.floor(Math.random() * 2 ** 50), state],
  );
  const input: NewProduct = {
    botId,
    kind: 'text',
    title: 'Guide',
    description: 'A guide',
    stars: 50,
    content: 'goods',
  };
  return {
    tenantId,
    botId,
    input,
    in: <T>(work: (tx: TenantTx) => Promise<T>) => db.inTenant(tenantId, work),
    sell: (more: Partial<NewProduct> = {}) =>
      db.inTenant(tenantId, (tx) => products.create(tx, { ...input, ...more } as NewProduct)),
  };
}

async function newFile(tenantId: string): Promise<string> {
  const id = newUuid();
  await owner.query(
    `insert into files (tenant_id, id, name, mime, bytes, sha256, storage_key) values ($1, $2, 'a', 'b/c', 1, $3, 'k')`,
    [tenantId, id, Buffer.alloc(32)],
  );
  return id;
}

const stockOf = async (tenantId: string, id: string) =>
  (
    await owner.query<Array<{ stock: number | null }>>('select stock from products where tenant_id = $1 and id = $2', [
      tenantId,
      id,
    ])
  )[0]?.stock;

describe('a product', () => {
  it('is saved with its first price', async () => {
    const shop = await newShop();
    const product = await shop.sell({ metadata: { sku: 'G-1' }, stock: 3, saleEndsAt: now });
    expect(product).toMatchObject({
      ...shop.input,
      state: 'active',
      priceVersion: 1,
      stock: 3,
      saleEndsAt: now,
      metadata: { sku: 'G-1' },
      position: 0,
      limitPerBuyer: null,
    });
    const prices = await shop.in((tx) => products.prices(tx, product.id, 10));
    expect(prices).toMatchObject([{ version: 1, stars: 50 }]);
  });

  it.each(['text', 'link', 'file'] as const)('keeps its goods if its kind is %s', async (kind) => {
    const shop = await newShop();
    const fileId = await newFile(shop.tenantId);
    const goods = {
      text: { content: ' a  text\n' },
      link: { content: 'tg://resolve?domain=shop' },
      file: { content: null, fileId },
    };
    expect(await shop.sell({ kind, ...goods[kind] })).toMatchObject({ kind, ...goods[kind] });
  });

  it('needs an existing bot that was not removed', async () => {
    const [shop, closed] = [await newShop(), await newShop('removed')];
    await expect(shop.sell({ botId: newUuid() })).rejects.toThrow('There is no such bot.');
    await expect(closed.sell()).rejects.toThrow('There is no such bot.');
  });

  it('is not saved when it is invalid', async () => {
    const shop = await newShop();
    await expect(shop.sell({ title: '', stars: 0 })).rejects.toThrow(InvalidProduct);
    expect(await shop.in((tx) => products.list(tx, { limit: 10 }))).toEqual([]);
  });
});

describe('a change of price', () => {
  it('creates a new version, unless the price stays the same', async () => {
    const shop = await newShop();
    const { id } = await shop.sell();
    await shop.in((tx) => products.update(tx, id, { stars: 60, title: 'Guide, second edition' }));
    const same = await shop.in((tx) => products.update(tx, id, { stars: 60, position: 4 }));
    expect(same).toMatchObject({
      stars: 60,
      priceVersion: 2,
      title: 'Guide, second edition',
      position: 4,
      content: 'goods',
    });
    expect(await shop.in((tx) => products.prices(tx, id, 10))).toMatchObject([
      { version: 2, stars: 60 },
      { version: 1, stars: 50 },
    ]);
    expect(await shop.in((tx) => products.prices(tx, id, 10, 2))).toMatchObject([{ version: 1 }]);
  });

  it('is not lost among concurrent changes', async () => {
    const shop = await newShop();
    const { id } = await shop.sell({ stars: 1 });
    const wanted = Array.from({ length: 10 }, (_, i) => 100 + i);
    await Promise.all(wanted.map((stars) => shop.in((tx) => products.update(tx, id, { stars }))));
    const prices = await shop.in((tx) => products.prices(tx, id, 100));
    expect(prices.map((price) => price.version)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(prices.map((price) => price.stars).toSorted((a, b) => a - b)).toEqual([1, ...wanted]);
    expect(await shop.in((tx) => products.get(tx, id))).toMatchObject({ priceVersion: 11, stars: prices[0]?.stars });
  });

  it('preserves concurrent changes of other fields', async () => {
    const shop = await newShop();
    const { id } = await shop.sell({ stock: 100 });
    await Promise.all([
      shop.in((tx) => products.update(tx, id, { stars: 99 })),
      shop.in((tx) => products.update(tx, id, { title: 'New' })),
      shop.in((tx) => products.update(tx, id, { description: 'Better' })),
      shop.in((tx) => products.takeStock(tx, id)),
    ]);
    const product = await shop.in((tx) => products.get(tx, id));
    expect(product).toMatchObject({ stars: 99, title: 'New', description: 'Better', stock: 99 });
  });

  it('never rewrites an old price, because the application lacks the permission', async () => {
    const shop = await newShop();
    const { id } = await shop.sell();
    const rewrite = shop.in((tx) => tx.query('update price_versions set stars = 1 where product_id = $1', [id]));
    await expect(rewrite).rejects.toThrow('permission denied');
  });
});

describe('a change of a product', () => {
  it('writes nothing without any field', async () => {
    const shop = await newShop();
    const product = await shop.sell();
    expect(await shop.in((tx) => products.update(tx, product.id, {}))).toEqual(product);
  });

  it('is validated against the resulting product', async () => {
    const shop = await newShop();
    const product = await shop.sell({ saleStartsAt: now });
    const change = shop.in((tx) =>
      products.update(tx, product.id, { saleEndsAt: new Date(now.getTime() - 1), stars: 70 }),
    );
    await expect(change).rejects.toMatchObject({ errors: [{ path: 'sale_ends_at' }] });
    expect(await shop.in((tx) => products.get(tx, product.id))).toEqual(product);
  });

  it('removes a value with null', async () => {
    const shop = await newShop();
    const { id } = await shop.sell({ stock: 1, limitPerBuyer: 2, saleStartsAt: now });
    const change = { stock: null, limitPerBuyer: null, saleStartsAt: null };
    expect(await shop.in((tx) => products.update(tx, id, change))).toMatchObject(change);
  });
});

describe('archiving a product', () => {
  it('is idempotent, and can be undone', async () => {
    const shop = await newShop();
    const { id } = await shop.sell({ state: 'draft' });
    await shop.in((tx) => products.activate(tx, id));
    const archived = await shop.in((tx) => products.archive(tx, id));
    expect(archived.state).toBe('archived');
    expect(await shop.in((tx) => products.archive(tx, id))).toEqual(archived);
    expect((await shop.in((tx) => products.activate(tx, id))).state).toBe('active');
  });
});

describe('the shop', () => {
  it('shows products on sale, by position, then oldest first', async () => {
    const shop = await newShop();
    const [hour, at] = [3_600_000, (ms: number) => new Date(now.getTime() + ms)];
    const last = await shop.sell({ position: 9 });
    const first = await shop.sell({ position: -1, saleStartsAt: now, saleEndsAt: at(hour) });
    const middle = await shop.sell({ stock: 0 });
    const later = await shop.sell();
    await shop.sell({ state: 'draft' });
    await shop.sell({ saleEndsAt: now });
    await shop.sell({ saleStartsAt: at(1) });
    await shop.in(async (tx) => products.archive(tx, (await products.create(tx, shop.input)).id));
    const page = async (limit: number, offset?: number) =>
      (await shop.in((tx) => products.listForShop(tx, shop.botId, { limit, offset, now }))).map(
        (product) => product.id,
      );
    expect(await page(10)).toEqual([first.id, middle.id, later.id, last.id]);
    expect(await page(2, 1)).toEqual([middle.id, later.id]);
  });

  it('is read by one index scan, without sorting', async () => {
    const shop = await newShop();
    await owner.query(
      `insert into products (tenant_id, id, bot_id, kind, title, description, state, price_version, stars, content, position)
       select $1, gen_random_uuid(), $2, 'text', 't', 'd', case when n % 3 = 0 then 'archived' else 'active' end, 1, 1, 'c', n % 50
       from generate_series(1, 5000) n`,
      [shop.tenantId, shop.botId],
    );
    await owner.query('analyze products');
    const plan = await shop.in(async (tx) => {
      const rows = await tx.query<Record<string, string>>(
        `explain select * from products p where p.tenant_id = $1 and p.bot_id = $2 and p.state = 'active'
           and (p.sale_starts_at is null or p.sale_starts_at <= $3) and (p.sale_ends_at is null or p.sale_ends_at > $3)
         order by p.position, p.id limit 10`,
        [tx.tenantId, shop.botId, now],
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(plan).toContain('Index Scan using products_shop');
    expect(plan).not.toContain('Sort');
  });
});

describe('the list of products', () => {
  it('is newest first, paginated, and can be filtered by bot or state', async () => {
    const shop = await newShop();
    const [a, b, c] = [await shop.sell(), await shop.sell({ state: 'draft' }), await shop.sell()];
    const list = async (filter: object) =>
      (await shop.in((tx) => products.list(tx, { limit: 10, ...filter }))).map((product) => product.id);
    expect(await list({})).toEqual([c.id, b.id, a.id]);
    expect(await list({ limit: 1, after: c.id })).toEqual([b.id]);
    expect(await list({ state: 'draft' })).toEqual([b.id]);
    expect(await list({ botId: newUuid() })).toEqual([]);
  });
});

describe('stock', () => {
  it('yields its last unit to exactly one of many buyers', async () => {
    const shop = await newShop();
    const { id } = await shop.sell({ stock: 1 });
    const takers = Array.from({ length: 8 }, () => shop.in((tx) => products.takeStock(tx, id)));
    expect((await Promise.all(takers)).filter((outcome) => outcome === 'taken')).toHaveLength(1);
    expect(await stockOf(shop.tenantId, id)).toBe(0);
  });

  it('is returned by a rollback of the sale, or explicitly', async () => {
    const shop = await newShop();
    const { id } = await shop.sell({ stock: 2 });
    const failed = shop.in(async (tx) => {
      await products.takeStock(tx, id);
      throw new Error('no sale');
    });
    await expect(failed).rejects.toThrow('no sale');
    expect(await stockOf(shop.tenantId, id)).toBe(2);
    await shop.in((tx) => products.takeStock(tx, id));
    await shop.in((tx) => products.returnStock(tx, id));
    expect(await stockOf(shop.tenantId, id)).toBe(2);
  });

  it('is never counted and never runs out when unlimited', async () => {
    const shop = await newShop();
    const { id } = await shop.sell();
    expect(await shop.in((tx) => products.takeStock(tx, id))).toBe('uncounted');
    await shop.in((tx) => products.returnStock(tx, id));
    expect(await stockOf(shop.tenantId, id)).toBeNull();
  });

  it('is sold out for an unknown product', async () => {
    const shop = await newShop();
    expect(await shop.in((tx) => products.takeStock(tx, newUuid()))).toBe('sold_out');
  });
});

describe('another tenant', () => {
  it.each<[string, (tx: TenantTx, id: string) => Promise<unknown>]>([
    ['read', (tx, id) => products.get(tx, id)],
    ['change', (tx, id) => products.update(tx, id, { stars: 1 })],
    ['archive', (tx, id) => products.archive(tx, id)],
    ['activate', (tx, id) => products.activate(tx, id)],
    ['see the prices of', (tx, id) => products.prices(tx, id, 10)],
  ])('cannot %s a product', async (_, attempt) => {
    const [shop, stranger] = [await newShop(), await newShop()];
    const product = await shop.sell({ state: 'draft' });
    await expect(stranger.in((tx) => attempt(tx, product.id))).rejects.toThrow(NotFound);
    expect(await shop.in((tx) => products.get(tx, product.id))).toEqual(product);
  });

  it('cannot list a product, show it or take its stock', async () => {
    const [shop, stranger] = [await newShop(), await newShop()];
    const { id } = await shop.sell({ stock: 5 });
    await stranger.in(async (tx) => {
      expect(await products.list(tx, { limit: 10 })).toEqual([]);
      expect(await products.listForShop(tx, shop.botId, { limit: 10, now })).toEqual([]);
      expect(await products.forSale(tx, id)).toBeUndefined();
      expect(await products.takeStock(tx, id)).toBe('sold_out');
      await products.returnStock(tx, id);
    });
    expect(await stockOf(shop.tenantId, id)).toBe(5);
  });

  it("cannot sell through another tenant's bot or sell its file", async () => {
    const [shop, stranger] = [await newShop(), await newShop()];
    const fileId = await newFile(shop.tenantId);
    await expect(stranger.sell({ botId: shop.botId })).rejects.toThrow('There is no such bot.');
    await expect(stranger.sell({ kind: 'file', content: null, fileId })).rejects.toThrow('There is no such file.');
    const own = await stranger.sell({ kind: 'file', content: null, fileId: await newFile(stranger.tenantId) });
    const swap = stranger.in((tx) => products.update(tx, own.id, { fileId }));
    await expect(swap).rejects.toThrow('There is no such file.');
  });
});

describe('the events of a product', () => {
  it('contain changes but never the goods', async () => {
    const shop = await newShop();
    const made = await shop.in((tx) => products.create(tx, { ...shop.input, content: 'the secret goods' }));
    await shop.in((tx) => products.update(tx, made.id, { title: 'Another title', content: 'better secret goods' }));
    await shop.in((tx) => products.archive(tx, made.id));
    await shop.in((tx) => products.archive(tx, made.id));
    await shop.in((tx) => products.activate(tx, made.id));
    const told = await shop.in((tx) => events.list(tx, { limit: 10 }));
    expect(
      told.map((event) => [event.type, event.previous?.['title'], event.previous?.['state']]).toReversed(),
    ).toEqual([
      ['product.created', undefined, undefined],
      ['product.updated', made.title, undefined],
      ['product.archived', undefined, 'active'],
      ['product.updated', undefined, 'archived'],
    ]);
    expect(JSON.stringify(told)).not.toContain('secret goods');
  });
});
