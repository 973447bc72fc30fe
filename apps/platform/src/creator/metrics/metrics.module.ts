import { Module } from '@nestjs/common';
import { SalesModule } from '#libs/sales';
import { MetricsController } from './metrics.controller.js';

@Module({ imports: [SalesModule], controllers: [MetricsController] })
export class MetricsModule {}
