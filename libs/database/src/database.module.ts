import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { dataSourceOptions, type PoolOptions, STATEMENT_TIMEOUT_MS } from './data-source.js';
import { Database } from './database.js';
import { Replica } from './replica.js';
import { openWeakly } from './self-test.js';
import { StatementNames } from './statement-names.js';
import { troubleOf } from './trouble.js';

export interface DatabaseOptions extends Partial<PoolOptions> {
  readonly url: string;
  readonly name: string;
  /** False to prepare nothing, for a pooler that does not support named statements. */
  readonly prepares?: boolean;
  /** The replica for reports, and the milliseconds that it may lag. */
  readonly replica?: { readonly url: string; readonly maxLagMs: number } | undefined;
  /** True for a process that only looks up single rows and runs no reports: see {@link Database}. */
  readonly looksUp?: boolean;
}

/** Connections to the replica at most. */
const REPORTS = 6;

/** A process's connection pool. Refuses to start with a role that has too many rights. */
@Module({})
export class DatabaseModule {
  static with(options: DatabaseOptions): DynamicModule {
    const {
      url,
      name,
      size = 12,
      statementTimeoutMs = STATEMENT_TIMEOUT_MS,
      connectionWaitMs = 10_000,
      prepares = true,
      looksUp = false,
      replica,
    } = options;
    const log = new Logger('Database');
    const warn = (sentence: string) => log.warn(sentence);
    const named = () => new StatementNames(prepares, (sentence) => log.error(sentence));
    const reader = ({ url: at, maxLagMs }: NonNullable<typeof replica>) =>
      new Replica(
        () => openWeakly(at, { name: `${name}-reports`, size: REPORTS, statementTimeoutMs }, warn),
        named(),
        maxLagMs,
        warn,
      );
    return {
      module: DatabaseModule,
      global: true,
      imports: [pool(url, { name, size, statementTimeoutMs, connectionWaitMs })],
      providers: [
        ...(replica === undefined ? [] : [{ provide: Replica, useFactory: () => reader(replica) }]),
        {
          provide: Database,
          useFactory: (source: DataSource, reads?: Replica) => new Database(source, named(), looksUp, reads),
          inject: [getDataSourceToken(name), { token: Replica, optional: true }],
        },
      ],
      exports: [Database],
    };
  }
}

/**
 * Provides a pool, which Nest closes when the process stops. A server that is still starting gets ten seconds; other
 * errors abort the start.
 */
function pool(url: string, options: PoolOptions): DynamicModule {
  return TypeOrmModule.forRootAsync({
    name: options.name,
    useFactory: () => ({
      ...dataSourceOptions(url, options),
      retryAttempts: 10,
      retryDelay: 1_000,
      toRetry: (error) => troubleOf(error) !== undefined,
    }),
    dataSourceFactory: () => openWeakly(url, options, (sentence) => new Logger('Database').warn(sentence)),
  });
}
