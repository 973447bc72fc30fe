import type { KeyObject } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Database, makeDataSource } from '#libs/database';
import { MINUTE, SECOND } from '#libs/kernel';
import { newName, urlOf } from '../../../test/guards/fresh-database.js';
import { openAsOwner, testBox } from '../../../test/support/database.js';
import { SigningKeys } from './index.js';

const database = newName();
let owner: DataSource;
let source: DataSource;
let db: Database;
let now = new Date();
const clock = { now: () => now };
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};
/** Creates the keys of a process, with their own cache. */
const newProcess = (over = db) => new SigningKeys(over, testBox(clock), clock);

beforeAll(async () => {
  Logger.overrideLogger(false);
  owner = await openAsOwner();
  await owner.query(`create database ${database} template starwall`);
  source = await makeDataSource(urlOf(database), { name: 'keys', size: 8, statementTimeoutMs: 10_000 }).initialize();
  db = new Database(source);
});
afterAll(async () => {
  await source.destroy();
  await owner.query(`drop database ${database}`);
  await owner.destroy();
});
beforeEach(() => source.query('delete from signing_keys'));

const rotate = (at: 'leisure' | 'once' = 'leisure') =>
  db.inPlatform('a test', (tx) => newProcess().rotate(tx, 'access', at));
/** Returns the bytes of a key, because Vitest considers any two key objects equal. */
const bytesOf = (key: KeyObject | undefined) => key?.export();
const count = async () => (await source.query<unknown[]>('select 1 from signing_keys')).length;

/** A minute until the next one signs, half a minute until all sign with it, the lifetime of a token, a minute for clocks. */
const ENDS_AFTER = MINUTE + 30 * SECOND + 15 * MINUTE + MINUTE;

describe('the keys that sign tokens', () => {
  it('start with a random key that all processes share, even when they start at once', async () => {
    const signers = await Promise.all(Array.from({ length: 6 }, () => newProcess().signer('access')));
    expect(new Set(signers.map(({ kid }) => kid)).size).toBe(1);
    const [first] = signers;
    expect(first?.secret.symmetricKeySize).toBe(32);
    expect(bytesOf(await newProcess().verifier('access', first?.kid))).toEqual(bytesOf(first?.secret));
    expect(await count()).toBe(1);
  });

  it('are rotated without a restart and without refusing a token', async () => {
    const [one, other] = [newProcess(), newProcess()];
    const before = await one.signer('access');
    await other.signer('access');
    await rotate();
    expect((await one.signer('access')).kid).toBe(before.kid);
    later(30 * SECOND);
    expect((await one.signer('access')).kid).toBe(before.kid);
    expect((await other.signer('access')).kid).toBe(before.kid);
    later(30 * SECOND);
    const after = await one.signer('access');
    expect(after.kid).not.toBe(before.kid);
    expect(bytesOf(await other.verifier('access', after.kid))).toEqual(bytesOf(after.secret));
    expect((await other.signer('access')).kid).toBe(after.kid);

    later(15 * MINUTE);
    expect(bytesOf(await other.verifier('access', before.kid))).toEqual(bytesOf(before.secret));
    later(2 * MINUTE);
    expect(await other.verifier('access', before.kid)).toBeUndefined();
    expect(bytesOf(await other.verifier('access', after.kid))).toEqual(bytesOf(after.secret));
    await rotate();
    expect(await count()).toBe(2);
  });

  it('can be replaced at once after a leak', async () => {
    const [one, other] = [newProcess(), newProcess()];
    const before = await one.signer('access');
    await other.signer('access');
    const [newest] = await rotate('once');
    later(30 * SECOND);
    expect((await one.signer('access')).kid).toBe(newest?.kid);
    expect(await other.verifier('access', before.kid)).toBeUndefined();
  });

  it('of an earlier generation verify until exactly their end', async () => {
    const before = await newProcess().signer('access');
    await rotate();
    later(ENDS_AFTER - 1);
    const keys = newProcess();
    expect(bytesOf(await keys.verifier('access', before.kid))).toEqual(bytesOf(before.secret));
    later(1);
    expect(await keys.verifier('access', before.kid)).toBeUndefined();
    expect((await keys.signer('access')).kid).not.toBe(before.kid);
  });

  it('get a new generation for each of two concurrent rotations', async () => {
    const before = await newProcess().signer('access');
    await Promise.all([rotate(), rotate()]);
    const rows = await source.query<Array<{ generation: number; retired: boolean }>>(
      'select generation, retires_at is not null as retired from signing_keys order by generation',
    );
    expect(rows).toEqual([
      { generation: 1, retired: true },
      { generation: 2, retired: true },
      { generation: 3, retired: false },
    ]);
    later(MINUTE);
    expect(bytesOf(await newProcess().verifier('access', before.kid))).toEqual(bytesOf(before.secret));
  });

  it.each([undefined, null, 7, ['x'], { toString: () => 'x' }, '', '__proto__', `' or 1 = 1 --`])(
    'are not found by an invalid key id: %j',
    async (kid) => {
      const keys = newProcess();
      await keys.signer('access');
      expect(await keys.verifier('access', kid)).toBeUndefined();
    },
  );

  it('are read at most once a second, however many key ids are invented', async () => {
    const keys = newProcess();
    await keys.signer('access');
    later(2 * SECOND);
    const asked = vi.spyOn(db, 'inPlatform');
    for (let i = 0; i < 50; i += 1) await keys.verifier('access', `${i}`.padStart(22, 'A'));
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockRestore();
  });

  it('are read at most once in half a minute, even by signers', async () => {
    const keys = newProcess();
    await keys.signer('access');
    const asked = vi.spyOn(db, 'inPlatform');
    later(30 * SECOND - 1);
    await keys.signer('access');
    expect(asked).not.toHaveBeenCalled();
    later(1);
    await Promise.all([keys.signer('access'), keys.signer('access')]);
    await keys.signer('access');
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockRestore();
  });

  it('of one purpose verify no token of another', async () => {
    const keys = newProcess();
    const { kid } = await keys.signer('access');
    await keys.signer('staff');
    expect((await keys.signer('staff')).kid).not.toBe(kid);
    expect(await keys.verifier('staff', kid)).toBeUndefined();
  });

  it('stay in use from the cache while the database is unavailable', async () => {
    let away = false;
    class Fragile extends Database {
      override inPlatform<T>(...args: Parameters<Database['inPlatform']>): Promise<T> {
        if (away) return Promise.reject(new Error('gone'));
        return super.inPlatform(...args) as Promise<T>;
      }
    }
    const keys = newProcess(new Fragile(source));
    const { kid, secret } = await keys.signer('access');
    away = true;
    later(10 * MINUTE);
    expect(bytesOf(await keys.verifier('access', kid))).toEqual(bytesOf(secret));
    later(50 * MINUTE);
    expect(bytesOf(await keys.verifier('access', kid))).toEqual(bytesOf(secret));
    later(1);
    await expect(keys.verifier('access', kid)).rejects.toThrow('gone');
    await expect(newProcess(new Fragile(source)).verifier('access', kid)).rejects.toThrow('gone');
  });
});
