import type { DataSource } from 'typeorm';
import { afterCommit, Database, DatabaseAway, DatabaseBusy, makeDataSource } from '#libs/database';
import { newName, urlOf } from './fresh-database.js';
import { type Guarded, openGuarded } from './guarded.js';
import type { GuardTenant } from './rows.js';

let guarded: Guarded;
let a: GuardTenant;
let b: GuardTenant;

beforeAll(async () => {
  guarded = await openGuarded();
  ({ a, b } = guarded);
});
afterAll(() => guarded.close());

describe('attack 14: a connection shared by tenants', () => {
  let single: DataSource;
  let door: Database;
  const botsSeen = (tenant: string) => door.inTenant(tenant, (tx) => tx.query<{ id: string }>('select id from bots'));

  beforeAll(async () => {
    single = await makeDataSource(guarded.applicationUrl, {
      name: 'guard',
      size: 1,
      statementTimeoutMs: 2_000,
    }).initialize();
    door = new Database(single);
  });
  afterAll(() => single.destroy());

  const nothingLeft = async () => {
    expect(
      await single.query(`select current_user::text as me, current_setting('app.tenant_id', true) as tenant`),
    ).toEqual([{ me: guarded.login, tenant: '' }]);
    await expect(single.query('select from bots')).rejects.toThrow('permission denied');
  };

  it('shows each tenant only its own rows, in any order of requests', async () => {
    const order = Array.from({ length: 40 }, (_, i) => ((i * 7) % 3 === 0 ? a : b));
    const seen = await Promise.all(order.map((t) => botsSeen(t.tenant)));
    expect(seen).toEqual(order.map((t) => [{ id: t.bot }]));
    await nothingLeft();
  });

  it.each([
    ['a statement that fails', `select 1 / 0`],
    ['a statement that takes too long', `select pg_sleep(10)`],
    ['a forbidden statement', `delete from ledger_entries`],
  ])('forgets the tenant after %s', async (_what, sql) => {
    await expect(door.inTenant(a.tenant, (tx) => tx.query(sql))).rejects.toThrow();
    await nothingLeft();
    expect(await botsSeen(b.tenant)).toEqual([{ id: b.bot }]);
  });

  it('reports the database as busy when no connection is free in time', async () => {
    let leave = (): void => undefined;
    const held = door.inTenant(a.tenant, () => new Promise<void>((resolve) => (leave = resolve)));
    await expect(botsSeen(b.tenant)).rejects.toThrow(DatabaseBusy);
    leave();
    await held;
    expect(await botsSeen(b.tenant)).toEqual([{ id: b.bot }]);
  });

  it('reports the database as unavailable when the connection breaks, and opens another', async () => {
    const broken = door.inTenant(a.tenant, async (tx) => {
      const [me] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await guarded.owner.query('select pg_terminate_backend($1)', [me?.pid]);
      return tx.query('select from bots');
    });
    await expect(broken).rejects.toThrow(DatabaseAway);
    expect(await botsSeen(b.tenant)).toEqual([{ id: b.bot }]);
    await nothingLeft();
  });

  it("forgets the tenant when Starwall's own code throws", async () => {
    const work = door.inTenant(a.tenant, async (tx) => {
      await tx.query('select from bots');
      throw new Error('ours');
    });
    await expect(work).rejects.toThrow('ours');
    await nothingLeft();
  });

  it("commits nothing after a failed statement, even if Starwall's own code continues", async () => {
    const work = door.inTenant(a.tenant, async (tx) => {
      await tx.query('update bots set name = $1', ['changed']);
      await tx.query('select 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toThrow('division by zero');
    expect(await door.inTenant(a.tenant, (tx) => tx.query(`select from bots where name = 'changed'`))).toEqual([]);
    await nothingLeft();
  });

  it('rejects statements after the one that is sent together with the commit', async () => {
    const work = door.inTenant(a.tenant, async (tx) => {
      await tx.conclude('select 1');
      await tx.query('select from bots');
    });
    await expect(work).rejects.toThrow(/released/i);
    await nothingLeft();
    expect(await botsSeen(b.tenant)).toEqual([{ id: b.bot }]);
  });

  it('rejects statements of work that continues after the end of its transaction', async () => {
    const late: Array<Promise<unknown>> = [];
    const work = door.inTenant(a.tenant, async (tx) => {
      const lateQuery = async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return tx.query('select from bots');
      };
      late.push(lateQuery());
      throw new Error('ours');
    });
    await expect(work).rejects.toThrow('ours');
    // Between the end of the transaction and the return of the connection, the login has no privileges.
    await expect(Promise.all(late)).rejects.toThrow(/released|permission denied/i);
    await nothingLeft();
  });

  it('fails closed when the role cannot be assumed, whatever is queried at the same time', async () => {
    const weak = newName();
    await guarded.owner.query(`create role ${weak} login noinherit password 'guarded'`);
    const url = urlOf(guarded.database, { name: weak, password: 'guarded' });
    const source = await makeDataSource(url, { name: 'guard', size: 1, statementTimeoutMs: 2_000 }).initialize();
    try {
      const work = new Database(source).inTenant(a.tenant, (tx) => tx.query('select from bots'));
      await expect(work).rejects.toThrow('permission denied to set role "starwall_app"');
    } finally {
      await source.destroy();
      await guarded.owner.query(`drop role ${weak}`);
    }
  });

  it('forgets access to all tenants', async () => {
    await door.inPlatform('guard', (tx) => tx.query('select from bots'));
    await nothingLeft();
    expect(await botsSeen(a.tenant)).toEqual([{ id: a.bot }]);
  });

  it('keeps roles and tenants separate in a prepared statement', async () => {
    const sql = 'select id from bots where $1::boolean order by id';
    const seen = async (t: GuardTenant) => door.inTenant(t.tenant, (tx) => tx.query<{ id: string }>(sql, [true]));
    const all = () => door.inPlatform('guard', (tx) => tx.query<{ id: string }>(sql, [true]));
    const everybody = await all();
    for (let round = 0; round < 8; round += 1) {
      expect(await seen(a)).toEqual([{ id: a.bot }]);
      expect(await seen(b)).toEqual([{ id: b.bot }]);
      expect(await all()).toEqual(everybody);
    }
    const kept = `select generic_plans::int as plans from pg_prepared_statements where statement = $1`;
    const plans: { plans: number }[] = await single.query(kept, [sql]);
    expect(plans).toEqual([{ plans: expect.any(Number) }, { plans: expect.any(Number) }]);
    expect(plans.every((each) => each.plans > 0)).toBe(true);
  });

  it('continues after a change to the columns of a prepared statement', async () => {
    const name = newName();
    await guarded.owner.query(`create view ${name} as select 1 as n; grant select on ${name} to starwall_app`);
    const read = () => door.inTenant(a.tenant, (tx) => tx.query(`select * from ${name} where $1::boolean`, [true]));
    for (let round = 0; round < 4; round += 1) expect(await read()).toEqual([{ n: 1 }]);
    await guarded.owner.query(`create or replace view ${name} as select 1 as n, 2 as more`);
    expect(await read()).toEqual([{ n: 1, more: 2 }]);
    await guarded.owner.query(`drop view ${name}`);
  });

  it('invalidates caches only after the outermost transaction', async () => {
    const forgotten: string[] = [];
    await expect(
      guarded.db.inOneTransaction(a.tenant, () =>
        guarded.db.inOneTransaction(a.tenant, async () => {
          afterCommit(() => forgotten.push('rolled back'));
          throw new Error('ours');
        }),
      ),
    ).rejects.toThrow('ours');
    await guarded.db.inOneTransaction(a.tenant, async () => {
      await guarded.db.inOneTransaction(a.tenant, async () => afterCommit(() => forgotten.push('committed')));
      expect(forgotten).toEqual(['rolled back']);
    });
    expect(forgotten).toEqual(['rolled back', 'committed']);
    afterCommit(() => forgotten.push('at once'));
    expect(forgotten).toEqual(['rolled back', 'committed', 'at once']);
  });

  it('repeats work that was aborted by a deadlock, so that both of two deadlocked transactions succeed', async () => {
    const begun = { times: 0 };
    let bothWait = (): void => undefined;
    const both = new Promise<void>((resolve) => (bothWait = resolve));
    const locking = (first: number, second: number) =>
      guarded.db.inTenant(a.tenant, async (tx) => {
        begun.times += 1;
        await tx.query('select pg_advisory_xact_lock($1)', [first]);
        if (begun.times >= 2) bothWait();
        await both;
        await tx.query('select pg_advisory_xact_lock($1)', [second]);
        return 'done';
      });
    expect(await Promise.all([locking(11, 12), locking(12, 11)])).toEqual(['done', 'done']);
    expect(begun.times).toBeGreaterThan(2);
  });

  it('ignores a tenant that was set for the whole session', async () => {
    await door.inTenant(a.tenant, (tx) => tx.query(`select set_config('app.tenant_id', $1, false)`, [b.tenant]));
    expect(await botsSeen(a.tenant)).toEqual([{ id: a.bot }]);
    await expect(single.query('select from bots')).rejects.toThrow('permission denied');
    await single.query('reset app.tenant_id');
  });
});
