import { z } from 'zod';
import { EVENT_TYPES } from '#libs/journal';
import { DomainError } from '#libs/kernel';
import { createdFilters, idOf, listOf, listQuery } from '../../http/schema.js';
import { deliveryViewSchema } from '../endpoints/endpoints.schema.js';

export const listEventsSchema = listQuery('event', {
  type: z.enum(EVENT_TYPES).optional(),
  order_id: idOf('order').optional(),
  ...createdFilters,
});
export type ListEvents = z.infer<typeof listEventsSchema>;

export const resendEventSchema = z
  .strictObject({
    endpoint_id: idOf('endpoint')
      .optional()
      .describe('Only this one, whatever its filter says. Left out: every endpoint that wants it and is not disabled.'),
  })
  .meta({ id: 'ResendEvent' });
export type ResendEvent = z.infer<typeof resendEventSchema>;

export const triggerSchema = z.strictObject({ type: z.enum(EVENT_TYPES) }).meta({ id: 'TriggerEvent' });
export type Trigger = z.infer<typeof triggerSchema>;

export const triggeredSchema = z
  .object({
    object: z.literal('triggered'),
    event_id: z.string().describe('The `webhook-id` to look out for.'),
    count: z.int().describe('Endpoints to which it is under way.'),
  })
  .meta({ id: 'TriggeredEvent' });

export class TestModeOnly extends DomainError {
  static readonly code = 'test_mode_only';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Send an `endpoint.test` with POST /v1/endpoints/{id}/test instead, or use an installation with the simulator.';

  constructor() {
    super('Events that did not happen are not sent where Stars are real.');
  }
}

export const eventViewSchema = z
  .object({
    object: z.literal('event'),
    id: z.string(),
    type: z.enum(EVENT_TYPES),
    timestamp: z.iso.datetime(),
    livemode: z
      .boolean()
      .describe('Whether real Stars are concerned: false with the simulator and for bots of the test environment.'),
    sequence: z
      .int()
      .optional()
      .describe('Events of one order are numbered from 1, because webhooks may overtake each other.'),
    data: z.record(z.string(), z.unknown()).describe('The object as it was right after the event.'),
    previous_attributes: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('For changes: the former values of what changed.'),
  })
  .meta({ id: 'Event', description: 'Also the body of every webhook.' });

export const fullEventViewSchema = eventViewSchema
  .extend({ deliveries: z.array(deliveryViewSchema).describe('To whom it was sent, and with what success.') })
  .meta({ id: 'EventWithDeliveries' });

export const eventListSchema = listOf(eventViewSchema).meta({ id: 'EventList' });
