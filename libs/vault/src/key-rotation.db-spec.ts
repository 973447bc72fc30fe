import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Database, makeDataSource } from '#libs/database';
import { newUuid } from '#libs/kernel';
import { newName, urlOf } from '../../../test/guards/fresh-database.js';
import { openAsOwner, testMasterKey } from '../../../test/support/database.js';
import { giveToken, openShop, type Shop } from '../../../test/support/shop.js';
import {
  DataKeyRotator,
  EVERYBODY,
  keyStatus,
  MasterKeyRotator,
  MasterKeys,
  PLATFORM,
  SecretBox,
  type SecretPlace,
} from './index.js';

const database = newName();
const master = Buffer.from(testMasterKey, 'base64');
const newBox = (...others: Buffer[]) => new SecretBox(new MasterKeys(master, ...others));
let owner: DataSource;
let source: DataSource;
let db: Database;
const said: string[] = [];
const report = (sentence: string) => void said.push(sentence);
const noPause = () => Promise.resolve();

beforeAll(async () => {
  owner = await openAsOwner();
  await owner.query(`create database ${database} template starwall`);
  source = await makeDataSource(urlOf(database), {
    name: 'rotation',
    size: 8,
    statementTimeoutMs: 10_000,
  }).initialize();
  db = new Database(source);
});
afterAll(async () => {
  await source.destroy();
  await owner.query(`drop database ${database} with (force)`);
  await owner.destroy();
});

const rotator = (box = newBox(), over = db, pause: (ms: number) => Promise<void> = noPause) =>
  new DataKeyRotator(over, box, pause);

interface Sealed extends Shop {
  readonly endpointId: string;
  readonly token: string;
}

const tokenOf = (shop: Shop): SecretPlace => ({ column: 'bots.token', rowId: shop.botId });

/** Opens a shop with a token, the secret of an endpoint and this number of stored answers. */
async function newShop(answers = 0): Promise<Sealed> {
  const [shop, endpointId, box] = [await openShop(db), newUuid(), newBox()];
  const token = `1234567:${randomBytes(24).toString('base64url')}`;
  await giveToken(shop, token);
  await shop.in(async (tx) => {
    const secret = await box.seal(tx, 'whsec_x', { column: 'endpoints.secret', rowId: endpointId });
    await tx.query(
      `insert into endpoints (tenant_id, id, url, secret_sealed) values ($1, $2, 'https://a.example', $3)`,
      [tx.tenantId, endpointId, secret],
    );
    for (let i = 0; i < answers; i += 1) {
      const place = { column: 'idempotency_keys.answer', rowId: `${endpointId}/key ${i}` } as const;
      await tx.query(
        `insert into idempotency_keys (tenant_id, principal_id, key, fingerprint, state, answer_sealed)
         values ($1, $2, $3, $4, 'done', $5)`,
        [tx.tenantId, endpointId, `key ${i}`, Buffer.alloc(32), await box.seal(tx, `answer ${i}`, place)],
      );
    }
  });
  return { ...shop, endpointId, token };
}

const sealedToken = async (shop: Shop): Promise<Buffer> => {
  const rows = await source.query<Array<{ sealed: Buffer }>>('select token_sealed as sealed from bots where id = $1', [
    shop.botId,
  ]);
  return rows[0]?.sealed ?? Buffer.alloc(0);
};
const openToken = async (shop: Shop, box = newBox()) => {
  const sealed = await sealedToken(shop);
  return shop.in((tx) => box.open(tx, sealed, tokenOf(shop)));
};
const generations = async (shop: Shop) => {
  const rows = await source.query<Array<{ id: string; generation: number }>>(
    'select id, generation from data_keys where tenant_id = $1 order by generation',
    [shop.tenantId],
  );
  return rows.map((row) => row.id.replaceAll('-', ''));
};
const keyIn = async (shop: Shop) => (await sealedToken(shop)).subarray(1, 17).toString('hex');
const status = (masterKeys = new MasterKeys(master)) => db.inPlatform('a test', (tx) => keyStatus(tx, masterKeys));

