import type { DataSource } from 'typeorm';
import { Database, makeDataSource } from '#libs/database';
import { type Clock, systemClock } from '#libs/kernel';
import { MasterKeys, SecretBox } from '#libs/vault';

const worker = process.env['JEST_WORKER_ID'] ?? '1';

/** The database of this Jest worker, as the application sees it. */
export const testDatabaseUrl = () => `${process.env['TEST_PG']}/w${worker}`;
/** The same, as its owner: for looking behind row-level security. */
export const testOwnerUrl = () => `${process.env['TEST_PG_OWNER']}/w${worker}`;

/** The master key of everything that runs on a test's database: what is sealed there stays for the next suite. */
export const testMasterKey = Buffer.alloc(32, 7).toString('base64');
export const testBox = (clock: Clock = systemClock) =>
  new SecretBox(new MasterKeys(Buffer.from(testMasterKey, 'base64')), clock);

/** A pool on this worker's database, for all entities that the test imports; close it with `source.destroy()`. */
export async function openTestDatabase(): Promise<{ db: Database; source: DataSource }> {
  const source = await makeDataSource(testDatabaseUrl(), {
    name: 'test',
    size: 12,
    statementTimeoutMs: 10_000,
  }).initialize();
  return { db: new Database(source), source };
}

/** A pool that bypasses row-level security, to see what is really there. */
export function openAsOwner(): Promise<DataSource> {
  return makeDataSource(testOwnerUrl(), { name: 'test-owner', size: 2, statementTimeoutMs: 10_000 }).initialize();
}
