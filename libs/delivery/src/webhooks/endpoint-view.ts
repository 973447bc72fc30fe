import { z } from 'zod';
import { EVENT_TYPES } from '#libs/journal';
import { publicId, type Shown, shownNotes, shownTime, timeOrNull } from '#libs/kernel';
import { ENDPOINT_STATES, type EndpointFacts, type EndpointState } from './endpoint.js';

const STATES = Object.keys(ENDPOINT_STATES) as [EndpointState, ...EndpointState[]];

export const endpointViewSchema = z
  .object({
    object: z.literal('endpoint'),
    id: z.string(),
    url: z.string(),
    description: z.string().nullable(),
    event_types: z.array(z.enum(EVENT_TYPES)),
    state: z
      .enum(STATES)
      .describe(
        '`disabled`: Starwall has stopped calling it; see `disabled_because`. PATCH it to `enabled` once it is fixed.',
      ),
    disabled_because: z.string().nullable(),
    failing_since: shownTime
      .nullable()
      .describe('The first failure after the last success. After five days of continuous failure it is disabled.'),
    failure: z.string().nullable().describe('The reason why the latest attempt failed; null after a success.'),
    previous_secret_expires_at: shownTime
      .nullable()
      .describe('After a rotation: until then everything is also signed with the previous secret.'),
    metadata: shownNotes,
    created_at: shownTime,
    updated_at: shownTime,
  })
  .meta({ id: 'Endpoint' });

/** An endpoint as the API and events show it. */
export const endpointView = (endpoint: EndpointFacts): Shown<typeof endpointViewSchema> => ({
  object: 'endpoint' as const,
  id: publicId('endpoint', endpoint.id),
  url: endpoint.url,
  description: endpoint.description,
  event_types: [...endpoint.eventTypes],
  state: endpoint.state,
  disabled_because: endpoint.disabledBecause,
  failing_since: timeOrNull(endpoint.failingSince),
  failure: endpoint.failure,
  previous_secret_expires_at: timeOrNull(endpoint.previousSecretUntil),
  metadata: endpoint.metadata,
  created_at: endpoint.createdAt.toISOString(),
  updated_at: endpoint.updatedAt.toISOString(),
});
