import { readdirSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { ensureLogin, makeDataSource, migrate } from '#libs/database';
import { openAsOwner, testDatabaseUrl, testOwnerUrl } from '../support/database.js';
import { wrongs } from './catalogue.js';
import { newName, onFreshDatabase, urlOf } from './fresh-database.js';

const all = readdirSync('migrations').length;
let owner: DataSource;

beforeAll(async () => {
  owner = await openAsOwner();
});
afterAll(() => owner.destroy());

/** Returns the whole schema as text: tables, columns, constraints, indexes, policies, privileges. */
const schemaOf = async (source: DataSource): Promise<unknown[]> => [
  await source.query(`select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
                      where table_schema = 'public' order by 1, 2`),
  await source.query(`select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint
                      where connamespace = 'public'::regnamespace order by 1, 2`),
  await source.query(`select indexdef from pg_indexes where schemaname = 'public' order by 1`),
  await source.query(`select tablename, policyname, qual, with_check from pg_policies order by 1, 2`),
  await source.query(`select table_name, grantee, privilege_type from information_schema.role_table_grants
                      where table_schema = 'public' and grantee like 'starwall\\_%' order by 1, 2, 3`),
];

describe('a migration', () => {
  it('does not change a database that is up to date', async () => {
    const before = await schemaOf(owner);
    expect(await migrate(testOwnerUrl())).toEqual({ ran: [], mended: [] });
    expect(await schemaOf(owner)).toEqual(before);
  });

  it('creates the same schema in an empty database, once even in concurrent runs', async () => {
    await onFreshDatabase(owner, async (name) => {
      const ran = await Promise.all([1, 2, 3].map(() => migrate(urlOf(name))));
      expect(ran.map((run) => run.ran.length).toSorted((x, y) => x - y)).toEqual([0, 0, all]);
      expect(ran.flatMap((run) => run.mended)).toEqual([]);
      const fresh = await makeDataSource(urlOf(name), {
        name: 'guard',
        size: 1,
        statementTimeoutMs: 10_000,
      }).initialize();
      expect(await schemaOf(fresh)).toEqual(await schemaOf(owner));
      await fresh.destroy();
    });
  });

  it('refuses a database from before the baseline, with a remedy', async () => {
    await onFreshDatabase(owner, async (name) => {
      const old = await makeDataSource(urlOf(name), {
        name: 'guard',
        size: 1,
        statementTimeoutMs: 10_000,
      }).initialize();
      await old.query(
        `create table migrations (id serial primary key, "timestamp" bigint not null, name text not null)`,
      );
      await old.query(`insert into migrations ("timestamp", name) values (1790000000000, 'Foundation1790000000000'),
                         (1790000001000, 'Reconciliation1790000001000')`);
      await old.destroy();
      await expect(migrate(urlOf(name))).rejects.toThrow('Start with an empty database');
    });
  });

  it('releases its lock', async () => {
    await migrate(testOwnerUrl());
    expect(
      await owner.query(
        `select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
      ),
    ).toEqual([]);
  });
});

describe("the application's login", () => {
  it('is created without privileges, with the password from the URL', async () => {
    const user = newName();
    const database = new URL(testDatabaseUrl()).pathname.slice(1);
    const as = (password: string) => urlOf(database, { name: user, password });
    const whoAmI = async (url: string): Promise<unknown> => {
      const source = await makeDataSource(url, { name: 'guard', size: 1, statementTimeoutMs: 2_000 }).initialize();
      const rows: unknown[] = await source.query('select current_user::text as me');
      await source.destroy();
      return rows[0];
    };
    try {
      await ensureLogin(testOwnerUrl(), as("it's"));
      expect(await whoAmI(as("it's"))).toEqual({ me: user });
      await ensureLogin(testOwnerUrl(), as('changed'));
      expect(await whoAmI(as('changed'))).toEqual({ me: user });
      await expect(whoAmI(as("it's"))).rejects.toThrow('password authentication failed');
      expect(await wrongs(owner, user)).toEqual([]);
    } finally {
      await owner.query(`drop role if exists ${user}`);
    }
  });
});
