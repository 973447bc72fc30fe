import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { DAY, MINUTE, NotFound, SECOND } from '#libs/kernel';
import { QuotaExhausted } from '#libs/quotas';
import { openAsOwner, openTestDatabase } from '../../../../test/support/database.js';
import { eventually } from '../../../../test/support/eventually.js';
import { peopleServices, workspaceOf } from '../../../../test/support/people.js';
import { KeyExpiryInvalid, ScopeNotYours } from './api-key.js';
import type { Role, Scope } from '../accounts/scope.js';

let db: Database;
let source: DataSource;
let owner: DataSource;
let now: Date;
let here: ReturnType<typeof peopleServices>;

const clock = { now: () => now };
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
  owner = await openAsOwner();
});
afterAll(() => Promise.all([source.destroy(), owner.destroy()]));
beforeEach(() => {
  now = new Date();
  here = peopleServices(db, clock);
});

async function workspace(...roles: Role[]) {
  const { tenantId, accountIds } = await workspaceOf(owner, 'owner', ...roles);
  const [boss = '', maker = boss] = accountIds;
  const make = (options: { scopes?: Scope[]; expiresAt?: Date; by?: string } = {}) =>
    db.inTenant(tenantId, (tx) =>
      here.keys.create(tx, options.by ?? maker, {
        name: 'A program',
        scopes: options.scopes ?? ['orders:read', 'refunds:write'],
        expiresAt: options.expiresAt,
      }),
    );
  const revoke = (id: string) => db.inTenant(tenantId, (tx) => here.keys.revoke(tx, id));
  return { tenantId, boss, maker, make, revoke };
}

const lastUsed = async (id: string): Promise<Date | null> => {
  const rows: Array<{ at: Date | null }> = await owner.query('select last_used_at as at from api_keys where id = $1', [
    id,
  ]);
  return rows[0]?.at ?? null;
};

/** Waits until a use is recorded in the background. */
async function useRecorded(id: string, at: Date): Promise<void> {
  await eventually('the recorded use', async () => (await lastUsed(id))?.getTime() === at.getTime());
}

