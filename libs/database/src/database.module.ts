import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { makeDataSource } from './data-source.js';
import { Database, FastLane } from './database.js';
import { assertWeakRole } from './self-test.js';

const MAIN = Symbol('main pool');
const FAST = Symbol('fast pool');

export interface DatabaseOptions {
  readonly url: string;
  /** The process, as shown in pg_stat_activity. */
  readonly name: string;
  /** Connections of the main pool. */
  readonly size?: number;
}

/** Two pools: the main one, and a small fast lane for what Telegram waits for. Refuses to start with a role that is too strong. */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(MAIN) private readonly main: DataSource,
    @Inject(FAST) private readonly fast: DataSource,
  ) {}

  static with(options: DatabaseOptions): DynamicModule {
    const { url, name, size = 12 } = options;
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        {
          provide: MAIN,
          useFactory: async () => {
            const source = await makeDataSource(url, { name, size, statementTimeoutMs: 15_000 }).initialize();
            await assertWeakRole(source);
            return source;
          },
        },
        {
          provide: FAST,
          useFactory: () =>
            makeDataSource(url, { name: `${name}-fast`, size: 6, statementTimeoutMs: 2_000 }).initialize(),
        },
        { provide: Database, useFactory: (source: DataSource) => new Database(source), inject: [MAIN] },
        { provide: FastLane, useFactory: (source: DataSource) => new FastLane(source), inject: [FAST] },
      ],
      exports: [Database, FastLane],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.main.destroy(), this.fast.destroy()]);
  }
}
