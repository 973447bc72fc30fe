import pg from 'pg';
import { DataSource, type DataSourceOptions, getMetadataArgsStorage } from 'typeorm';
import { SnakeNaming } from './naming.js';

const INT8 = 20;

// Telegram ids have at most 52 significant bits and sums of Stars stay far below 2^53, so int8 values are read as
// numbers. A value that does not fit becomes NaN instead of a silently different number: an error would affect every
// other row of the result. Checks keep such values out of the tables.
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

/** A new connection plans every statement again, so an idle one is kept for five minutes. */
const COMMON = { keepAlive: true, idleTimeoutMillis: 300_000 } as const;

/** Milliseconds after which a statement of an ordinary pool is cancelled. */
export const STATEMENT_TIMEOUT_MS = 15_000;

/**
 * A session's timeouts in milliseconds, by PostgreSQL's names. `transaction_timeout`, available from PostgreSQL 17 on,
 * ends the transactions of processes that hang or are cut off: ours have no BEGIN, so none counts as idle.
 */
export const timeouts = ({ statementTimeoutMs }: Pick<PoolOptions, 'statementTimeoutMs'>) => ({
  statement_timeout: statementTimeoutMs,
  lock_timeout: LOCK_SHARE * statementTimeoutMs,
  idle_in_transaction_session_timeout: 60_000,
  transaction_timeout: 300_000,
});

/**
 * Makes the server drop a connection, and its transaction, within a minute after the other side has stopped responding.
 */
export const KEEPALIVE = { tcp_keepalives_idle: 30, tcp_keepalives_interval: 10, tcp_keepalives_count: 3 } as const;

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
    extra: { ...timeouts(pool), ...COMMON },
  };
}

/** PgBouncer accepts only a few startup parameters and refuses others (its ignore_startup_parameters). */
const REFUSED_PARAMETER = /unsupported startup parameter/i;

/**
 * Connects a pool. If a pooler refuses timeouts as startup parameters, the login's own timeouts apply, which
 * `ensureLogin` has set.
 * @param warn is called when a timeout of the pool does not apply
 */
export async function openDataSource(
  url: string,
  pool: PoolOptions,
  warn: (sentence: string) => void,
): Promise<DataSource> {
  const options = dataSourceOptions(url, pool);
  const source = await new DataSource(options).initialize().catch((error: unknown) => {
    if (!REFUSED_PARAMETER.test(String((error as { readonly message?: unknown }).message))) throw error;
    return new DataSource({ ...options, extra: COMMON } as DataSourceOptions).initialize();
  });
  const rows = await source.query<{ name: string; ms: number }[]>(
    `select name, setting::int as ms from pg_settings where name = any($1) order by name`,
    [Object.keys(timeouts(pool))],
  );
  const wanted = timeouts(pool);
  const off = rows.filter(({ name, ms }) => ms === 0 || ms > wanted[name as keyof typeof wanted]);
  if (off.length > 0)
    warn(
      `Not every timeout is as configured (${off.map(({ name, ms }) => `${name} is ${ms === 0 ? 'off' : `${ms} ms`}`).join(', ')}). ` +
        (off.some(({ ms }) => ms === 0)
          ? 'Run `npm run migrate` with DATABASE_URL naming this login: it sets timeouts for the login.'
          : 'Behind a pooler the timeouts of the login apply.'),
    );
  return source;
}

/** A pool that is not connected yet. */
export const makeDataSource = (url: string, pool: PoolOptions) => new DataSource(dataSourceOptions(url, pool));
