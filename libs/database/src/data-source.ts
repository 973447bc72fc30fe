import pg from 'pg';
import { DataSource, type DataSourceOptions, getMetadataArgsStorage } from 'typeorm';
import { SnakeNaming } from './naming.js';

const INT8 = 20;

// Telegram ids have at most 52 significant bits and sums of Stars stay far below 2^53, so int8 is a number here. A
// value that does not fit becomes NaN instead of a silently different number: an error would affect every other row of
// the answer. Checks keep such values out of the tables.
pg.types.setTypeParser(INT8, int8);

/** @returns NaN for a value that a number cannot represent: rules refuse it, and JSON shows it as null */
export function int8(text: string): number {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

export interface PoolOptions {
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** Maximum number of connections. */
  readonly size: number;
  /** Milliseconds after which PostgreSQL cancels one statement. */
  readonly statementTimeoutMs: number;
  /** Milliseconds to wait for a free or new connection; default 3,000. */
  readonly connectionWaitMs?: number;
}

const CONNECTION_WAIT_MS = 3_000;
/** Share of the statement timeout. Waiting for a lock times out first, because it says nothing about the statement. */
const LOCK_SHARE = 0.8;

/**
 * The settings of a connection pool. Its entities are all loaded classes with `@Entity`; nothing is synchronised,
 * because migrations define the schema.
 */
export function dataSourceOptions(url: string, pool: PoolOptions): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities: getMetadataArgsStorage().tables.map((table) => table.target),
    namingStrategy: new SnakeNaming(),
    synchronize: false,
    migrationsRun: false,
    logging: false,
    poolSize: pool.size,
    connectTimeoutMS: pool.connectionWaitMs ?? CONNECTION_WAIT_MS,
    applicationName: `starwall-${pool.name}`,
    extra: {
      statement_timeout: pool.statementTimeoutMs,
      lock_timeout: LOCK_SHARE * pool.statementTimeoutMs,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      pipeline: true,
    },
  };
}

/** A pool that is not connected yet. */
export const makeDataSource = (url: string, pool: PoolOptions) => new DataSource(dataSourceOptions(url, pool));
