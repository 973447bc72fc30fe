import { Module } from '@nestjs/common';
import { DeliveryModule } from '#libs/delivery';
import { ProductsController } from './products.controller.js';

@Module({ imports: [DeliveryModule], controllers: [ProductsController] })
export class ProductsModule {}
