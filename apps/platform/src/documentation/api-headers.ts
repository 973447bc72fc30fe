import { IDEMPOTENCY_KEY } from '../http/idempotency.js';

/** Where a header of an answer is described. */
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

/** The headers of answers, described once for all operations: `components.headers`. */
export const API_HEADERS: Readonly<Record<string, object>> = {
  'Request-Id': {
    description: 'Names this request in our log; mention it when you write to support.',
    schema: { type: 'string' },
    example: 'req_01kaz1rq80e0080000000002na',
  },
  'RateLimit-Limit': whole('Requests that this credential may send in a minute.', 300),
  'RateLimit-Remaining': whole('How many of them are left.', 299),
  'RateLimit-Reset': whole('Seconds until all of them are there again.', 60),
  'Retry-After': whole('Seconds after which it is worth trying again. Always there with 429.', 60),
  'Idempotent-Replayed': {
    description: 'Only when this is the answer that an earlier request with the same Idempotency-Key got.',
    schema: { type: 'string', const: 'true' },
    example: 'true',
  },
};

const refs = (...names: readonly string[]): Headers =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** The headers of an answer with this status (`default`: any other) of an operation. */
export function headersOf(status: string, { security = [], parameters = [] }: Described): Headers {
  const keyed = parameters.some(({ name }) => name === IDEMPOTENCY_KEY);
  // Whoever is not known is not counted.
  const counted = security.length > 0 && status !== '401';
  return {
    ...refs('Request-Id'),
    ...(counted ? refs('RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset') : {}),
    ...(status === '429' || status === '503' ? refs('Retry-After') : {}),
    ...(keyed && status.startsWith('2') ? refs('Idempotent-Replayed') : {}),
  };
}
