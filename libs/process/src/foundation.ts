import type { DynamicModule, Type } from '@nestjs/common';
import { CatalogModule } from '#libs/catalog';
import { DatabaseModule } from '#libs/database';
import { JournalModule } from '#libs/journal';
import { QuotasModule } from '#libs/quotas';
import { type Config, RuntimeModule } from '#libs/runtime';
import { VaultModule } from '#libs/vault';
import { BullDoorbell, bellQueue } from './bull.doorbell.js';
import { logging } from './logging.js';

/** What every process stands on: configuration, logs, database, keys, journal, and where files are. */
export function foundation(config: Config, name: string): (DynamicModule | Type)[] {
  const { redisUrl } = config;
  return [
    RuntimeModule.with(config),
    logging(config, name),
    DatabaseModule.with({ url: config.databaseUrl, name }),
    VaultModule,
    redisUrl === undefined ? JournalModule.with() : JournalModule.with(BullDoorbell, [bellQueue(redisUrl)]),
    QuotasModule,
    CatalogModule.with({ dataDir: config.dataDir, s3: config.s3 }),
  ];
}
