import { Module } from '@nestjs/common';
import { SalesModule } from '#libs/sales';
import { ReconciliationsController } from './reconciliations.controller.js';

@Module({ imports: [SalesModule], controllers: [ReconciliationsController] })
export class ReconciliationsModule {}
