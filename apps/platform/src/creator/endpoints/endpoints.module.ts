import { Module } from '@nestjs/common';
import { DeliveryModule } from '#libs/delivery';
import { EventsController } from '../events/events.controller.js';
import { AlertsController } from './alerts.controller.js';
import { EndpointsController } from './endpoints.controller.js';

/** Events for creators, and the endpoints and chats that receive them. */
@Module({ imports: [DeliveryModule], controllers: [EndpointsController, AlertsController, EventsController] })
export class EndpointsModule {}
