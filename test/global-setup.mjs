import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * One real PostgreSQL for the run, started as the product starts it, but without fsync. Its migrated database is the
 * template of every suite's own.
 */
export default async function setUp() {
  // The caller runs the suites many times, and has started one for all runs.
  if (process.env.TEST_PG) return undefined;
  const { startPostgres } = await import('../dist/apps/standalone/src/postgres.js');
  const { ensureLogin, migrate } = await import('../dist/libs/database/src/index.js');

  const dataDir = mkdtempSync(join(tmpdir(), 'starwall-test-'));
  chmodSync(dataDir, 0o755);
  const postgres = await startPostgres({
    dataDir,
    settings: ['fsync=off', 'full_page_writes=off', 'max_connections=300', 'autovacuum=off'],
    onProgress() {},
  });
  await migrate(postgres.ownerUrl);
  await ensureLogin(postgres.ownerUrl, postgres.applicationUrl);
  const base = (url) => url.slice(0, url.lastIndexOf('/'));
  process.env.TEST_PG_OWNER = base(postgres.ownerUrl);
  process.env.TEST_PG = base(postgres.applicationUrl);
  return async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
