import { type DynamicModule, Module } from '@nestjs/common';
import { Doorbell, LocalDoorbell } from './doorbell.js';
import { EventStore } from './event.store.js';
import { InboxStore } from './inbox.store.js';
import { JobStore } from './job.store.js';

/** Inbox, outbox and waiting work, with the bell that this process uses. */
@Module({})
export class JournalModule {
  static with(doorbell: Doorbell = new LocalDoorbell()): DynamicModule {
    const stores = [EventStore, InboxStore, JobStore];
    return {
      module: JournalModule,
      global: true,
      providers: [...stores, { provide: Doorbell, useValue: doorbell }],
      exports: [...stores, Doorbell],
    };
  }
}
