import { type DynamicModule, Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { dataSourceOptions, type PoolOptions } from './data-source.js';
import { Database, FastLane } from './database.js';
import { assertWeakRole } from './self-test.js';
import { troubleOf } from './trouble.js';

export interface DatabaseOptions {
  readonly url: string;
  /** The process, as shown in pg_stat_activity. */
  readonly name: string;
  /** Connections of the main pool. */
  readonly size?: number;
}

/** Two pools: the main one, and a small fast lane for what Telegram waits for. Refuses to start with a role that is too strong. */
@Module({})
export class DatabaseModule {
  static with({ url, name, size = 12 }: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        pool('main', url, { name, size, statementTimeoutMs: 15_000, connectionWaitMs: 10_000 }),
        pool('fast', url, { name: `${name}-fast`, size: 6, statementTimeoutMs: 2_000, connectionWaitMs: 3_000 }),
      ],
      providers: [
        {
          provide: Database,
          useFactory: (source: DataSource) => new Database(source),
          inject: [getDataSourceToken('main')],
        },
        {
          provide: FastLane,
          useFactory: (source: DataSource) => new FastLane(source),
          inject: [getDataSourceToken('fast')],
        },
      ],
      exports: [Database, FastLane],
    };
  }
}

/** Closed by Nest when the process stops. A server that is still starting gets ten seconds; anything else ends the start. */
function pool(name: string, url: string, options: PoolOptions): DynamicModule {
  return TypeOrmModule.forRootAsync({
    name,
    useFactory: () => ({
      ...dataSourceOptions(url, options),
      retryAttempts: 10,
      retryDelay: 1_000,
      toRetry: (error) => troubleOf(error) !== undefined,
    }),
    dataSourceFactory: async (made?: DataSourceOptions) => {
      const source = await new DataSource(made ?? dataSourceOptions(url, options)).initialize();
      await assertWeakRole(source);
      return source;
    },
  });
}
