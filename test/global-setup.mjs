import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../scripts/free-port.mjs';

/** Starts a real PgBouncer between the processes of the journeys and PostgreSQL. */
async function startPooler(applicationUrl) {
  const { PgBouncer } = await import('./support/pgbouncer.ts');
  const ignored = ['extra_float_digits', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
  const names = PgBouncer.followsNames() ? ['max_prepared_statements = 1000'] : [];
  // Some journeys hold locks on a dozen connections.
  const settings = [
    'default_pool_size = 40',
    'max_client_conn = 1000',
    `ignore_startup_parameters = ${ignored.join()}`,
    ...names,
  ];
  const pooler = await PgBouncer.start(applicationUrl, settings);
  process.env.TEST_POOLER = pooler.url.slice(0, pooler.url.lastIndexOf('/'));
  process.env.TEST_POOLER_NAMES = String(names.length > 0);
  return pooler;
}

/**
 * Starts one real PostgreSQL for the run, like the product, but without fsync. Its migrated database is the template of every suite's
 * database.
 */
export default async function setUp() {
  // The caller runs the suites many times, and has started one PostgreSQL for all runs.
  if (process.env.TEST_PG) return undefined;
  const { startPostgres } = await import('../dist/apps/standalone/src/postgres.js');
  const { ensureLogin, migrate } = await import('../dist/libs/database/src/index.js');

  const dataDir = mkdtempSync(join(tmpdir(), 'starwall-test-'));
  chmodSync(dataDir, 0o755);
  const postgres = await startPostgres({
    dataDir,
    port: await freePort(),
    settings: ['fsync=off', 'full_page_writes=off', 'max_connections=300', 'autovacuum=off'],
    onProgress() {},
  });
  await migrate(postgres.ownerUrl);
  await ensureLogin(postgres.ownerUrl, postgres.applicationUrl);
  const base = (url) => url.slice(0, url.lastIndexOf('/'));
  process.env.TEST_PG_OWNER = base(postgres.ownerUrl);
  process.env.TEST_PG = base(postgres.applicationUrl);
  const pooler = process.env.STARWALL_TESTS === 'pooled' ? await startPooler(postgres.applicationUrl) : undefined;
  return async () => {
    await pooler?.stop();
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
