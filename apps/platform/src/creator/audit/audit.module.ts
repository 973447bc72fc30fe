import { Module } from '@nestjs/common';
import { AuditEntriesController } from './audit-entries.controller.js';

@Module({ controllers: [AuditEntriesController] })
export class AuditModule {}
