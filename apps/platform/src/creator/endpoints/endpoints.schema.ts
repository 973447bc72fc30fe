import { z } from 'zod';
import { type DeliveryLog, ENDPOINT_STATES, type EndpointRow, type EndpointState, MAX_URL } from '#libs/delivery';
import { EVENT_TYPES } from '#libs/journal';
import { publicId } from '#libs/kernel';
import { listOf, pageOf, timeOrNull } from '../../http/schema.js';

const states = Object.keys(ENDPOINT_STATES) as EndpointState[];

const url = z
  .string()
  .trim()
  .min(1)
  .max(MAX_URL)
  .meta({
    examples: ['https://shop.example.com/webhooks'],
    description: 'https, port 443 or 8443, a public host. It is called by POST and not redirected.',
  });
const description = z.string().trim().max(255).nullable();
const eventTypes = z
  .array(z.enum(EVENT_TYPES))
  .max(EVENT_TYPES.length)
  .describe('The kinds of events it receives. Empty: all of them, also those that are added later.');

export const createEndpointSchema = z
  .strictObject({ url, description: description.optional(), event_types: eventTypes.optional() })
  .meta({ id: 'CreateEndpoint' });
export type CreateEndpoint = z.infer<typeof createEndpointSchema>;

export const updateEndpointSchema = z
  .strictObject({
    url: url.optional(),
    description: description.optional(),
    event_types: eventTypes.optional(),
    state: z
      .enum(['enabled', 'paused'])
      .optional()
      .describe('A paused endpoint is not called; what happens meanwhile is kept and sent once it is enabled again.'),
  })
  .meta({ id: 'UpdateEndpoint' });
export type UpdateEndpoint = z.infer<typeof updateEndpointSchema>;

export const listDeliveriesSchema = z.strictObject(pageOf('delivery'));
export type ListDeliveries = z.infer<typeof listDeliveriesSchema>;

const time = z.iso.datetime();

export const endpointViewSchema = z
  .object({
    object: z.literal('endpoint'),
    id: z.string(),
    url: z.string(),
    description: z.string().nullable(),
    event_types: z.array(z.enum(EVENT_TYPES)),
    state: z
      .enum(states)
      .describe('`disabled`: we stopped calling it, see `disabled_because`. PATCH it to `enabled` when it is mended.'),
    disabled_because: z.string().nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Endpoint' });

export const newEndpointViewSchema = endpointViewSchema
  .extend({ secret: z.string().describe('For verifying signatures. It is shown here and never again.') })
  .meta({ id: 'NewEndpoint' });

export const endpointListSchema = listOf(endpointViewSchema).meta({ id: 'EndpointList' });

export const deliveryViewSchema = z
  .object({
    object: z.literal('delivery'),
    id: z.string(),
    endpoint_id: z.string(),
    event_id: z.string().describe('The `webhook-id` of every attempt.'),
    event_type: z.enum(EVENT_TYPES),
    state: z.enum(['pending', 'delivered', 'failed']),
    next_attempt_at: time.nullable(),
    created_at: time,
    attempts: z.array(
      z.object({
        number: z.int(),
        ok: z.boolean(),
        status: z.int().nullable().describe('The HTTP status; null when no answer came.'),
        response: z.string().nullable().describe('The first 4 kB of the answer.'),
        error: z.string().nullable().describe('Why no answer came.'),
        duration_ms: z.int(),
        created_at: time,
      }),
    ),
  })
  .meta({ id: 'WebhookDelivery' });

export const deliveryListSchema = listOf(deliveryViewSchema).meta({ id: 'WebhookDeliveryList' });

export const endpointView = (row: EndpointRow): z.infer<typeof endpointViewSchema> => ({
  object: 'endpoint',
  id: publicId('endpoint', row.id),
  url: row.url,
  description: row.description,
  event_types: row.eventTypes,
  state: row.state,
  disabled_because: row.disabledBecause,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});

export const deliveryView = ({ delivery, eventType, attempts }: DeliveryLog): z.infer<typeof deliveryViewSchema> => ({
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
    ok: attempt.ok,
    status: attempt.status,
    response: attempt.response,
    error: attempt.error,
    duration_ms: attempt.durationMs,
    created_at: attempt.createdAt.toISOString(),
  })),
});
