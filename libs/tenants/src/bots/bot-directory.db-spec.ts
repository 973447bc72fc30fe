import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { newUuid, publicId, SECOND } from '#libs/kernel';
import { openAsOwner, openTestDatabase, testBox } from '../../../../test/support/database.js';
import { giveToken, openShop, type Shop } from '../../../../test/support/shop.js';
import { BotDirectory } from './bot-directory.service.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let now: Date;
let directory: BotDirectory;

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));
beforeEach(() => {
  now = new Date('2026-12-01T09:00:00Z');
  const clock = { now: () => now };
  directory = new BotDirectory(db, testBox(clock), clock);
});
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};

async function newBot(): Promise<Shop> {
  const shop = await openShop(db);
  await giveToken(shop, '7:first');
  return shop;
}
const becomes = (shop: Shop, state: string) =>
  owner.query(`update bots set state = $2, removing_since = null where id = $1`, [shop.botId, state]);
const stateOf = async (shop: Shop) => (await directory.open(shop.tenantId, shop.botId))?.state;

describe('the directory of bots', () => {
  it('opens a bot with its token, for its own workspace only', async () => {
    const [shop, other] = [await newBot(), await newBot()];
    expect(await directory.open(shop.tenantId, shop.botId)).toMatchObject({ botId: shop.botId, token: '7:first' });
    expect(await directory.open(other.tenantId, shop.botId)).toBeUndefined();
  });

  it('does not open a removed bot, which has no token', async () => {
    const shop = await newBot();
    await owner.query(`update bots set state = 'removed', token_sealed = null where id = $1`, [shop.botId]);
    expect(await directory.open(shop.tenantId, shop.botId)).toBeUndefined();
  });

  it('reads a bot again after five seconds, and a blocked one after one second', async () => {
    const shop = await newBot();
    expect(await stateOf(shop)).toBe('active');
    await becomes(shop, 'token_invalid');
    later(5 * SECOND - 1);
    expect(await stateOf(shop)).toBe('active');
    later(1);
    expect(await stateOf(shop)).toBe('token_invalid');
    await becomes(shop, 'active');
    later(SECOND - 1);
    expect(await stateOf(shop)).toBe('token_invalid');
    later(1);
    expect(await stateOf(shop)).toBe('active');
  });

  it('forgets one bot, or the bots of one workspace, and remembers the others', async () => {
    const shops = [await newBot(), await newBot(), await newBot()] as const;
    for (const shop of shops) {
      await stateOf(shop);
      await becomes(shop, 'paused');
    }
    directory.forget(shops[0].botId);
    directory.forgetTenant(shops[1].tenantId);
    expect(await Promise.all(shops.map(stateOf))).toEqual(['paused', 'paused', 'active']);
  });

  it("lists a workspace's bots in the test environment", async () => {
    const [shop, other] = [await newBot(), await newBot()];
    expect(await directory.testBots(shop.tenantId)).toEqual(new Set());
    await owner.query(`update bots set environment = 'test' where id = $1`, [shop.botId]);
    directory.forget(shop.botId);
    expect(await directory.testBots(shop.tenantId)).toEqual(new Set([publicId('bot', shop.botId)]));
    expect(await directory.testBots(other.tenantId)).toEqual(new Set());
  });
});

describe('the route of a webhook path', () => {
  async function newRoute(previous: Buffer | null, until: Date | null) {
    const shop = await newBot();
    const [pathKey, secret] = [randomBytes(32).toString('base64url'), randomBytes(32)];
    await owner.query(
      `insert into bot_routes (path_key, telegram_id, owner_tenant, bot_id, secret_hash, previous_secret_hash, previous_secret_until)
       select $1, telegram_id, tenant_id, id, $3, $4, $5 from bots where id = $2`,
      [pathKey, shop.botId, secret, previous, until],
    );
    return { shop, pathKey, secret };
  }

  it('names the bot and its secret, and opens the bot in advance', async () => {
    const { shop, pathKey, secret } = await newRoute(null, null);
    const open = vi.spyOn(directory, 'open');
    expect(await directory.byPath(pathKey)).toEqual({
      tenantId: shop.tenantId,
      botId: shop.botId,
      secretHash: secret,
      previousSecretHash: null,
      previousSecretUntil: null,
    });
    expect(open).toHaveBeenCalledExactlyOnceWith(shop.tenantId, shop.botId);
    await open.mock.results[0]?.value;
    later(5 * SECOND);
    await directory.byPath(pathKey);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('keeps a former secret until its end, or for as long as Telegram has not confirmed the new one', async () => {
    const [former, until] = [randomBytes(32), new Date('2026-12-01T10:00:00Z')];
    const ending = await newRoute(former, until);
    const open = await newRoute(former, null);
    expect(await directory.byPath(ending.pathKey)).toMatchObject({ previousSecretUntil: until });
    expect((await directory.byPath(open.pathKey))?.previousSecretUntil?.getUTCFullYear()).toBe(9999);
  });

  it('is read again after five seconds, or after one when the secret does not match', async () => {
    const { pathKey } = await newRoute(null, null);
    const secretAt = async (freshness?: 'recheck') => (await directory.byPath(pathKey, freshness))?.secretHash;
    const rotate = async () => {
      const secret = randomBytes(32);
      await owner.query('update bot_routes set secret_hash = $2 where path_key = $1', [pathKey, secret]);
      return secret;
    };
    const first = await secretAt();
    const second = await rotate();
    later(SECOND - 1);
    expect(await secretAt('recheck')).toEqual(first);
    later(1);
    expect(await secretAt()).toEqual(first);
    expect(await secretAt('recheck')).toEqual(second);
    const third = await rotate();
    later(5 * SECOND - 1);
    expect(await secretAt()).toEqual(second);
    later(1);
    expect(await secretAt()).toEqual(third);
  });

  it('is not looked up for a text that is no path key', async () => {
    const reads = vi.spyOn(db, 'inPlatform');
    expect(await directory.byPath(newUuid())).toBeUndefined();
    expect(reads).not.toHaveBeenCalled();
    reads.mockRestore();
  });
});
