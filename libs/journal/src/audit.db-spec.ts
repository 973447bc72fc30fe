import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { newUuid } from '#libs/kernel';
import { openTestDatabase } from '../../../test/support/database.js';
import type { NewAuditEntry } from './audit.js';
import { AuditStore } from './audit.store.js';

const audit = new AuditStore();
let db: Database;
let source: DataSource;

beforeAll(async () => {
  ({ db, source } = await openTestDatabase());
});
afterAll(() => source.destroy());

async function newTenant(): Promise<string> {
  const id = newUuid();
  await db.inPlatform('a test', (tx) => tx.query(`insert into tenants (id, name) values ($1, 'A shop')`, [id]));
  return id;
}

const entry = (changes: Partial<NewAuditEntry> = {}): NewAuditEntry => ({
  action: 'orders_refund',
  actor: { kind: 'account', id: newUuid() },
  via: 'session',
  targets: ['ord_1'],
  context: { requestId: 'req_1', network: '203.0.113.0/24', userAgent: 'curl' },
  ...changes,
});

describe('the audit log of a workspace', () => {
  it('lists entries, newest first, with the outcome of those that were started', async () => {
    const tenantId = await newTenant();
    const actor = { kind: 'account', id: newUuid() } as const;
    await db.inTenant(tenantId, async (tx) => {
      await audit.record(tx, entry({ actor }));
      for (const outcome of ['done', 'refused'] as const) {
        await audit.conclude(tx, await audit.record(tx, entry({ action: 'bots_register' }), 'begun'), outcome);
      }
      await audit.record(tx, entry({ action: 'bots_repair' }), 'begun');
    });
    const read = (filter: object) => db.inTenant(tenantId, (tx) => audit.list(tx, { limit: 10, ...filter }));
    const all = await read({});
    expect(all.map((one) => [one.action, one.outcome])).toEqual([
      ['bots_repair', 'begun'],
      ['bots_register', 'refused'],
      ['bots_register', 'done'],
      ['orders_refund', 'done'],
    ]);
    expect(all[3]).toMatchObject({ ...entry({ actor }), tenantId, reason: null });
    const ids = all.map((one) => one.id);
    const idsOf = async (filter: object) => (await read(filter)).map((one) => one.id);
    expect(await idsOf({ action: 'bots_register' })).toEqual(ids.slice(1, 3));
    expect(await idsOf({ actorId: actor.id })).toEqual(ids.slice(3));
    expect(await idsOf({ after: ids[1] })).toEqual(ids.slice(2));
    expect(await idsOf({ before: ids[2] })).toEqual(ids.slice(0, 2).toReversed());
    expect(await idsOf({ to: new Date(Date.now() - 60_000) })).toEqual([]);
    expect(await idsOf({ from: new Date(Date.now() - 60_000) })).toEqual(ids);
    expect(await idsOf({ limit: 2 })).toEqual(ids.slice(0, 3));
  });

  it('cannot be read or written by another workspace', async () => {
    const [mine, theirs] = [await newTenant(), await newTenant()];
    const id = await db.inTenant(theirs, (tx) => audit.record(tx, entry()));
    expect(await db.inTenant(mine, (tx) => audit.list(tx, { limit: 10, tenantId: theirs }))).toEqual([]);
    await expect(db.inTenant(mine, (tx) => audit.conclude(tx, id, 'done'))).rejects.toThrow('foreign key');
  });

  it('cannot be written for an unknown workspace', async () => {
    await expect(db.inTenant(newUuid(), (tx) => audit.record(tx, entry()))).rejects.toThrow('no such workspace');
  });

  it('cannot be changed or shortened by any role', async () => {
    const tenantId = await newTenant();
    await db.inTenant(tenantId, (tx) => audit.record(tx, entry()));
    for (const sql of ['update audit_entries set action = $1', 'delete from audit_entries where action <> $1']) {
      await expect(db.inTenant(tenantId, (tx) => tx.query(sql, ['x']))).rejects.toThrow('permission denied');
      await expect(db.inPlatform('a test', (tx) => tx.query(sql, ['x']))).rejects.toThrow('permission denied');
    }
  });
});

describe('the audit log of the staff', () => {
  it('lists the actions of workspaces and of staff in one order', async () => {
    const tenantId = await newTenant();
    const staff = { kind: 'staff', id: newUuid() } as const;
    const [action, more] = [`test_${newUuid().replaceAll(/[^a-z]/g, '')}`, { via: 'staff', actor: staff } as const];
    const made: string[] = [];
    made.push(await db.inTenant(tenantId, (tx) => audit.record(tx, entry({ action }))));
    await db.inPlatform('a test', async (tx) => {
      made.push(await audit.recordForStaff(tx, entry({ action, ...more }), tenantId));
      const begun = await audit.recordForStaff(tx, entry({ action, ...more }), undefined, 'begun');
      await audit.concludeForStaff(tx, begun, 'refused');
      made.push(begun);
    });
    const read = (filter: object) =>
      db.inPlatform('a test', (tx) => audit.listAll(tx, { limit: 10, action, ...filter }));
    const all = await read({});
    expect(all.map((one) => [one.id, one.tenantId, one.outcome])).toEqual([
      [made[2], null, 'refused'],
      [made[1], tenantId, 'done'],
      [made[0], tenantId, 'done'],
    ]);
    const idsOf = async (filter: object) => (await read(filter)).map((one) => one.id);
    expect(await idsOf({ tenantId })).toEqual([made[1], made[0]]);
    expect(await idsOf({ actorId: staff.id })).toEqual([made[2], made[1]]);
    expect(await idsOf({ before: made[0] })).toEqual([made[1], made[2]]);
    expect(await idsOf({ after: made[2], limit: 1 })).toEqual([made[1], made[0]]);
  });
});
