// Health check of the worker, which serves no requests. It polls the database every second, so if this container's worker has not
// used the database for half a minute, it hangs or has lost the connection. Exits with 0 when the worker is healthy.
import { readFileSync } from 'node:fs';
import pg from 'pg';

const { DATABASE_URL: url, DATABASE_URL_FILE: file } = process.env;

const client = new pg.Client({
  connectionString: url || readFileSync(file, 'utf8').trim(),
  connectionTimeoutMillis: 2_000,
  statement_timeout: 2_000,
});
try {
  await client.connect();
  const { rowCount } = await client.query(
    `select from pg_stat_activity where application_name = 'starwall-worker' and usename = current_user
       and client_addr is not distinct from inet_client_addr() and state_change > now() - interval '30 seconds' limit 1`,
  );
  process.exitCode = rowCount === 1 ? 0 : 1;
} catch {
  process.exitCode = 1;
} finally {
  await client.end().catch(() => {});
}
