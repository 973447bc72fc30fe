import type { DynamicModule, Type } from '@nestjs/common';
import { CatalogModule } from '#libs/catalog';
import { DatabaseModule, type DatabaseOptions } from '#libs/database';
import { type Doorbell, JournalModule } from '#libs/journal';
import { QuotasModule } from '#libs/quotas';
import { type Config, RuntimeModule } from '#libs/runtime';
import { VaultModule } from '#libs/vault';
import { BullDoorbell, bellQueue } from './bull.doorbell.js';
import { EventLoopModule } from './event-loop.watch.js';
import { logging } from './logging.js';
import { PostgresDoorbell } from './postgres.doorbell.js';
import { StoppingModule } from './stopping.module.js';
import { TracingModule } from './tracing.module.js';

export interface Ground {
  /** The doorbell to use without Redis, in place of PostgreSQL's. */
  readonly doorbell?: Doorbell | undefined;
  readonly pool?: Omit<DatabaseOptions, 'url' | 'name'>;
  /** true: the process makes reports, and reads them from the replica if there is one. */
  readonly reports?: boolean;
  /** false: the process logs no requests. */
  readonly requestLog?: boolean;
  /** false: the process does not access files. */
  readonly files?: boolean;
}

/** Modules that every process needs: configuration, logs, database, keys, journal, and file storage. */
export function foundation(config: Config, name: string, ground: Ground = {}): (DynamicModule | Type)[] {
  const { redisUrl, dataDir, s3 } = config;
  const { doorbell = PostgresDoorbell, pool, reports = false, requestLog = true, files = true } = ground;
  return [
    RuntimeModule.with(config),
    logging(config, name, requestLog),
    EventLoopModule,
    StoppingModule,
    TracingModule.of(name),
    DatabaseModule.with({
      url: config.databaseUrl,
      name,
      prepares: config.preparedStatements,
      replica: reports ? config.replica : undefined,
      ...pool,
    }),
    VaultModule,
    redisUrl === undefined ? JournalModule.with(doorbell) : JournalModule.with(BullDoorbell, [bellQueue(redisUrl)]),
    QuotasModule,
    CatalogModule.with(files ? { dataDir, s3 } : undefined),
  ];
}
