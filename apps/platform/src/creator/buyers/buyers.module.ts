import { Module } from '@nestjs/common';
import { RightsModule } from '#libs/rights';
import { SalesModule } from '#libs/sales';
import { TenantsModule } from '#libs/tenants';
import { BuyerViewsController } from './buyer-views.controller.js';
import { BuyersController } from './buyers.controller.js';

@Module({ imports: [SalesModule, RightsModule, TenantsModule], controllers: [BuyersController, BuyerViewsController] })
export class BuyersModule {}
