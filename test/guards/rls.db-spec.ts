import type { DataSource } from 'typeorm';
import { Database, makeDataSource } from '#libs/database';
import { newUuid } from '#libs/kernel';
import { openAsOwner, testDatabaseUrl } from '../support/database.js';
import { tenantTables, wrongs } from './catalogue.js';
import { newName, urlOf } from './fresh-database.js';
import { type GuardTenant, insertOf, tenantWithEverything } from './rows.js';

// Rows for every table make no sense as books, and every worker's books are looked at in the end: so a database of its own.
const database = newName();
const applicationUrl = `${process.env['TEST_PG']}/${database}`;
const login = new URL(testDatabaseUrl()).username;
let keeper: DataSource;
let owner: DataSource;
let application: DataSource;
let db: Database;
let tables: string[];
let a: GuardTenant;
let b: GuardTenant;

beforeAll(async () => {
  keeper = await openAsOwner();
  await keeper.query(`create database ${database} template starwall`);
  const pool = { name: 'guard', size: 12, statementTimeoutMs: 10_000 };
  owner = await makeDataSource(urlOf(database), pool).initialize();
  application = await makeDataSource(applicationUrl, pool).initialize();
  db = new Database(application);
  tables = await tenantTables(owner);
  a = await tenantWithEverything(owner);
  b = await tenantWithEverything(owner);
});

afterAll(async () => {
  await Promise.all([owner.destroy(), application.destroy()]);
  await keeper.query(`drop database ${database} with (force)`);
  await keeper.destroy();
});

/** What a statement did, in one word or as its error: rights differ from table to table, the outcome must not. */
const outcomeOf = (work: Promise<unknown[]>) =>
  work.then(
    (rows) => `${rows.length} rows`,
    (error: Error) => error.message.replace(/ (for|on)? ?(table|relation) .*/, ''),
  );

describe('attack 13: the catalogue of the database', () => {
  it('keeps tenants apart by its own rules, on every table', async () => {
    expect(tables.length).toBeGreaterThan(15);
    expect(await wrongs(owner, login)).toEqual([]);
  });

  it.each([
    [
      'a table that is nobody’s',
      'create table g (id uuid primary key)',
      'g: has no tenant_id and is no platform table',
    ],
    [
      'a tenant table without row-level security',
      'create table g (tenant_id uuid references tenants primary key)',
      'g: row-level security is not both enabled and forced',
    ],
    [
      'row-level security that spares the owner',
      'alter table orders no force row level security',
      'orders: row-level security is not both enabled and forced',
    ],
    [
      'a policy that lets writes through',
      'alter policy tenant_only on orders with check (true)',
      'orders: lacks the policy tenant_only as the helper makes it',
    ],
    [
      'a second policy',
      'create policy more on orders to starwall_app using (true)',
      'orders: has a policy beside the two of the helper: more',
    ],
    [
      'a unique key across tenants',
      'create unique index g on orders (id)',
      'orders: g is unique and does not start with tenant_id',
    ],
    [
      'a partial unique key across tenants',
      `create unique index g on charges (telegram_charge_id, tenant_id) where match = 'order'`,
      'charges: g is unique and does not start with tenant_id',
    ],
    [
      'a foreign key without the tenant',
      'alter table bots add column g uuid unique; alter table buyers add column g uuid constraint g references bots (g)',
      'buyers: g does not bind tenant_id to tenant_id',
    ],
    [
      'a tenant that need not exist',
      'alter table orders drop constraint orders_tenant_id_fkey',
      'orders: tenant_id does not refer to tenants',
    ],
    [
      'a view with its owner’s rights',
      'create view g as select * from orders',
      'g: a view that does not ask for the rights of who reads it',
    ],
    [
      'a materialised view',
      'create materialized view g as select * from orders',
      'g: a materialised view knows no row-level security',
    ],
    [
      'a function with its owner’s rights',
      `create function g() returns int language sql security definer as 'select 1'`,
      "g: runs with its owner's rights and an open search_path",
    ],
    [
      'a stronger role',
      'alter role starwall_app bypassrls',
      'starwall_app: is a superuser, bypasses row-level security, or may make roles, databases or replicas',
    ],
    [
      'an application that owns something',
      'alter table jobs owner to starwall_app',
      expect.stringContaining('starwall_app: owns pg_class'),
    ],
    ['rights for everybody', 'grant select on orders to public', 'orders: gives rights to everybody'],
    [
      'a platform table that tenants can read',
      'grant select on bot_routes to starwall_app',
      'bot_routes: is a platform table, and starwall_app may select',
    ],
    [
      'an entry that can be changed',
      'grant update on ledger_entries to starwall_platform',
      'ledger_entries: is append-only, and starwall_platform may update',
    ],
    [
      'an entry with a column that can be changed',
      'grant update (stars) on ledger_entries to starwall_app',
      'ledger_entries: gives rights on the single column stars',
    ],
  ])('would be found to have %s', async (_what, plant, sentence) => {
    const runner = owner.createQueryRunner();
    await runner.query('begin');
    try {
      await runner.query(plant);
      expect(await wrongs(runner, login)).toContainEqual(sentence);
    } finally {
      await runner.query('rollback');
      await runner.release();
    }
  });
});

