import { AS_OF } from '../http/as-of.js';
import { IDEMPOTENCY_KEY } from '../http/idempotency.js';

/** A reference to the description of a header. */
interface HeaderRef {
  readonly $ref: string;
}
export type Headers = Record<string, HeaderRef>;

interface Described {
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string }[];
}

const whole = (description: string, example: number) => ({
  description,
  schema: { type: 'integer', minimum: 0 },
  example,
});

/** The response headers, described once for all operations: `components.headers`. */
export const API_HEADERS: Readonly<Record<string, object>> = {
  'Request-Id': {
    description: 'Identifies this request in our log; mention it when you write to support.',
    schema: { type: 'string' },
    example: 'req_01kaz1rq80e0080000000002na',
  },
  'RateLimit-Limit': whole('Requests that this credential may send per minute.', 300),
  'RateLimit-Remaining': whole('The number of requests left.', 299),
  'RateLimit-Reset': whole('Seconds until the full number is available again.', 60),
  'Retry-After': whole('Seconds after which a retry makes sense. Always present with 429.', 60),
  [AS_OF]: {
    description: 'The report contains everything until then. Usually a moment ago; at most half a minute by default.',
    schema: { type: 'string', format: 'date-time' },
    example: '2026-12-01T00:00:00.000Z',
  },
  'Idempotent-Replayed': {
    description: 'Only if this is the response to an earlier request with the same Idempotency-Key.',
    schema: { type: 'string', const: 'true' },
    example: 'true',
  },
};

const refs = (...names: readonly string[]): Headers =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** Returns the headers of an operation's response with this status (`default`: any other). */
export function headersOf(status: string, { security = [], parameters = [] }: Described): Headers {
  const keyed = parameters.some(({ name }) => name === IDEMPOTENCY_KEY);
  // Requests without a valid credential are not counted.
  const counted = security.length > 0 && status !== '401';
  return {
    ...refs('Request-Id'),
    ...(counted ? refs('RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset') : {}),
    ...(status === '429' || status === '503' ? refs('Retry-After') : {}),
    ...(keyed && status.startsWith('2') ? refs('Idempotent-Replayed') : {}),
  };
}
