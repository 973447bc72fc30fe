import { Module } from '@nestjs/common';
import { RightsModule } from '#libs/rights';
import { SalesModule } from '#libs/sales';
import { BuyersController } from './buyers.controller.js';

@Module({ imports: [SalesModule, RightsModule], controllers: [BuyersController] })
export class BuyersModule {}