describe('what belongs to another tenant', () => {
  it('is there, in every table that tenants have', async () => {
    const both = await db.inPlatform('guard', async (tx) => {
      const counts: number[] = [];
      for (const table of tables) {
        const rows = await tx.query(`select from ${table} where tenant_id in ($1, $2)`, [a.tenant, b.tenant]);
        counts.push(rows.length);
      }
      return counts;
    });
    expect(both).toEqual(tables.map(() => 2));
  });

  it('cannot be read', async () => {
    for (const table of tables) {
      const seen = await db.inTenant(a.tenant, (tx) => tx.query(`select distinct tenant_id as id from ${table}`));
      expect({ table, seen }).toEqual({ table, seen: [{ id: a.tenant }] });
    }
    const tenants = await db.inTenant(a.tenant, (tx) => tx.query('select id from tenants'));
    expect(tenants).toEqual([{ id: a.tenant }]);
  });

  it('cannot be changed or deleted', async () => {
    for (const table of tables) {
      for (const statement of [`update ${table} set tenant_id = tenant_id`, `delete from ${table}`]) {
        const work = db.inTenant(a.tenant, (tx) =>
          tx.query(`${statement} where tenant_id = $1 returning 1`, [b.tenant]),
        );
        expect([statement, await outcomeOf(work)]).toEqual([
          statement,
          expect.stringMatching(/^(0 rows|permission denied)$/),
        ]);
      }
    }
    for (const table of tables) {
      const rows: unknown[] = await owner.query(`select from ${table} where tenant_id = $1`, [b.tenant]);
      expect({ table, left: rows.length }).toEqual({ table, left: 1 });
    }
  });

  it('cannot be added to, neither by a new row nor by moving one', async () => {
    const refused = expect.stringMatching(/^(new row violates row-level security policy|permission denied)$/);
    for (const [table, row] of b.rows) {
      const added = db.inTenant(a.tenant, (tx) => tx.query(...insertOf(table, row)));
      expect([table, await outcomeOf(added)]).toEqual([table, refused]);
      const moved = db.inTenant(a.tenant, (tx) => tx.query(`update ${table} set tenant_id = $1`, [b.tenant]));
      expect([table, await outcomeOf(moved)]).toEqual([table, refused]);
    }
  });

  it('attack 15: cannot be pointed at: a foreign key looks at the tenant too', async () => {
    const product = { ...a.rows.get('products'), id: newUuid(), bot_id: b.bot };
    const work = db.inTenant(a.tenant, (tx) => tx.query(...insertOf('products', product)));
    await expect(work).rejects.toThrow('violates foreign key constraint');
  });
});

