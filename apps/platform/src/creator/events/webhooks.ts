import { EVENT_TYPES } from '#libs/journal';
import { EVENT_REFERENCES } from './event-schemas.js';

/** The document's `webhooks` section: one entry per type of event. */
export const webhooks = () => Object.fromEntries(EVENT_TYPES.map((type) => [type, { post: webhookOf(type) }]));

const webhookOf = (type: (typeof EVENT_TYPES)[number]) => ({
  operationId: `receive_${type.replace('.', '_')}`,
  summary: `Receive ${type}`,
  description:
    'Posted to every endpoint that subscribes to this type, signed according to Standard Webhooks 1.0.0. Verify the signature before you trust it.',
  tags: ['Events'],
  security: [],
  parameters: HEADERS,
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: {
          allOf: [
            { $ref: EVENT_REFERENCES[type] },
            { type: 'object', properties: { type: { type: 'string', const: type } }, required: ['type'] },
          ],
        },
      },
    },
  },
  responses: {
    '2XX': {
      description: 'You have received it. After any other response, including redirects, it is sent again later.',
    },
    '410': { description: 'You want no more events: disables the endpoint.' },
  },
});

const header = (name: string, description: string) => ({
  name,
  in: 'header' as const,
  required: true,
  description,
  schema: { type: 'string' },
});

const HEADERS = [
  header('webhook-id', 'The id of the event, the same for every attempt: store it to handle each event once.'),
  header('webhook-timestamp', 'The time of the signature, in seconds since 1970.'),
  header('webhook-signature', '`v1,` and the signature; two of them while a secret is rotated.'),
];
