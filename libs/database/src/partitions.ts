import type { PlatformTx } from './tx.js';

/** Partitions exist for ids of this many days from now on. */
export const PARTITIONS_AHEAD_DAYS = 45;

/**
 * Makes one missing partition for ids before this time: call it again, in another transaction, until it makes none.
 * Gives up after waiting half a second for a lock. Idempotent.
 * @returns the partition's name; undefined when none was missing
 */
export const makePartition = (tx: PlatformTx, until: Date) => named(tx, 'select make_partition($1) as name', until);

/**
 * Drops one partition of events, deliveries or attempts whose ids are all from before this time, step by step like
 * {@link makePartition}. Keeps a partition with events that the relay has not taken.
 */
export const dropPartition = (tx: PlatformTx, before: Date) => named(tx, 'select drop_partition($1) as name', before);

/** Deletes old relayed events whose ids belong to no monthly partition. @returns their number */
export async function forgetUnpartitioned(tx: PlatformTx, before: Date): Promise<number> {
  const [row] = await tx.query<{ count: number }>('select forget_others($1) as count', [before]);
  return row?.count ?? 0;
}

/**
 * Returns SQL for a parameter that is the id of a row in a partitioned table, for frequent statements: PostgreSQL finds
 * the partition when the statement begins (`concat` is not immutable), so planning for one id gains nothing, and it
 * keeps one plan. With the bare parameter it would plan every time, which takes three times as long as the statement.
 */
export const oneRow = (parameter: `$${number}`): string => `concat(${parameter}::text)::uuid`;

/** Returns the time until which every partitioned table has partitions. */
export async function partitionedUntil(tx: PlatformTx): Promise<Date> {
  const [row] = await tx.query<{ until: Date }>(
    'select min(ends) as until from (select max(ends) as ends from partitions() group by parent) p',
  );
  return row?.until ?? new Date(0);
}

/** While a change of partitions waits for its locks, everyone else waits behind it. */
const LOCKS = `set local lock_timeout = '500ms'`;

async function named(tx: PlatformTx, sql: string, time: Date): Promise<string | undefined> {
  await tx.query(LOCKS);
  const [row] = await tx.query<{ name: string | null }>(sql, [time]);
  return row?.name ?? undefined;
}
