import { Module } from '@nestjs/common';
import { DeliveryModule } from '#libs/delivery';
import { SalesModule } from '#libs/sales';
import { SupportModule as SupportRoom } from '#libs/support';
import { OrderCareController } from './order-care.controller.js';
import { SearchController } from './search.controller.js';
import { SupportController } from './support.controller.js';

@Module({
  imports: [SalesModule, DeliveryModule, SupportRoom],
  controllers: [SupportController, SearchController, OrderCareController],
})
export class SupportModule {}
