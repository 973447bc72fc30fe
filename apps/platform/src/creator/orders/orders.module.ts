import { Module } from '@nestjs/common';
import { SalesModule } from '#libs/sales';
import { ChargesController } from './charges.controller.js';
import { OrdersController } from './orders.controller.js';
import { RefundsController } from './refunds.controller.js';

@Module({ imports: [SalesModule], controllers: [OrdersController, ChargesController, RefundsController] })
export class OrdersModule {}
