import type { DynamicModule } from '@nestjs/common';
import { CatalogModule } from '#libs/catalog';
import { DatabaseModule } from '#libs/database';
import { JournalModule, LocalDoorbell } from '#libs/journal';
import { type Config, RuntimeModule } from '#libs/runtime';
import { logging } from './logging.js';

/** What every process stands on: configuration, logs, database, journal, and where files are. */
export function foundation(config: Config, name: string): DynamicModule[] {
  return [
    RuntimeModule.with(config),
    logging(config, name),
    DatabaseModule.with({ url: config.databaseUrl, name }),
    JournalModule.with(new LocalDoorbell()),
    CatalogModule.with({ dataDir: config.dataDir, s3: config.s3 }),
  ];
}
