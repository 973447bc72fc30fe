// The worker has no port to ask. It asks the database for work every second, so a worker of this container that has not talked to
// the database for half a minute hangs or has lost it. Ends with 0 when the worker is well.
import pg from 'pg';

const client = new pg.Client({
  connectionString: process.env.DATABASE_URL,
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
