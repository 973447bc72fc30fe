import { Module } from '@nestjs/common';
import { TelegramModule } from '#libs/telegram';
import { TenantsModule } from '#libs/tenants';
import { EndpointService } from './endpoint.service.js';
import { GoodsSender } from './goods.sender.js';
import { HandoverService } from './handover.service.js';
import { Names, Outbound } from './outbound.service.js';
import { RelayService } from './relay.service.js';
import { WebhookService } from './webhooks.service.js';

/** Handing over what was bought, and telling creators what happened. Needs the catalogue's files. */
@Module({
  imports: [TelegramModule, TenantsModule],
  providers: [Names, Outbound, EndpointService, WebhookService, RelayService, GoodsSender, HandoverService],
  exports: [EndpointService, WebhookService, RelayService, HandoverService],
})
export class DeliveryModule {}
