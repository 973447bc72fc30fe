import { openDataSource } from './data-source.js';
import { Database } from './database.js';
import { StatementNames } from './statement-names.js';

export interface CommandOptions {
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** Milliseconds after which PostgreSQL cancels one statement; default 15,000. */
  readonly statementTimeoutMs?: number;
}

const SIZE = 2;

/**
 * Runs a command with a separate small pool, and closes it afterwards. Prepares nothing, so it works through every
 * pooler.
 * @param url the DATABASE_URL @throws Error when there is none, or the database refuses the connection
 */
export async function withDatabase<T>(
  url: string | undefined,
  { name, statementTimeoutMs = 15_000 }: CommandOptions,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  if (url === undefined || url === '') throw new Error('Set DATABASE_URL to the database that Starwall uses.');
  // The login's timeouts suffice for a command even if they are longer, so warnings are dropped.
  const source = await openDataSource(url, { name, size: SIZE, statementTimeoutMs }, () => undefined);
  try {
    return await work(new Database(source, new StatementNames(false)));
  } finally {
    await source.destroy();
  }
}
