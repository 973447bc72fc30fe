import type { DataSource } from 'typeorm';
import type { Database } from '#libs/database';
import { newUuid } from '#libs/kernel';
import { loadEntities } from './entities.js';
import { type Guarded, openGuarded } from './guarded.js';
import { type GuardTenant, insertOf } from './rows.js';

let guarded: Guarded;
let owner: DataSource;
let application: DataSource;
let db: Database;
let tables: readonly string[];
let a: GuardTenant;
let b: GuardTenant;

beforeAll(async () => {
  await loadEntities();
  guarded = await openGuarded();
  ({ owner, application, db, tables, a, b } = guarded);
});
afterAll(() => guarded.close());

interface Reference {
  readonly table: string;
  readonly to: string;
  readonly checks: readonly string[];
  readonly near: readonly string[];
  readonly far: readonly string[];
}

/** Every foreign key from one tenant table to another, without the tenant's columns. */
const REFERENCES = `
select f.conrelid::regclass::text as "table", f.confrelid::regclass::text as "to",
  array(select c.conname::text from pg_constraint c where c.conrelid = f.conrelid and c.contype = 'c') as checks,
  array_agg(near.attname::text order by k.n) as near, array_agg(far.attname::text order by k.n) as far
from pg_constraint f cross join unnest(f.conkey, f.confkey) with ordinality k (near, far, n)
join pg_attribute near on near.attrelid = f.conrelid and near.attnum = k.near
join pg_attribute far on far.attrelid = f.confrelid and far.attnum = k.far
where f.contype = 'f' and f.connamespace = 'public'::regnamespace and near.attname <> 'tenant_id'
  and exists (select from pg_attribute a where a.attrelid = f.conrelid and a.attname = 'tenant_id')
  and exists (select from pg_attribute a where a.attrelid = f.confrelid and a.attname = 'tenant_id')
group by f.oid order by 1, 2`;

/** Runs a statement as the owner after some preparation, and rolls it back. */
async function rolledBack(before: string, sql: string, parameters: unknown[]): Promise<unknown[]> {
  const runner = owner.createQueryRunner();
  await runner.query('begin; set constraints all immediate');
  try {
    await runner.query(before);
    return [await runner.query(sql, parameters)];
  } finally {
    await runner.query('rollback');
    await runner.release();
  }
}

/**
 * Returns the result of a statement, as a count of rows or an error without the table's name, because privileges differ from table to
 * table.
 */
const outcomeOf = (work: Promise<unknown[]>) =>
  work.then(
    (rows) => `${rows.length} rows`,
    (error: Error) => error.message.replace(/ (for|on)? ?(table|relation) .*/, ''),
  );

describe("another tenant's rows", () => {
  it('exist in every tenant table', async () => {
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

  it('cannot be added, neither as a new row nor by moving one', async () => {
    const refused = expect.stringMatching(/^(new row violates row-level security policy|permission denied)$/);
    for (const [table, row] of b.rows) {
      const added = db.inTenant(a.tenant, (tx) => tx.query(...insertOf(table, row)));
      expect([table, await outcomeOf(added)]).toEqual([table, refused]);
      const moved = db.inTenant(a.tenant, (tx) => tx.query(`update ${table} set tenant_id = $1`, [b.tenant]));
      expect([table, await outcomeOf(moved)]).toEqual([table, refused]);
    }
  });

  it('attack 15: cannot be referenced, because every foreign key includes the tenant', async () => {
    const references: Reference[] = await owner.query(REFERENCES);
    expect(references.length).toBeGreaterThan(50);
    for (const { table, checks, near, far, to } of references) {
      const theirs = far.map((column) => b.rows.get(to)?.[column] ?? null);
      // Run as the owner, to whom row-level security does not apply, and without the table's other checks, so that only the
      // foreign key can refuse it.
      const pointed = rolledBack(
        checks.map((check) => `alter table ${table} drop constraint ${check};`).join(' '),
        `update ${table} set ${near.map((column, i) => `${column} = $${i + 2}`).join(', ')} where tenant_id = $1`,
        [a.tenant, ...theirs],
      );
      await expect(pointed).rejects.toThrow(new RegExp(`"${table}(_first|_other)?" violates foreign key constraint`));
    }
  });

  it('attack 13: cannot be overwritten by an entity with their key', async () => {
    const entities = owner.entityMetadatas.filter(({ tableName }) => tables.includes(tableName));
    expect(entities.length).toBeGreaterThan(20);
    for (const { target, tableName } of entities) {
      const before = await owner.manager.findOneByOrFail(target, { tenantId: b.tenant });
      const saved = db.inTenant(a.tenant, async (tx) => [await tx.manager.save(target, { ...before })]);
      expect([tableName, await outcomeOf(saved)]).toEqual([
        tableName,
        expect.stringMatching(/^(new row violates row-level security policy|permission denied)$/),
      ]);
      expect(await owner.manager.findOneByOrFail(target, { tenantId: b.tenant })).toEqual(before);
    }
  });

  it('cannot be read by database functions', async () => {
    const functions: Array<{ name: string; args: string[] }> = await owner.query(
      `select proname as name, array(select t::regtype::text from unnest(proargtypes) t) as args from pg_proc
       where pronamespace = 'public'::regnamespace and 'uuid'::regtype = any (proargtypes)`,
    );
    expect(functions.map(({ name }) => name)).toEqual(expect.arrayContaining(['selling_state', 'tenant_limit']));
    for (const { name, args } of functions) {
      const call = `select ${name}(${args.map((type, i) => `$${i + 1}::${type}`).join(', ')}) as it`;
      const asked = (tenant: string) =>
        db.inTenant(a.tenant, (tx) =>
          tx.query(
            call,
            args.map((type) => (type === 'uuid' ? tenant : type === 'date' ? '2026-01-01' : 'bots')),
          ),
        );
      expect([name, await asked(b.tenant)]).toEqual([name, await asked(newUuid())]);
    }
  });
});

describe('a connection without a tenant', () => {
  it('cannot even query as the application', async () => {
    for (const table of tables) {
      const work = application.query(`select from ${table}`) as Promise<unknown[]>;
      expect([table, await outcomeOf(work)]).toEqual([table, 'permission denied']);
    }
  });

  it('sees no rows in the tenant role', async () => {
    const runner = application.createQueryRunner();
    await runner.query('begin; set local role starwall_app');
    for (const table of [...tables, 'tenants']) {
      const rows: unknown[] = await runner.query(`select from ${table}`);
      expect({ table, rows: rows.length }).toEqual({ table, rows: 0 });
    }
    await runner.query('rollback');
    await runner.release();
  });

  it('an unknown or invalid tenant gives access to no rows', async () => {
    const nobody = '00000000-0000-7000-8000-000000000000';
    expect(await db.inTenant(nobody, (tx) => tx.query('select from bots'))).toEqual([]);
    const injected = db.inTenant(`${nobody}', true); set role none; --`, (tx) => tx.query('select from bots'));
    await expect(injected).rejects.toThrow('a tenant id is a UUID');
  });
});
