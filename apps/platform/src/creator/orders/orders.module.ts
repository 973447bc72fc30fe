import { Module } from '@nestjs/common';
import { SalesModule } from '#libs/sales';
import { TenantsModule } from '#libs/tenants';
import { ChargesController } from './charges.controller.js';
import { OrderFilesController } from './order-files.controller.js';
import { OrderViewsController } from './order-views.controller.js';
import { OrdersController } from './orders.controller.js';
import { RefundsController } from './refunds.controller.js';
import { StrayPaymentsController } from './stray-payments.controller.js';

@Module({
  imports: [SalesModule, TenantsModule],
  controllers: [
    OrdersController,
    OrderViewsController,
    OrderFilesController,
    ChargesController,
    StrayPaymentsController,
    RefundsController,
  ],
})
export class OrdersModule {}
