import { Module } from '@nestjs/common';
import { SalesModule } from '#libs/sales';
import { BuyersController } from './buyers.controller.js';

@Module({ imports: [SalesModule], controllers: [BuyersController] })
export class BuyersModule {}
