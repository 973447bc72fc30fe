import { Module } from '@nestjs/common';
import { SalesModule } from '#libs/sales';
import { PromoCodesController } from './promo-codes.controller.js';

@Module({ imports: [SalesModule], controllers: [PromoCodesController] })
export class PromoCodesModule {}
