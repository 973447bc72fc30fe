import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { JobStore } from '#libs/journal';
import { newUuid, NotFound } from '#libs/kernel';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { quotasAt } from '../../../../test/support/quotas.js';
import { openShop, type Shop } from '../../../../test/support/shop.js';
import { TenantStore } from '../workspace/tenant.store.js';
import type { BotDirectory } from './bot-directory.service.js';
import { BotNotInState } from './bot-refusals.js';
import { BotStore } from './bot.store.js';
import { MAX_OWN_TEXTS, TooManyTexts } from './bot-text.js';
import { BotTextService, type TextPlace } from './bot-text.service.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
const now = new Date('2026-12-01T09:00:00Z');
const forget = vi.fn<(botId: string) => void>();

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

const texts = () =>
  new BotTextService(
    db,
    new BotStore(quotasAt()),
    new TenantStore(),
    { forget } as unknown as BotDirectory,
    new JobStore(),
    { now: () => now },
  );
const placeOf = ({ botId }: Shop, changes: Partial<TextPlace> = {}): TextPlace => ({
  botId,
  productId: null,
  language: 'en',
  key: 'command.start',
  ...changes,
});
const put = (shop: Shop, changes: Partial<TextPlace> = {}, words = 'Begin here') =>
  texts().put(shop.tenantId, placeOf(shop, changes), words);
const list = (shop: Shop, filter: object = {}) =>
  shop.in((tx) => texts().list(tx, shop.botId, { limit: 10, ...filter }));
const menuJobs = (shop: Shop) =>
  owner.query<unknown[]>(`select from jobs where subject = $1 and kind = 'bot.menu'`, [shop.botId]);

describe("a bot's own text", () => {
  it('can be set, changed and removed repeatedly, which updates other processes and Telegram', async () => {
    const shop = await openShop(db);
    expect(await put(shop)).toMatchObject({ text: 'Begin here', updatedAt: now });
    await put(shop, {}, 'Begin');
    await put(shop, {}, 'Begin');
    expect(await list(shop)).toMatchObject([{ text: 'Begin', key: 'command.start' }]);
    expect(await menuJobs(shop)).toHaveLength(1);
    expect(forget).toHaveBeenCalledWith(shop.botId);
    for (let n = 0; n < 2; n += 1) await texts().remove(shop.tenantId, placeOf(shop));
    expect(await list(shop)).toEqual([]);
  });

  it('that Telegram does not store needs no call', async () => {
    const shop = await openShop(db);
    await put(shop, { key: 'goods.open' }, 'Open it');
    expect(await list(shop)).toHaveLength(1);
    expect(await menuJobs(shop)).toHaveLength(0);
  });

  it('belongs to one product, one language and one key', async () => {
    const shop = await openShop(db);
    const about = { productId: shop.productId, key: 'product.title' as const };
    await put(shop, about, 'A poem');
    await put(shop, { ...about, language: 'ru' }, 'Стихи');
    await put(shop, { key: 'command.help' }, 'Help me');
    expect(await list(shop, { productId: shop.productId })).toHaveLength(2);
    expect(await list(shop, { language: 'ru' })).toMatchObject([{ text: 'Стихи' }]);
    await texts().remove(shop.tenantId, placeOf(shop, { ...about, language: 'ru' }));
    expect((await list(shop)).map(({ text }) => text).toSorted()).toEqual(['A poem', 'Help me']);
  });

  it('is limited to this bot, its products and its workspace', async () => {
    const [shop, other] = [await openShop(db), await openShop(db)];
    await put(other);
    const about = { key: 'product.title' as const };
    await expect(put(shop, { ...about, productId: newUuid() })).rejects.toThrow(NotFound);
    await expect(put(shop, { ...about, productId: other.productId })).rejects.toThrow(NotFound);
    await expect(put(shop, { botId: other.botId })).rejects.toThrow(NotFound);
    await expect(texts().remove(shop.tenantId, placeOf(other))).rejects.toThrow(NotFound);
    await expect(shop.in((tx) => texts().list(tx, other.botId, { limit: 10 }))).rejects.toThrow(NotFound);
    expect(await list(other)).toHaveLength(1);
  });

  it('cannot be added beyond the maximum, but existing ones can be changed', async () => {
    const shop = await openShop(db);
    await owner.query(
      `insert into bot_texts (tenant_id, id, bot_id, product_id, language, key, text, updated_at)
       select $1, gen_random_uuid(), $2, null, 'en', 'k' || n, 'text', now() from generate_series(1, $3::int) n`,
      [shop.tenantId, shop.botId, MAX_OWN_TEXTS - 1],
    );
    await put(shop);
    await put(shop, {}, 'Begin');
    await expect(put(shop, { language: 'ru' })).rejects.toThrow(TooManyTexts);
    await put(await openShop(db));
  });

  it('of a removed bot cannot be changed', async () => {
    const shop = await openShop(db);
    await owner.query(`update bots set state = 'removed' where id = $1`, [shop.botId]);
    await expect(put(shop)).rejects.toThrow(BotNotInState);
    await expect(texts().remove(shop.tenantId, placeOf(shop))).rejects.toThrow(BotNotInState);
  });
});