describe('an API key', () => {
  it('identifies its creator, its workspace and its scopes', async () => {
    const { tenantId, maker, make } = await workspace();
    const { key, row } = await make();
    expect(await here.keyDirectory.bearer(key)).toEqual({
      tenantId,
      keyId: row.id,
      accountId: maker,
      role: 'owner',
      scopes: ['orders:read', 'refunds:write'],
    });
  });

  it('is stored only as its SHA-256', async () => {
    const { make } = await workspace();
    const { key, row } = await make();
    const [kept] = await owner.query(
      `select hash = sha256(convert_to($2, 'UTF8')) as hashed, api_keys::text as all from api_keys where id = $1`,
      [row.id, key],
    );
    expect(kept).toMatchObject({ hashed: true, all: expect.not.stringContaining(key.slice(8, 20)) });
  });

  it('is rejected in the other mode, although it is in the database', async () => {
    const { tenantId, maker } = await workspace();
    const live = peopleServices(db, clock, true);
    const { key } = await db.inTenant(tenantId, (tx) =>
      live.keys.create(tx, maker, { name: 'Live', scopes: ['orders:read'] }),
    );
    expect(await live.keyDirectory.bearer(key)).toMatchObject({ tenantId });
    expect(await here.keyDirectory.bearer(key)).toBeUndefined();
  });

  it('gets no scope that its creator lacks or that is reserved for people', async () => {
    const { make, maker } = await workspace('support');
    await expect(make({ scopes: ['products:write'], by: maker })).rejects.toThrow(ScopeNotYours);
    await expect(make({ scopes: ['keys:write' as Scope] })).rejects.toThrow(ScopeNotYours);
    await expect(make({ scopes: ['self'] })).rejects.toThrow(ScopeNotYours);
    await expect(make({ scopes: ['refunds:write'], by: maker })).resolves.toBeDefined();
  });

  it('expires at its given time, at most 365 days after its creation', async () => {
    const { make } = await workspace();
    await expect(make({ expiresAt: now })).rejects.toThrow(KeyExpiryInvalid);
    await expect(make({ expiresAt: new Date(now.getTime() + 365 * DAY + 1) })).rejects.toThrow(KeyExpiryInvalid);
    const { key } = await make({ expiresAt: new Date(now.getTime() + 2 * SECOND) });
    later(2 * SECOND - 1);
    expect(await here.keyDirectory.bearer(key)).toBeDefined();
    later(1);
    expect(await here.keyDirectory.bearer(key)).toBeUndefined();
  });

  it('is rejected here at once after its revocation, and elsewhere after five seconds', async () => {
    const { make, revoke } = await workspace();
    const elsewhere = peopleServices(db, clock).keyDirectory;
    const { key, row } = await make();
    await Promise.all([here.keyDirectory.bearer(key), elsewhere.bearer(key)]);
    await revoke(row.id);
    expect(await here.keyDirectory.bearer(key)).toBeUndefined();
    later(5 * SECOND);
    expect(await elsewhere.bearer(key)).toBeUndefined();
  });

  it('keeps the first time when it is revoked twice', async () => {
    const { make, revoke } = await workspace();
    const { row } = await make();
    const first = now;
    await revoke(row.id);
    later(MINUTE);
    await revoke(row.id);
    const [kept] = await owner.query('select revoked_at from api_keys where id = $1', [row.id]);
    expect(kept).toEqual({ revoked_at: first });
  });

  it('can neither be seen nor revoked by another workspace', async () => {
    const [mine, theirs] = [await workspace(), await workspace()];
    const { key, row } = await theirs.make();
    await expect(mine.revoke(row.id)).rejects.toThrow(NotFound);
    expect(await db.inTenant(mine.tenantId, (tx) => here.keys.list(tx, 10))).toEqual([]);
    expect(await here.keyDirectory.bearer(key)).toBeDefined();
  });

  it('never has more scopes than its creator, and ends when they leave', async () => {
    const { tenantId, boss, maker, make } = await workspace('admin');
    const { key, row } = await make({ scopes: ['products:write', 'refunds:write'] });
    await here.members.changeRole(tenantId, boss, maker, 'support');
    expect(await here.keyDirectory.bearer(key)).toMatchObject({ role: 'support', scopes: ['refunds:write'] });
    await db.inTenant(tenantId, (tx) => here.members.remove(tx, boss, maker));
    expect(await here.keyDirectory.bearer(key)).toBeUndefined();
    const [kept] = await owner.query('select revoked_at from api_keys where id = $1', [row.id]);
    expect(kept).toEqual({ revoked_at: now });
  });

  it('shows its last use, recorded at most once a minute', async () => {
    const { make } = await workspace();
    const { key, row } = await make();
    expect(await lastUsed(row.id)).toBeNull();
    const first = now;
    await Promise.all(Array.from({ length: 10 }, () => here.keyDirectory.bearer(key)));
    await useRecorded(row.id, first);

    later(MINUTE - 1);
    await here.keyDirectory.bearer(key);
    later(1);
    await here.keyDirectory.bearer(key);
    await useRecorded(row.id, now);
  });

  it('is limited to fifty per workspace: of sixty concurrent requests, fifty succeed', async () => {
    const { make } = await workspace();
    const results = await Promise.allSettled(Array.from({ length: 60 }, () => make()));
    const refused = results.flatMap((it) => (it.status === 'rejected' ? [it.reason] : []));
    expect(refused).toEqual(Array.from({ length: 10 }, () => expect.any(QuotaExhausted)));
  });
});

describe("a key's metadata", () => {
  it('is replaced as a whole, and only by its own workspace', async () => {
    const [mine, other] = [await workspace(), await workspace()];
    const { row } = await mine.make();
    const set = (tenantId: string, metadata: Record<string, string>) =>
      db.inTenant(tenantId, (tx) => here.keys.setMetadata(tx, row.id, metadata));
    await set(mine.tenantId, { server: 'one' });
    expect(await set(mine.tenantId, { region: 'eu' })).toMatchObject({ id: row.id, metadata: { region: 'eu' } });
    await expect(set(other.tenantId, { region: 'us' })).rejects.toThrow(NotFound);
    const [listed] = await db.inTenant(mine.tenantId, (tx) => here.keys.list(tx, 10));
    expect(listed?.metadata).toEqual({ region: 'eu' });
  });
});
