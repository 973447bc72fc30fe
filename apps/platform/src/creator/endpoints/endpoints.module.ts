import { Module } from '@nestjs/common';
import { DeliveryModule } from '#libs/delivery';
import { TenantsModule } from '#libs/tenants';
import { EventStreamController } from '../events/event-stream.controller.js';
import { EventStreams } from '../events/event-streams.service.js';
import { EventsController } from '../events/events.controller.js';
import { AlertsController } from './alerts.controller.js';
import { MailAlertsController } from './mail-alerts.controller.js';
import { EndpointsController } from './endpoints.controller.js';

/** Events for creators, and the endpoints and chats that receive them. */
@Module({
  imports: [DeliveryModule, TenantsModule],
  controllers: [EndpointsController, AlertsController, MailAlertsController, EventStreamController, EventsController],
  providers: [EventStreams],
})
export class EndpointsModule {}
