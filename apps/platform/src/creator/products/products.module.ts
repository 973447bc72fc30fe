import { Module } from '@nestjs/common';
import { DeliveryModule } from '#libs/delivery';
import { LicenceKeysController } from './licence-keys.controller.js';
import { ProductsController } from './products.controller.js';

@Module({ imports: [DeliveryModule], controllers: [ProductsController, LicenceKeysController] })
export class ProductsModule {}
