import { z } from 'zod';
import { EVENT_TYPES } from '#libs/journal';
import { DomainError } from '#libs/kernel';
import { createdFilters, idOf, listOf, listQuery } from '../../http/schema.js';
import { eventSchema, MORE_MAY_FOLLOW } from './event-schemas.js';
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
      .describe(
        'Only this endpoint, regardless of its filter. If omitted, every enabled or paused endpoint that subscribes to it.',
      ),
  })
  .meta({ id: 'ResendEvent' });
export type ResendEvent = z.infer<typeof resendEventSchema>;

export const triggerSchema = z.strictObject({ type: z.enum(EVENT_TYPES) }).meta({ id: 'TriggerEvent' });
export type Trigger = z.infer<typeof triggerSchema>;

export const triggeredSchema = z
  .object({
    object: z.literal('triggered'),
    event_id: z.string().describe('The `webhook-id` of the test event.'),
    count: z.int().describe('The number of endpoints to which it is being sent.'),
  })
  .meta({ id: 'TriggeredEvent' });

export class TestModeOnly extends DomainError {
  static readonly code = 'test_mode_only';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Send an `endpoint.test` with POST /v1/endpoints/{id}/test instead, or use an installation with the simulator.';

  constructor() {
    super('Test events of this type are not sent where Stars are real.');
  }
}

export const fullEventViewSchema = z
  .intersection(
    eventSchema,
    z
      .object({
        deliveries: z.array(deliveryViewSchema).describe('The endpoints to which it was sent, and the results.'),
      })
      .meta(MORE_MAY_FOLLOW),
  )
  .meta({ id: 'EventWithDeliveries' });

export const eventListSchema = listOf(eventSchema).meta({ id: 'EventList' });
