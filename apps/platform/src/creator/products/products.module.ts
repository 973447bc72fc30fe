import { Module } from '@nestjs/common';
import { DeliveryModule } from '#libs/delivery';
import { TenantsModule } from '#libs/tenants';
import { LicenceKeysController } from './licence-keys.controller.js';
import { LinksController } from './links.controller.js';
import { ProductsController } from './products.controller.js';

@Module({
  imports: [DeliveryModule, TenantsModule],
  controllers: [ProductsController, LicenceKeysController, LinksController],
})
export class ProductsModule {}
