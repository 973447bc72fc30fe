import type { DataSource } from 'typeorm';
import { eventually } from './eventually.js';

/**
 * Holds a lock, like another transaction, until `work` has ended.
 * @param owner a pool that bypasses row-level security
 * @param lock the statement that takes the lock, or changes the rows that others wait for
 * @param end whether the changes of the statement are committed or rolled back
 */
export async function whileHeld<T>(
  owner: DataSource,
  lock: readonly [sql: string, parameters?: readonly unknown[]],
  work: (release: () => Promise<void>) => Promise<T>,
  end: 'rollback' | 'commit' = 'rollback',
): Promise<T> {
  const runner = owner.createQueryRunner();
  let held = true;
  const release = async () => {
    if (held) await runner.query(end);
    held = false;
  };
  await runner.query('begin');
  try {
    await runner.query(lock[0], [...(lock[1] ?? [])]);
    return await work(release);
  } finally {
    await release();
    await runner.release();
  }
}

/** Waits until this many statements wait for a lock. @param like a pattern for SQL's `like` that matches their first 1,000 characters */
export async function waiting(owner: DataSource, like: string, statements = 1): Promise<void> {
  await eventually(`${statements} that wait for a lock: ${like}`, async () => {
    const found = await owner.query<unknown[]>(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like $1`,
      [like],
    );
    return found.length >= statements;
  });
}
