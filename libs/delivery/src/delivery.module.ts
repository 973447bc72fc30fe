import { Module } from '@nestjs/common';
import { ChatsModule } from '#libs/chats';
import { TelegramModule } from '#libs/telegram';
import { TenantsModule } from '#libs/tenants';
import { ChatInviter } from './goods/chat-inviter.service.js';
import { EndpointService } from './webhooks/endpoint.service.js';
import { EndpointStore } from './webhooks/endpoint.store.js';
import { MailModule } from '#libs/mail';
import { MailAlerts } from './alerts/mail-alerts.service.js';
import { AlertService } from './alerts/alert.service.js';
import { EndpointLog } from './webhooks/endpoint-log.reader.js';
import { EndpointResend } from './webhooks/endpoint-resend.service.js';
import { FulfilmentCaller } from './fulfilment/fulfilment.caller.js';
import { FulfilmentProducts } from './fulfilment/fulfilment-product.service.js';
import { FileFetcher } from './outbound/file.fetcher.js';
import { GoodsSender } from './goods/goods.sender.js';
import { HandoverService } from './goods/handover.service.js';
import { Names, Outbound } from './outbound/outbound.service.js';
import { PaidMediaPosts } from './goods/paid-media-posts.service.js';
import { MediaSender } from './goods/media.sender.js';
import { RelayService } from './relay.service.js';
import { WebhookService } from './webhooks/webhooks.service.js';

const INSIDE = [Names, Outbound, EndpointStore, GoodsSender];
const EXPORTED = [
  ChatInviter,
  EndpointService,
  EndpointLog,
  EndpointResend,
  AlertService,
  MailAlerts,
  WebhookService,
  RelayService,
  HandoverService,
  FulfilmentProducts,
  FulfilmentCaller,
  FileFetcher,
  MediaSender,
  PaidMediaPosts,
];

/** Delivery of purchases, and webhooks for creators. Import the catalogue with its files. */
@Module({
  imports: [ChatsModule, MailModule, TelegramModule, TenantsModule],
  providers: [...INSIDE, ...EXPORTED],
  exports: EXPORTED,
})
export class DeliveryModule {}
