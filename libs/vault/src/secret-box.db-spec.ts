import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Database, TenantTx } from '#libs/database';
import { MINUTE, newUuid } from '#libs/kernel';
import { openAsOwner, openTestDatabase, testMasterKey } from '../../../test/support/database.js';
import { MasterKeys, SecretBox } from './index.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let now = new Date();
const clock = { now: () => now };
const master = Buffer.from(testMasterKey, 'base64');
const newBox = (...keys: Buffer[]) => new SecretBox(new MasterKeys(master, ...keys), clock);

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));

async function newTenant(): Promise<string> {
  const id = newUuid();
  await owner.query(`insert into tenants (id, name) values ($1, 'A shop')`, [id]);
  return id;
}

const place = { column: 'bots.token', rowId: newUuid() } as const;
const sealFor = (box: SecretBox, tenantId: string, text = 'a secret') =>
  db.inTenant(tenantId, (tx) => box.seal(tx, text, place));
const openFor = (box: SecretBox, tenantId: string, sealed: Buffer, at: Parameters<SecretBox['open']>[2] = place) =>
  db.inTenant(tenantId, (tx) => box.open(tx, sealed, at));
const keysOf = (tenantId: string) =>
  owner.query<Array<{ id: string; generation: number; wrapped: Buffer }>>(
    'select id, generation, wrapped from data_keys where tenant_id = $1 order by generation',
    [tenantId],
  );

describe('attack 22: a sealed secret', () => {
  it('can be opened again, even in another process, and is never sealed to the same bytes twice', async () => {
    const tenantId = await newTenant();
    const sealed = await sealFor(newBox(), tenantId);
    expect(await openFor(newBox(), tenantId, sealed)).toBe('a secret');
    expect((await sealFor(newBox(), tenantId)).equals(sealed)).toBe(false);
    expect(sealed.includes('a secret')).toBe(false);
  });

  it('contains the id of its data key, which is stored wrapped', async () => {
    const tenantId = await newTenant();
    const sealed = await sealFor(newBox(), tenantId);
    const [key] = await keysOf(tenantId);
    expect(sealed.subarray(1, 17).toString('hex')).toBe(key?.id.replaceAll('-', ''));
    expect(key).toMatchObject({ generation: 1, wrapped: expect.any(Buffer) });
  });

  it.each([
    { ...place, rowId: newUuid() },
    { ...place, column: 'endpoints.secret' as const },
  ])('does not open in another place: %j', async (elsewhere) => {
    const tenantId = await newTenant();
    const sealed = await sealFor(newBox(), tenantId);
    await expect(openFor(newBox(), tenantId, sealed, elsewhere)).rejects.toThrow('does not open');
  });

  it('does not open for another tenant, even with a copy of the key', async () => {
    const [tenantId, other] = [await newTenant(), await newTenant()];
    const sealed = await sealFor(newBox(), tenantId);
    await expect(openFor(newBox(), other, sealed)).rejects.toThrow('there is no data key');
    const copied =
      'insert into data_keys select $2, id, generation, wrapped, master_key_id from data_keys where tenant_id = $1';
    await owner.query(copied, [tenantId, other]);
    await expect(openFor(newBox(), other, sealed)).rejects.toThrow('does not unwrap');
    await owner.query('delete from data_keys where tenant_id = $1', [other]);
  });

  it('does not open for another tenant with the same data key', async () => {
    const [tenantId, other] = [await newTenant(), await newTenant()];
    const [id, bytes] = [newUuid(), randomBytes(32)];
    for (const tenant of [tenantId, other]) {
      const { wrapped, masterKeyId } = new MasterKeys(master).wrap(bytes, id, tenant);
      const insert =
        'insert into data_keys (tenant_id, id, generation, wrapped, master_key_id) values ($1, $2, 1, $3, $4)';
      await owner.query(insert, [tenant, id, wrapped, masterKeyId]);
    }
    const sealed = await sealFor(newBox(), tenantId);
    expect(await openFor(newBox(), tenantId, sealed)).toBe('a secret');
    await expect(openFor(newBox(), other, sealed)).rejects.toThrow('does not open');
  });

  it('does not open with a flipped byte, a truncation or a shortened tag', async () => {
    const tenantId = await newTenant();
    const box = newBox();
    const sealed = await sealFor(box, tenantId);
    await db.inTenant(tenantId, async (tx) => {
      for (let i = 0; i < sealed.length; i += 1) {
        const flipped = Buffer.from(sealed);
        flipped.writeUInt8(flipped.readUInt8(i) ^ 1, i);
        await expect(box.open(tx, flipped, place)).rejects.toThrow();
        await expect(box.open(tx, sealed.subarray(0, i), place)).rejects.toThrow();
      }
      const shortTag = Buffer.concat([sealed.subarray(0, 33), sealed.subarray(45)]);
      await expect(box.open(tx, shortTag, place)).rejects.toThrow('does not open');
    });
  });

  it('may be empty', async () => {
    const tenantId = await newTenant();
    expect(await openFor(newBox(), tenantId, await sealFor(newBox(), tenantId, ''))).toBe('');
  });

  it('counts as sealed from the length at which its key can be read', async () => {
    const tenantId = await newTenant();
    const box = newBox();
    const sealed = await sealFor(box, tenantId);
    await expect(openFor(box, tenantId, sealed.subarray(0, 16))).rejects.toThrow('not a sealed bots.token');
    await expect(openFor(box, tenantId, sealed.subarray(0, 17))).rejects.toThrow('does not open');
    const away = await db.inTenant(tenantId, async (tx) => box.sealAway(tx, 'a secret', place));
    expect(await openFor(box, tenantId, away)).toBe('a secret');
    await expect(openFor(box, tenantId, away.subarray(0, 4))).rejects.toThrow('not a sealed bots.token');
    await expect(openFor(box, tenantId, away.subarray(0, 5))).rejects.toThrow('does not open');
  });

  it('reports the master key that it needs if that is not set', async () => {
    const tenantId = await newTenant();
    const sealed = await sealFor(newBox(), tenantId);
    const stranger = new SecretBox(new MasterKeys(randomBytes(32)), clock);
    await expect(openFor(stranger, tenantId, sealed)).rejects.toThrow(/needs the master key [0-9a-f]{16}.*_PREVIOUS/);
    const later = new SecretBox(new MasterKeys(randomBytes(32), master), clock);
    expect(await openFor(later, tenantId, sealed)).toBe('a secret');
  });

  it('belongs only to the platform in a transaction of the platform', async () => {
    const tenantId = await newTenant();
    const kid = { column: 'signing_keys.secret', rowId: 'k1' } as const;
    const sealed = await db.inPlatform('a test', (tx) => newBox().seal(tx, 'ours', kid));
    expect(await db.inPlatform('a test', (tx) => newBox().open(tx, sealed, kid))).toBe('ours');
    await expect(sealFor(newBox(), tenantId).then(() => openFor(newBox(), tenantId, sealed, kid))).rejects.toThrow(
      TypeError,
    );
    await expect(db.inPlatform('a test', (tx) => newBox().seal(tx, 'x', place))).rejects.toThrow(TypeError);
    const asTenant = await db.inPlatform('a test', (tx) => newBox().seal(tx.asTenant(tenantId), 'a secret', place));
    expect(await openFor(newBox(), tenantId, asTenant)).toBe('a secret');
  });
});