describe('a rotation of data keys', () => {
  it('reseals all values of a workspace with a new key, and touches no other workspace', async () => {
    const [shop, other] = [await newShop(450), await newShop()];
    const before = await sealedToken(other);
    const done = await rotator().rotate(shop.tenantId, report);
    expect(done).toMatchObject({ continued: false, renewed: 1, resealed: 452, failed: [] });
    const [first, second, ...more] = await generations(shop);
    expect([await keyIn(shop), more]).toEqual([second, []]);
    expect(first).not.toBe(second);
    expect(await openToken(shop)).toBe(shop.token);
    await shop.in(async (tx) => {
      const rows = await tx.query<{ key: string; sealed: Buffer }>(
        `select key, answer_sealed as sealed from idempotency_keys where tenant_id = $1`,
        [tx.tenantId],
      );
      for (const { key, sealed } of rows) {
        const place = { column: 'idempotency_keys.answer', rowId: `${shop.endpointId}/${key}` } as const;
        expect(await newBox().open(tx, sealed, place)).toBe(key.replace('key', 'answer'));
      }
    });
    expect(await sealedToken(other)).toEqual(before);
  });

  it('is a new rotation with another key when it is repeated', async () => {
    const shop = await newShop();
    await rotator().rotate(shop.tenantId, report);
    await rotator().rotate(shop.tenantId, report);
    expect(await generations(shop)).toHaveLength(3);
    expect(await openToken(shop)).toBe(shop.token);
  });

  it('continues with the same key after an interruption', async () => {
    const shop = await newShop(450);
    let transactions = 0;
    class Dying extends Database {
      override inTenant<T>(...args: Parameters<Database['inTenant']>): Promise<T> {
        transactions += 1;
        if (transactions > 6) return Promise.reject(new Error('killed'));
        return super.inTenant(...args) as Promise<T>;
      }
    }
    await expect(rotator(newBox(), new Dying(source)).rotate(shop.tenantId, report)).rejects.toThrow('killed');
    expect(await generations(shop)).toHaveLength(2);
    expect(await openToken(shop)).toBe(shop.token);
    expect((await status()).rotations).toEqual([{ owner: shop.tenantId, begunAt: expect.any(Date) }]);

    const done = await rotator().rotate(shop.tenantId, report);
    expect(done).toMatchObject({ continued: true, renewed: 0, failed: [] });
    expect(done.resealed).toBeGreaterThan(0);
    expect(done.resealed).toBeLessThan(452);
    expect(await generations(shop)).toHaveLength(2);
    expect((await status()).rotations).toEqual([]);
  });

  it('continues when the server ends one of its transactions, for example after a jump of the clock', async () => {
    const shop = await newShop(3);
    let ended = 0;
    class Overtaken extends SecretBox {
      override async reseal(...[tx, ...args]: Parameters<SecretBox['reseal']>): Promise<Buffer> {
        if (ended === 0) {
          ended += 1;
          await tx.query(`select set_config('transaction_timeout', '1', true)`);
          await expect(tx.query('select pg_sleep(10)')).rejects.toMatchObject({ code: '25P04' });
        }
        return super.reseal(tx, ...args);
      }
    }
    const done = await rotator(new Overtaken(new MasterKeys(master))).rotate(shop.tenantId, report);
    expect([ended, done]).toMatchObject([1, { continued: false, renewed: 1, resealed: 5, failed: [] }]);
    expect(await openToken(shop)).toBe(shop.token);
    expect(await keyIn(shop)).toBe((await generations(shop)).at(-1));
  });

  it('ignores values that are written concurrently, and reseals them later', async () => {
    const shop = await newShop();
    class Slow extends SecretBox {
      override async reseal(...args: Parameters<SecretBox['reseal']>): Promise<Buffer> {
        const anew = await super.reseal(...args);
        if (args[2].column === 'bots.token' && (await openToken(shop)) === shop.token)
          await giveToken(shop, '7:another');
        return anew;
      }
    }
    await rotator(new Slow(new MasterKeys(master))).rotate(shop.tenantId, report);
    expect(await openToken(shop)).toBe('7:another');
    expect(await keyIn(shop)).toBe((await generations(shop)).at(-1));
  });

  it('finds values that a process sealed with a cached key', async () => {
    const shop = await newShop();
    const process = newBox();
    const write = (text: string) =>
      shop.in(async (tx) => {
        const sealed = await process.seal(tx, text, tokenOf(shop));
        await tx.query('update bots set token_sealed = $3 where tenant_id = $1 and id = $2', [
          tx.tenantId,
          shop.botId,
          sealed,
        ]);
      });
    await write('7:before');
    const waited: number[] = [];
    await rotator(newBox(), db, async (ms) => {
      waited.push(ms);
      await write('7:during');
      expect(await keyIn(shop)).toBe((await generations(shop))[0]);
    }).rotate(shop.tenantId, report);
    expect(waited).toHaveLength(1);
    expect(waited[0]).toBeGreaterThan(60_000);
    expect(await openToken(shop)).toBe('7:during');
    expect(await keyIn(shop)).toBe((await generations(shop))[1]);
  });

  it('reports values that cannot be opened, leaves them unchanged, and continues', async () => {
    const shop = await newShop(3);
    const broken = Buffer.concat([(await sealedToken(shop)).subarray(0, 40), randomBytes(30)]);
    await source.query('update bots set token_sealed = $2 where id = $1', [shop.botId, broken]);
    const done = await rotator().rotate(shop.tenantId, report);
    expect(done.failed).toEqual([
      { owner: shop.tenantId, column: 'bots.token', rowId: shop.botId, why: expect.stringContaining('does not open') },
    ]);
    expect(done.resealed).toBe(4);
    expect(await sealedToken(shop)).toEqual(broken);
  });

  it('reseals values of the first format, even for owners without a data key', async () => {
    const shop = await openShop(db);
    const derived = (purpose: string, bytes: number) =>
      Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `starwall:${purpose}`, bytes));
    const head = Buffer.concat([Buffer.of(1), derived('key-id', 4)]);
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', derived('secret-box', 32), nonce, { authTagLength: 16 });
    cipher.setAAD(Buffer.concat([head, Buffer.from(JSON.stringify([shop.tenantId, 'bots.token', shop.botId]))]));
    const body = Buffer.concat([cipher.update('7:old'), cipher.final()]);
    const sealed = Buffer.concat([head, nonce, cipher.getAuthTag(), body]);
    await source.query('update bots set token_sealed = $2 where id = $1', [shop.botId, sealed]);
    expect((await status()).masterKeys).toEqual([expect.objectContaining({ state: 'current', values: 1 })]);
    await rotator().rotate(shop.tenantId, report);
    expect(await openToken(shop)).toBe('7:old');
    expect((await sealedToken(shop))[0]).toBe(2);
    expect((await status()).masterKeys).toEqual([expect.objectContaining({ state: 'current', values: 0 })]);
  });

  it('of all owners includes the platform, and leaves no old value', async () => {
    const shops = [await newShop(), await newShop()];
    await db.inPlatform('a test', async (tx) => {
      const sealed = await newBox().seal(tx, 'x', { column: 'signing_keys.secret', rowId: 'k'.repeat(22) });
      await tx.query(
        `insert into signing_keys (kid, purpose, generation, secret_sealed, signs_from) values ($1, 'a_test', 1, $2, now())`,
        ['k'.repeat(22), sealed],
      );
    });
    const before = await source.query('select id from platform_keys');
    const done = await rotator().rotate(EVERYBODY, report);
    expect(done.renewed).toBeGreaterThanOrEqual(3);
    for (const shop of shops) expect(await keyIn(shop)).toBe((await generations(shop)).at(-1));
    expect(await source.query('select id from platform_keys')).toHaveLength(before.length + 1);
    const { columns } = await status();
    expect(columns.map(({ former, first }) => former + first)).toEqual(
      columns.map(({ column }) => (column === 'bots.token' ? 1 : 0)),
    );
    await rotator().rotate(PLATFORM, report);
    expect(await source.query('select id from platform_keys')).toHaveLength(before.length + 2);
  });
});

