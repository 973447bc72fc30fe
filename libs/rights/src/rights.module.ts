import { Module } from '@nestjs/common';
import { ChatsModule } from '#libs/chats';
import { SalesModule } from '#libs/sales';
import { TenantsModule } from '#libs/tenants';
import { ClosingService } from './closing.service.js';
import { ClosureService } from './closure.service.js';
import { ErasureService } from './erasure.service.js';
import { ErasureStore } from './erasure.store.js';
import { ExportService } from './export.service.js';
import { LinkEnding } from './link-ending.service.js';
import { ObligationReader } from './obligation.reader.js';
import { RemovalService } from './removal.service.js';
import { RemovalStore } from './removal.store.js';
import { TableReader } from './table.reader.js';

const EXPORTED = [ErasureService, ExportService, ClosureService, ClosingService, ObligationReader, RemovalService];

/** Exports of a workspace's data, erasures of buyers, removals of bots, and closures of workspaces. */
@Module({
  imports: [ChatsModule, SalesModule, TenantsModule],
  providers: [ErasureStore, TableReader, LinkEnding, RemovalStore, ...EXPORTED],
  exports: EXPORTED,
})
export class RightsModule {}
