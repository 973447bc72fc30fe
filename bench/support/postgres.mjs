import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../dist/apps/standalone/src/postgres.js';

/** Starts PostgreSQL on a temporary directory. Durable unless `settings` (`name=value`) say otherwise. */
export async function scratchPostgres(settings = []) {
  const dir = mkdtempSync(join(tmpdir(), 'starwall-bench-'));
  // PostgreSQL may run as another user, which must be able to enter the directory.
  chmodSync(dir, 0o755);
  try {
    const postgres = await startPostgres({ dataDir: dir, settings, onProgress() {} });
    const remove = async () => {
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    };
    const pid = Number(readFileSync(join(dir, 'postgres/data/postmaster.pid'), 'utf8').split('\n', 1)[0]);
    return { dir, pid, ownerUrl: postgres.ownerUrl, applicationUrl: postgres.applicationUrl, remove };
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
}

/** Runs statements one after another on a separate connection. */
export async function runStatements(url, ...statements) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