describe('a secret of the first format', () => {
  /** Seals a secret in the format from before data keys, with a key derived from the master key. */
  function sealedBefore(tenantId: string, text: string, key = master): Buffer {
    const derived = (purpose: string, bytes: number) =>
      Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `starwall:${purpose}`, bytes));
    const head = Buffer.concat([Buffer.of(1), derived('key-id', 4)]);
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', derived('secret-box', 32), nonce, { authTagLength: 16 });
    cipher.setAAD(Buffer.concat([head, Buffer.from(JSON.stringify([tenantId, place.column, place.rowId]))]));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([head, nonce, cipher.getAuthTag(), body]);
  }

  it('can be opened in its place, with the current and with a former master key', async () => {
    const [tenantId, other] = [await newTenant(), await newTenant()];
    expect(await openFor(newBox(), tenantId, sealedBefore(tenantId, 'from before'))).toBe('from before');
    await expect(openFor(newBox(), other, sealedBefore(tenantId, 'from before'))).rejects.toThrow('does not open');
    const former = randomBytes(32);
    const older = sealedBefore(tenantId, 'older still', former);
    expect(await openFor(newBox(former), tenantId, older)).toBe('older still');
    await expect(openFor(newBox(), tenantId, older)).rejects.toThrow('STARWALL_MASTER_KEY_PREVIOUS');
  });
});

describe('a data key', () => {
  it('is created once by concurrent first secrets', async () => {
    const tenantId = await newTenant();
    const sealed = await Promise.all(Array.from({ length: 8 }, (_, i) => sealFor(newBox(), tenantId, `secret ${i}`)));
    expect(await keysOf(tenantId)).toHaveLength(1);
    const opened = await Promise.all(sealed.map((one) => openFor(newBox(), tenantId, one)));
    expect(opened).toEqual(sealed.map((_, i) => `secret ${i}`));
  });

  it('is created once in a transaction that seals several secrets concurrently', async () => {
    const tenantId = await newTenant();
    const box = newBox();
    const sealed = await db.inTenant(tenantId, (tx) =>
      Promise.all(['one', 'two', 'three'].map((text) => box.seal(tx, text, place))),
    );
    expect(await keysOf(tenantId)).toHaveLength(1);
    expect(await Promise.all(sealed.map((one) => openFor(newBox(), tenantId, one)))).toEqual(['one', 'two', 'three']);
  });

  it('is not used after its transaction was rolled back', async () => {
    const tenantId = await newTenant();
    const box = newBox();
    const failing = db.inTenant(tenantId, async (tx) => {
      const sealed = await box.seal(tx, 'gone', place);
      expect(await box.open(tx, sealed, place)).toBe('gone');
      await box.seal(tx, 'gone as well', place);
      throw new Error('on second thoughts');
    });
    await expect(failing).rejects.toThrow('on second thoughts');
    expect(await keysOf(tenantId)).toHaveLength(0);
    const sealed = await sealFor(box, tenantId, 'kept');
    expect(await openFor(newBox(), tenantId, sealed)).toBe('kept');
  });

  it('costs one round trip without a cached key, and none with one', async () => {
    const tenantId = await newTenant();
    const sealed = await sealFor(newBox(), tenantId);
    const box = newBox();
    const trips = (work: (tx: TenantTx) => Promise<unknown>) =>
      db.inTenant(tenantId, async (tx) => {
        const query = vi.spyOn(tx, 'query');
        await work(tx);
        return query.mock.calls.length;
      });
    expect(await trips((tx) => box.open(tx, sealed, place))).toBe(1);
    expect(await trips((tx) => box.open(tx, sealed, place))).toBe(0);
    expect(await trips((tx) => box.seal(tx, 'another', place))).toBe(1);
    expect(await trips((tx) => box.seal(tx, 'another', place))).toBe(0);
    now = new Date(now.getTime() + MINUTE);
    expect(await trips((tx) => box.seal(tx, 'another', place))).toBe(1);
    expect(await trips((tx) => box.open(tx, sealed, place))).toBe(0);
  });
});
