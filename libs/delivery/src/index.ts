import { EndpointRow } from './endpoint.entity.js';
import { HandoverAttemptRow } from './handover-attempt.entity.js';
import { WebhookAttemptRow, WebhookDeliveryRow } from './webhook-delivery.entity.js';

export { type GuardFacts, MAX_URL, UnsafeAddress } from './address-guard.js';
export { DeliveryModule } from './delivery.module.js';
export { ENDPOINT_STATES, type EndpointState, MAX_ENDPOINTS, TooManyEndpoints } from './endpoint.js';
export { type DeliveryLog, type EndpointChange, EndpointService, type NewEndpoint } from './endpoint.service.js';
export { GoodsSender } from './goods.sender.js';
export type { Handover, HandoverOutcome } from './handover.js';
export { HandoverService } from './handover.service.js';
export { Names, Outbound, type OutboundLimits } from './outbound.service.js';
export { RelayService } from './relay.service.js';
export { type Attempt, type AttemptOutcome, CLOSED_FOR_MS, WebhookService } from './webhooks.service.js';
export { EndpointRow, HandoverAttemptRow, WebhookAttemptRow, WebhookDeliveryRow };
