import { Module } from '@nestjs/common';
import { DeliveryModule } from '#libs/delivery';
import { EventsController } from '../events/events.controller.js';
import { AlertsController } from './alerts.controller.js';
import { EndpointsController } from './endpoints.controller.js';

/** What creators are told, and who is told. */
@Module({ imports: [DeliveryModule], controllers: [EndpointsController, AlertsController, EventsController] })
export class EndpointsModule {}
