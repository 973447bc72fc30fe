import { Module } from '@nestjs/common';
import { DeliveryModule } from '#libs/delivery';
import { EndpointsController } from './endpoints.controller.js';

@Module({ imports: [DeliveryModule], controllers: [EndpointsController] })
export class EndpointsModule {}
