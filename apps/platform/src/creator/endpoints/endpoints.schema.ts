import { z } from 'zod';
import { ALERT_SWITCHES, type DeliveryLog, endpointViewSchema, MAIL_ALERT_SWITCHES, MAX_URL } from '#libs/delivery';
import { EVENT_TYPES } from '#libs/journal';
import { publicId, type Shown } from '#libs/kernel';
import { idOf, listOf, listQuery, notes, timeOrNull } from '../../http/schema.js';

const url = z
  .string()
  .trim()
  .min(1)
  .max(MAX_URL)
  .meta({
    examples: ['https://shop.example.com/webhooks'],
    description: 'https, port 443 or 8443, a public host. It is called with POST; redirects are not followed.',
  });
const description = z.string().trim().max(255).nullable();
const eventTypes = z
  .array(z.enum(EVENT_TYPES))
  .max(EVENT_TYPES.length)
  .describe('The types of events that it receives. Empty: all types, including future ones.');

export const createEndpointSchema = z
  .strictObject({
    url,
    description: description.optional(),
    event_types: eventTypes.optional(),
    metadata: notes.optional(),
  })
  .meta({ id: 'CreateEndpoint' });
export type CreateEndpoint = z.infer<typeof createEndpointSchema>;

export const updateEndpointSchema = z
  .strictObject({
    url: url.optional(),
    description: description.optional(),
    event_types: eventTypes.optional(),
    metadata: notes.optional(),
    state: z
      .enum(['enabled', 'paused'])
      .optional()
      .describe('A paused endpoint is not called; its events are kept, and sent when it is enabled again.'),
  })
  .meta({ id: 'UpdateEndpoint' });
export type UpdateEndpoint = z.infer<typeof updateEndpointSchema>;

const deliveryState = z.enum(['pending', 'delivered', 'failed']);

export const listDeliveriesSchema = listQuery('delivery', { state: deliveryState.optional() });
export type ListDeliveries = z.infer<typeof listDeliveriesSchema>;

export const resendSchema = z
  .strictObject({
    mode: z
      .enum(['failed', 'missing'])
      .describe(
        '`failed`: deliveries that were given up. `missing`: events that match the endpoint and were never ' +
          'sent to it, because it was disabled, filtered differently, or did not exist yet.',
      ),
    since: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .describe('Only events from this time on. Events are kept for at least 90 days.'),
  })
  .meta({ id: 'Resend' });
export type Resend = z.infer<typeof resendSchema>;

export const setAlertsSchema = z
  .strictObject({
    bot_id: idOf('bot'),
    sales: z.boolean().default(false).describe(ALERT_SWITCHES.sales),
    failures: z.boolean().default(false).describe(ALERT_SWITCHES.failures),
    support: z.boolean().default(false).describe(ALERT_SWITCHES.support),
    telegram_id: z
      .int()
      .min(1)
      .max(2 ** 52)
      .describe('Your own Telegram id. Open the bot and press Start first: bots cannot write to people who have not.'),
  })
  .meta({ id: 'SetAlerts' });
export type SetAlerts = z.infer<typeof setAlertsSchema>;

export const setMailAlertsSchema = z
  .strictObject({
    sales: z.boolean().describe(MAIL_ALERT_SWITCHES.sales),
    failures: z.boolean().describe(MAIL_ALERT_SWITCHES.failures),
    support: z.boolean().describe(MAIL_ALERT_SWITCHES.support),
    warnings: z.boolean().describe(MAIL_ALERT_SWITCHES.warnings),
  })
  .meta({ id: 'SetMailAlerts' });
export type SetMailAlerts = z.output<typeof setMailAlertsSchema>;

const time = z.iso.datetime();

export const newEndpointViewSchema = endpointViewSchema
  .extend({ secret: z.string().describe('For verifying signatures. It is shown only here.') })
  .meta({ id: 'NewEndpoint' });

export const endpointListSchema = listOf(endpointViewSchema).meta({ id: 'EndpointList' });

export const deliveryViewSchema = z
  .object({
    object: z.literal('delivery'),
    id: z.string(),
    endpoint_id: z.string(),
    event_id: z.string().describe('The `webhook-id` of every attempt.'),
    event_type: z.enum(EVENT_TYPES),
    state: deliveryState,
    next_attempt_at: time.nullable(),
    created_at: time,
    attempts: z.array(
      z.object({
        number: z.int(),
        request: z
          .object({
            url: z.string(),
            timestamp: z.int().describe('The `webhook-timestamp`: Unix seconds.'),
            body_sha256: z.string(),
            body_bytes: z.int(),
          })
          .nullable()
          .describe('The request. The body is the event: GET /v1/events/{id}, without `deliveries`.'),
        ok: z.boolean(),
        status: z.int().nullable().describe('The HTTP status; null if there was no response.'),
        response: z.string().nullable().describe('The first 4 kB of the response.'),
        error: z.string().nullable().describe('The reason why there was no response.'),
        duration_ms: z.int(),
        created_at: time,
      }),
    ),
  })
  .meta({ id: 'WebhookDelivery' });

export const deliveryListSchema = listOf(deliveryViewSchema).meta({ id: 'WebhookDeliveryList' });

export const resentSchema = z
  .object({
    object: z.literal('resent'),
    count: z.int().describe('Deliveries that are pending now.'),
    has_more: z.boolean().describe('True when there may be more: repeat the request.'),
  })
  .meta({ id: 'Resent' });

export const testSentSchema = z
  .object({ object: z.literal('test'), event_id: z.string().describe('The `webhook-id` of the test event.') })
  .meta({ id: 'EndpointTest' });

export const deliveryView = ({ delivery, eventType, attempts }: DeliveryLog): Shown<typeof deliveryViewSchema> => ({
  object: 'delivery',
  id: publicId('delivery', delivery.id),
  endpoint_id: publicId('endpoint', delivery.endpointId),
  event_id: publicId('event', delivery.eventId),
  event_type: eventType,
  state: delivery.state,
  next_attempt_at: timeOrNull(delivery.nextAttemptAt),
  created_at: delivery.createdAt.toISOString(),
  attempts: attempts.map((attempt) => ({
    number: attempt.number,
    request: requestView(attempt),
    ok: attempt.ok,
    status: attempt.status,
    response: attempt.response,
    error: attempt.error,
    duration_ms: attempt.durationMs,
    created_at: attempt.createdAt.toISOString(),
  })),
});

function requestView({ url, signedAt, bodySha256, bodyBytes }: DeliveryLog['attempts'][number]) {
  if (url === null || signedAt === null || bodySha256 === null || bodyBytes === null) return null;
  const timestamp = Math.floor(signedAt.getTime() / 1_000);
  return { url, timestamp, body_sha256: bodySha256.toString('hex'), body_bytes: bodyBytes };
}
