import type { DataSource } from 'typeorm';
import { eventually } from './eventually.js';

/**
 * Holds a lock that somebody else's transaction would hold, until `work` has ended.
 * @param owner a pool that row-level security does not bind
 * @param lock the statement that takes the lock, or changes what others wait for
 * @param end whether what the statement changed is there afterwards
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

/** Waits until as many statements wait for a lock. @param like how its first 1,000 characters are written, as SQL's `like` has it */
export async function waiting(owner: DataSource, like: string, statements = 1): Promise<void> {
  await eventually(`${statements} that wait for a lock: ${like}`, async () => {
    const found = await owner.query<unknown[]>(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like $1`,
      [like],
    );
    return found.length >= statements;
  });
}
