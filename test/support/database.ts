import type { DataSource } from 'typeorm';
import { Database, makeDataSource } from '#libs/database';
import { type Clock, systemClock } from '#libs/kernel';
import { MasterKeys, SecretBox } from '#libs/vault';

const database = () => process.env['TEST_DATABASE'];

/** Returns the URL of this suite's database (see `test/suite.mjs`), as the application. */
export const testDatabaseUrl = () => `${process.env['TEST_PG']}/${database()}`;
/** Tells whether the product's processes reach this suite's database through PgBouncer. */
export const isPooled = () => process.env['TEST_POOLER'] !== undefined;

/**
 * Returns the settings with which the product's processes reach this suite's database: through PgBouncer if `STARWALL_TESTS` is `pooled`
 * (see `test/global-setup.mjs`).
 */
export function databaseSettings(): Readonly<Record<string, string>> {
  if (!isPooled()) return { DATABASE_URL: testDatabaseUrl() };
  return {
    DATABASE_URL: `${process.env['TEST_POOLER']}/${database()}`,
    DATABASE_BELL_URL: testDatabaseUrl(),
    DATABASE_PREPARED_STATEMENTS: String(process.env['TEST_POOLER_NAMES']),
  };
}
/** Returns the URL of the same database as its owner, who bypasses row-level security. */
export const testOwnerUrl = () => `${process.env['TEST_PG_OWNER']}/${database()}`;

/** The master key of all processes on a suite's database. */
export const testMasterKey = Buffer.alloc(32, 7).toString('base64');
export const testBox = (clock: Clock = systemClock) =>
  new SecretBox(new MasterKeys(Buffer.from(testMasterKey, 'base64')), clock);

/** Opens a pool on this suite's database with all entities that the test imports; close it with `source.destroy()`. */
export async function openTestDatabase(): Promise<{ db: Database; source: DataSource }> {
  const source = await makeDataSource(testDatabaseUrl(), {
    name: 'test',
    size: 12,
    statementTimeoutMs: 30_000,
    // Tests that start fifty transactions at once must not fail because the machine is busy.
    connectionWaitMs: 20_000,
  }).initialize();
  return { db: new Database(source), source };
}

/** Opens a pool that bypasses row-level security. */
export function openAsOwner(): Promise<DataSource> {
  return makeDataSource(testOwnerUrl(), { name: 'test-owner', size: 2, statementTimeoutMs: 10_000 }).initialize();
}