describe('a rotation of the master key', () => {
  it('rewraps every data key, after which the former master key is no longer needed', async () => {
    const [shop, fresh] = [await newShop(), randomBytes(32)];
    const both = new MasterKeys(fresh, master);
    const { count } = (
      await source.query<Array<{ count: number }>>(
        'select (select count(*)::int from data_keys) + (select count(*)::int from platform_keys) as count',
      )
    )[0] ?? { count: 0 };
    const done = await new MasterKeyRotator(db, both).rotate(report);
    expect(done).toEqual({ masterKeyId: both.currentId, rewrapped: count, failed: [] });
    expect(await openToken(shop, new SecretBox(new MasterKeys(fresh)))).toBe(shop.token);
    await expect(openToken(shop)).rejects.toThrow('STARWALL_MASTER_KEY_PREVIOUS');
    expect((await status(both)).masterKeys).toEqual([
      { id: both.currentId, state: 'current', dataKeys: count, values: 0 },
      { id: new MasterKeys(master).currentId, state: 'previous', dataKeys: 0, values: 0 },
    ]);
    expect(await new MasterKeyRotator(db, both).rotate(report)).toMatchObject({ rewrapped: 0, failed: [] });
    await new MasterKeyRotator(db, new MasterKeys(master, fresh)).rotate(report);
    expect(await openToken(shop)).toBe(shop.token);
  });

  it('reports data keys whose master key is not set, and continues', async () => {
    const [lost, kept, fresh] = [await newShop(), await newShop(), randomBytes(32)];
    const gone = new MasterKeys(randomBytes(32));
    const stranger = gone.wrap(randomBytes(32), newUuid(), lost.tenantId);
    await source.query(
      'insert into data_keys (tenant_id, id, generation, wrapped, master_key_id) values ($1, $2, 2, $3, $4)',
      [lost.tenantId, stranger.id, stranger.wrapped, stranger.masterKeyId],
    );
    const both = new MasterKeys(fresh, master);
    const done = await new MasterKeyRotator(db, both).rotate(report);
    expect(done.failed).toEqual([
      { owner: lost.tenantId, id: stranger.id, why: expect.stringContaining(`needs the master key ${gone.currentId}`) },
    ]);
    expect(await openToken(kept, new SecretBox(new MasterKeys(fresh)))).toBe(kept.token);
    expect((await status(both)).masterKeys).toContainEqual({
      id: gone.currentId,
      state: 'not set',
      dataKeys: 1,
      values: 0,
    });
    await source.query('delete from data_keys where id = $1', [stranger.id]);
  });
});
