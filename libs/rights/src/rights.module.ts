import { Module } from '@nestjs/common';
import { TenantsModule } from '#libs/tenants';
import { ClosingService } from './closing.service.js';
import { ClosureService } from './closure.service.js';
import { ErasureService } from './erasure.service.js';
import { ErasureStore } from './erasure.store.js';
import { ExportService } from './export.service.js';
import { TableReader } from './table.reader.js';

/** People's rights: taking one's data out, being erased, leaving. */
@Module({
  imports: [TenantsModule],
  providers: [ErasureStore, ErasureService, TableReader, ExportService, ClosureService, ClosingService],
  exports: [ErasureService, ExportService, ClosureService, ClosingService],
})
export class RightsModule {}
