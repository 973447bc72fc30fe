import { Module } from '@nestjs/common';
import { DeliveryModule } from '#libs/delivery';
import { SalesModule } from '#libs/sales';
import { TenantsModule } from '#libs/tenants';
import { InvoiceLinksController } from './invoice-links.controller.js';
import { LicenceKeysController } from './licence-keys.controller.js';
import { LinksController } from './links.controller.js';
import { PostsController } from './posts.controller.js';
import { ProductsController } from './products.controller.js';
import { ShopOrderController } from './shop-order.controller.js';

@Module({
  imports: [DeliveryModule, SalesModule, TenantsModule],
  controllers: [
    ProductsController,
    LicenceKeysController,
    LinksController,
    InvoiceLinksController,
    PostsController,
    ShopOrderController,
  ],
})
export class ProductsModule {}
