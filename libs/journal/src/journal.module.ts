import { type DynamicModule, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { Database } from '#libs/database';
import { AuditStore } from './audit.store.js';
import { Doorbell, LocalDoorbell, ringForCommits } from './doorbell.js';
import { EventStore } from './event.store.js';
import { InboxKeeper } from './inbox.keeper.js';
import { InboxQueue } from './inbox.queue.js';
import { InboxStore } from './inbox.store.js';
import { JobStore } from './job.store.js';

/** Inbox, outbox and jobs, with the bell that this process uses. */
@Module({})
export class JournalModule {
  constructor(db: Database, bell: Doorbell) {
    ringForCommits(db, bell);
  }

  /** @param doorbell an instance, or a class that `imports` can provide */
  static with(
    doorbell: Doorbell | Type<Doorbell> = new LocalDoorbell(),
    imports: NonNullable<ModuleMetadata['imports']> = [],
  ): DynamicModule {
    const stores = [AuditStore, EventStore, InboxKeeper, InboxQueue, InboxStore, JobStore];
    const bell = doorbell instanceof Doorbell ? { useValue: doorbell } : { useClass: doorbell };
    return {
      module: JournalModule,
      global: true,
      imports,
      providers: [...stores, { provide: Doorbell, ...bell }],
      exports: [...stores, Doorbell],
    };
  }
}
