export { type GuardFacts, MAX_URL, UnsafeAddress } from './address-guard.js';
export { ChatInviter } from './chat-inviter.service.js';
export { DeliveryModule } from './delivery.module.js';
export {
  ENDPOINT_STATES,
  EndpointDisabled,
  type EndpointFacts,
  type EndpointState,
  endpointView,
} from './endpoint.js';
export { type EndpointChange, EndpointService, type NewEndpoint } from './endpoint.service.js';
export { EndpointStore } from './endpoint.store.js';
export { AlertChatRow } from './alert-chat.entity.js';
export { type Alert, AlertService } from './alert.service.js';
export { AlertChatUnknown, threadIn } from './alert.js';
export { type DeliveryFilter, type DeliveryLog, EndpointLog } from './endpoint-log.reader.js';
export { EndpointResend, type Resent, type ResendMode } from './endpoint-resend.service.js';
export { FileNotFetched } from './fetched-file.js';
export { FileFetcher } from './file.fetcher.js';
export { type FulfilmentAnswer, SLOWLY_MS } from './fulfilment.js';
export { FulfilmentCaller, type FulfilmentRequest } from './fulfilment.caller.js';
export { FulfilmentProducts, type SavedProduct } from './fulfilment-product.service.js';
export type { Handover, HandoverOutcome } from './handover.js';
export { HandoverService } from './handover.service.js';
export { type KeysAdded, LicenceKeyService } from './licence-key.service.js';
export { Names, Outbound, type OutboundLimits } from './outbound.service.js';
export { PaidMediaPosts } from './paid-media-posts.service.js';
export { type LockedMedia, MediaSender } from './media.sender.js';
export { RelayService } from './relay.service.js';
export { type Attempt, type AttemptOutcome, WebhookService } from './webhooks.service.js';
export { eventView } from './webhook.js';
export { DELIVERY_TABLES } from './tables.js';
