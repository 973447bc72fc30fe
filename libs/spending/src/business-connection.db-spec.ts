import type { BusinessConnection } from 'grammy/types';
import { BotCalls } from '#libs/tenants';
import { newUuid, NotFound, publicId } from '#libs/kernel';
import type { StarShop } from '../../../test/support/stars.js';
import { StarWorks } from '../../../test/support/stars.js';
import { EventStore } from '#libs/journal';
import { BusinessConnections } from './business-connection.service.js';

let works: StarWorks;
let connections: BusinessConnections;

beforeAll(async () => {
  works = await StarWorks.open();
  connections = new BusinessConnections(works.db, works.app.get(BotCalls), new EventStore());
});
afterAll(() => works.close());

const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1_000);
const told = (shop: StarShop, changes: Partial<BusinessConnection> = {}): BusinessConnection => ({
  id: `bc-${shop.botId}`,
  user: { id: shop.buyerId, is_bot: false, first_name: 'Bea' },
  user_chat_id: shop.buyerId,
  date: 1_799_999_000,
  is_enabled: true,
  rights: { can_transfer_stars: true },
  ...changes,
});
const record = (shop: StarShop, seconds: number, changes: Partial<BusinessConnection> = {}) =>
  shop.in((tx) => connections.record(tx, shop.botId, told(shop, changes), at(seconds)));
const listed = (shop: StarShop, botId = shop.botId) => shop.in((tx) => connections.list(tx, { botId, limit: 10 }));
const events = (shop: StarShop) =>
  shop.in((tx) =>
    tx.query<{ type: string; data: object; previous: object | null }>(
      `select type, data, previous from events where tenant_id = $1 and type like 'business_connection.%' order by id`,
      [tx.tenantId],
    ),
  );

describe('an account that connects a bot', () => {
  it('is stored with one event when Telegram first reports it', async () => {
    const shop = await works.openShop();
    const row = await record(shop, 0);
    expect(await listed(shop)).toEqual([row]);
    expect(row).toMatchObject({ userId: shop.buyerId, enabled: true, rights: ['can_transfer_stars'] });
    expect(row.connectedAt).toEqual(new Date(1_799_999_000_000));
    expect(await events(shop)).toEqual([
      {
        type: 'business_connection.updated',
        data: expect.objectContaining({ id: publicId('businessConnection', row.id), enabled: true }),
        previous: null,
      },
    ]);
  });

  it('keeps its id when it changes, with the previous values in the event', async () => {
    const shop = await works.openShop();
    const first = await record(shop, 0);
    const second = await record(shop, 60, { rights: { can_transfer_stars: true, can_view_gifts_and_stars: true } });
    const third = await record(shop, 120, { is_enabled: false, rights: { can_view_gifts_and_stars: true } });
    expect(await listed(shop)).toEqual([third]);
    expect([second.id, third.id]).toEqual([first.id, first.id]);
    expect(third).toMatchObject({ enabled: false, updatedAt: at(120), createdAt: at(0) });
    expect((await events(shop)).map(({ previous }) => previous)).toEqual([
      null,
      { rights: ['can_transfer_stars'], updated_at: at(0).toISOString() },
      {
        enabled: true,
        rights: ['can_transfer_stars', 'can_view_gifts_and_stars'],
        updated_at: at(60).toISOString(),
      },
    ]);
  });

  it('is stored once, even if it is reported repeatedly and concurrently', async () => {
    const shop = await works.openShop();
    const rows = await Promise.all([0, 1, 2, 3].map((seconds) => record(shop, seconds)));
    expect(new Set(rows.map(({ id }) => id)).size).toBe(1);
    await record(shop, 60, { rights: { can_transfer_stars: true, can_reply: false } as never });
    expect(await events(shop)).toHaveLength(1);
    expect(await listed(shop)).toHaveLength(1);
  });

  it('is found only by its workspace, and listed only for its bot', async () => {
    const [shop, stranger] = [await works.openShop(), await works.openShop()];
    const row = await record(shop, 0);
    expect(await shop.in((tx) => connections.get(tx, row.id))).toEqual(row);
    await expect(stranger.in((tx) => connections.get(tx, row.id))).rejects.toThrow(NotFound);
    expect(await listed(stranger)).toEqual([]);
    expect(await listed(shop, newUuid())).toEqual([]);
  });
});
