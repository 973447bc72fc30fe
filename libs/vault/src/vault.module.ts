import { Global, Module } from '@nestjs/common';
import { Database } from '#libs/database';
import type { Clock } from '#libs/kernel';
import { CLOCK, type Config, CONFIG } from '#libs/runtime';
import { readMasterKeys } from './key-reader.js';
import { MasterKeys } from './master-keys.js';
import { SecretBox } from './secret-box.service.js';
import { SigningKeys } from './signing-keys.service.js';

/** Provides sealing of secrets and their keys everywhere. */
@Global()
@Module({
  providers: [
    { provide: MasterKeys, useFactory: (config: Config) => readMasterKeys(config.masterKeys), inject: [CONFIG] },
    {
      provide: SecretBox,
      useFactory: (keys: MasterKeys, clock: Clock) => new SecretBox(keys, clock),
      inject: [MasterKeys, CLOCK],
    },
    {
      provide: SigningKeys,
      useFactory: (db: Database, box: SecretBox, clock: Clock) => new SigningKeys(db, box, clock),
      inject: [Database, SecretBox, CLOCK],
    },
  ],
  exports: [MasterKeys, SecretBox, SigningKeys],
})
export class VaultModule {}
