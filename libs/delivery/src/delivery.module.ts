import { Module } from '@nestjs/common';
import { ChatsModule } from '#libs/chats';
import { TelegramModule } from '#libs/telegram';
import { TenantsModule } from '#libs/tenants';
import { ChatInviter } from './chat-inviter.service.js';
import { EndpointService } from './endpoint.service.js';
import { EndpointStore } from './endpoint.store.js';
import { AlertService } from './alert.service.js';
import { EndpointLog } from './endpoint-log.reader.js';
import { EndpointResend } from './endpoint-resend.service.js';
import { FulfilmentCaller } from './fulfilment.caller.js';
import { FulfilmentProducts } from './fulfilment-product.service.js';
import { FileFetcher } from './file.fetcher.js';
import { GoodsSender } from './goods.sender.js';
import { HandoverService } from './handover.service.js';
import { Names, Outbound } from './outbound.service.js';
import { PaidMediaPosts } from './paid-media-posts.service.js';
import { MediaSender } from './media.sender.js';
import { RelayService } from './relay.service.js';
import { WebhookService } from './webhooks.service.js';

const INSIDE = [Names, Outbound, EndpointStore, GoodsSender];
const EXPORTED = [
  ChatInviter,
  EndpointService,
  EndpointLog,
  EndpointResend,
  AlertService,
  WebhookService,
  RelayService,
  HandoverService,
  FulfilmentProducts,
  FulfilmentCaller,
  FileFetcher,
  MediaSender,
  PaidMediaPosts,
];

/** Handing over what was bought, and telling creators what happened. Needs the catalogue's files. */
@Module({
  imports: [ChatsModule, TelegramModule, TenantsModule],
  providers: [...INSIDE, ...EXPORTED],
  exports: EXPORTED,
})
export class DeliveryModule {}
