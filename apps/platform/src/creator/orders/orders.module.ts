import { Module } from '@nestjs/common';
import { SalesModule } from '#libs/sales';
import { ChargesController } from './charges.controller.js';
import { OrderFilesController } from './order-files.controller.js';
import { OrdersController } from './orders.controller.js';
import { RefundsController } from './refunds.controller.js';
import { StrayPaymentsController } from './stray-payments.controller.js';

@Module({
  imports: [SalesModule],
  controllers: [OrdersController, OrderFilesController, ChargesController, StrayPaymentsController, RefundsController],
})
export class OrdersModule {}
