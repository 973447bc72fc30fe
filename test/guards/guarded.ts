import type { DataSource } from 'typeorm';
import { Database, makeDataSource } from '#libs/database';
import { openAsOwner, testDatabaseUrl } from '../support/database.js';
import { tenantTables } from './catalogue.js';
import { newName, urlOf } from './fresh-database.js';
import { type GuardTenant, tenantWithEverything } from './rows.js';

export interface Guarded {
  /** The owner of the tables, to whom row-level security does not apply. */
  readonly owner: DataSource;
  /** The application's own login, which has no privileges until it takes a role. */
  readonly application: DataSource;
  readonly applicationUrl: string;
  readonly login: string;
  readonly database: string;
  readonly db: Database;
  /** The tables with a `tenant_id`. */
  readonly tables: readonly string[];
  /** Two tenants with a row in every table. */
  readonly a: GuardTenant;
  readonly b: GuardTenant;
  close(): Promise<void>;
}

export const GUARD_POOL = { name: 'guard', size: 12, statementTimeoutMs: 10_000 };

/** Uses a separate database, because rows in every table are not a valid ledger, and every suite's ledger is checked at the end. */
export async function openGuarded(): Promise<Guarded> {
  const keeper = await openAsOwner();
  const database = newName();
  await keeper.query(`create database ${database} template starwall`);
  const applicationUrl = `${process.env['TEST_PG']}/${database}`;
  const owner = await makeDataSource(urlOf(database), GUARD_POOL).initialize();
  const application = await makeDataSource(applicationUrl, GUARD_POOL).initialize();
  return {
    owner,
    application,
    applicationUrl,
    login: new URL(testDatabaseUrl()).username,
    database,
    db: new Database(application),
    tables: await tenantTables(owner),
    a: await tenantWithEverything(owner),
    b: await tenantWithEverything(owner),
    async close() {
      await Promise.all([owner.destroy(), application.destroy()]);
      await keeper.query(`drop database ${database} with (force)`);
      await keeper.destroy();
    },
  };
}