describe('without a tenant', () => {
  it('the application may not even ask', async () => {
    for (const table of tables) {
      const work = application.query(`select from ${table}`) as Promise<unknown[]>;
      expect([table, await outcomeOf(work)]).toEqual([table, 'permission denied']);
    }
  });

  it('its tenant role sees nothing', async () => {
    const runner = application.createQueryRunner();
    await runner.query('begin; set local role starwall_app');
    for (const table of [...tables, 'tenants']) {
      const rows: unknown[] = await runner.query(`select from ${table}`);
      expect({ table, rows: rows.length }).toEqual({ table, rows: 0 });
    }
    await runner.query('rollback');
    await runner.release();
  });

  it('a tenant that does not exist, or is no id, opens nothing', async () => {
    const nobody = '00000000-0000-7000-8000-000000000000';
    expect(await db.inTenant(nobody, (tx) => tx.query('select from bots'))).toEqual([]);
    const injected = db.inTenant(`${nobody}', true); set role none; --`, (tx) => tx.query('select from bots'));
    await expect(injected).rejects.toThrow('a tenant id is a UUID');
  });
});

describe('attack 14: one connection for everybody', () => {
  let single: DataSource;
  let door: Database;
  const botsSeen = (tenant: string) => door.inTenant(tenant, (tx) => tx.query<{ id: string }>('select id from bots'));

  beforeAll(async () => {
    single = await makeDataSource(applicationUrl, {
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
    ).toEqual([{ me: login, tenant: '' }]);
    await expect(single.query('select from bots')).rejects.toThrow('permission denied');
  };

  it('shows each tenant its own, in whatever order they come', async () => {
    const order = Array.from({ length: 40 }, (_, i) => ((i * 7) % 3 === 0 ? a : b));
    const seen = await Promise.all(order.map((t) => botsSeen(t.tenant)));
    expect(seen).toEqual(order.map((t) => [{ id: t.bot }]));
    await nothingLeft();
  });

  it.each([
    ['a statement that fails', `select 1 / 0`],
    ['a statement that takes too long', `select pg_sleep(10)`],
    ['a statement that may not be', `delete from ledger_entries`],
  ])('forgets the tenant after %s', async (_what, sql) => {
    await expect(door.inTenant(a.tenant, (tx) => tx.query(sql))).rejects.toThrow();
    await nothingLeft();
    expect(await botsSeen(b.tenant)).toEqual([{ id: b.bot }]);
  });

  it('forgets the tenant when our own code throws', async () => {
    const work = door.inTenant(a.tenant, async (tx) => {
      await tx.query('select from bots');
      throw new Error('ours');
    });
    await expect(work).rejects.toThrow('ours');
    await nothingLeft();
  });

  it('gives nothing to work that goes on after its transaction has ended', async () => {
    const late: Array<Promise<unknown>> = [];
    const work = door.inTenant(a.tenant, async (tx) => {
      const goOn = async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return tx.query('select from bots');
      };
      late.push(goOn());
      throw new Error('ours');
    });
    await expect(work).rejects.toThrow('ours');
    // Between the end of the transaction and the return of the connection the login has no rights of its own.
    await expect(Promise.all(late)).rejects.toThrow(/released|permission denied/i);
    await nothingLeft();
  });

  it('fails closed when the role cannot be taken, whatever the work asks at the same time', async () => {
    const weak = newName();
    await owner.query(`create role ${weak} login noinherit password 'guarded'`);
    const url = urlOf(database, { name: weak, password: 'guarded' });
    const source = await makeDataSource(url, { name: 'guard', size: 1, statementTimeoutMs: 2_000 }).initialize();
    try {
      const work = new Database(source).inTenant(a.tenant, (tx) => tx.query('select from bots'));
      await expect(work).rejects.toThrow('permission denied to set role "starwall_app"');
    } finally {
      await source.destroy();
      await owner.query(`drop role ${weak}`);
    }
  });

  it('forgets a crossing of tenants', async () => {
    await door.inPlatform('guard', (tx) => tx.query('select from bots'));
    await nothingLeft();
    expect(await botsSeen(a.tenant)).toEqual([{ id: a.bot }]);
  });

  it('does not let a tenant that was set for the whole session through', async () => {
    await door.inTenant(a.tenant, (tx) => tx.query(`select set_config('app.tenant_id', $1, false)`, [b.tenant]));
    expect(await botsSeen(a.tenant)).toEqual([{ id: a.bot }]);
    await expect(single.query('select from bots')).rejects.toThrow('permission denied');
    await single.query('reset app.tenant_id');
  });
});
