import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { exampleOf, type JsonSchema, type Schemas } from './reference/api-examples.js';
import { webhooks } from '../creator/events/webhooks.js';
import { API_HEADERS, type Headers, headersOf } from './api-headers.js';
import { type Refused, refusalsOf } from './api-refusals.js';
import { API_TAGS } from './api-tags.js';
import { type Audience, SHOWN_AUDIENCE } from '../http/audience.js';
import { IDEMPOTENCY_KEY, KEY_IGNORED } from '../http/idempotency.js';
import { documentLivemode } from '../http/livemode.js';
import { operationId } from '../http/operation.js';
import { PROBLEM_CONTENT, withProblems } from '../http/problems.js';
import { DECLARED, type Refusals } from '../http/refuses.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

interface Media {
  schema?: JsonSchema;
  example?: unknown;
}

interface Answer {
  description: string;
  content?: Record<string, Media>;
  headers?: Headers;
}

/** A reference to a response that many operations share. */
interface Reference {
  readonly $ref: string;
}

/** Refusals with one status, which many operations refer to. */
interface RefusedAnswer {
  readonly description: string;
  readonly headers: Headers;
  readonly content: typeof PROBLEM_CONTENT;
}

interface Bounds {
  readonly minimum?: number;
  readonly exclusiveMinimum?: boolean;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Bounds;
}

/** The parts of an operation that are completed here. */
export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags?: string[];
  security?: object[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
  [KEY_IGNORED]?: true;
  [DECLARED]?: Refusals;
  [SHOWN_AUDIENCE]?: Audience;
  responses: Record<string, Answer | Reference>;
}

/**
 * The API as OpenAPI 3.1, from the routes of a running application, or of one that was created with `preview: true`.
 */
export function apiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Starwall')
    .setDescription(ABOUT)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'The address of this document.')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'An access token, from signing up, logging in or refreshing. It is valid for 15 minutes.',
      },
      'access_token',
    )
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'An API key: `sw_live_...` or `sw_test_...`.' },
      'api_key',
    )
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description:
          "An access token of the platform's staff, from confirming a second factor. It is valid for 15 minutes.",
      },
      'staff_token',
    );
  const found = SwaggerModule.createDocument(app, builder.build(), { operationIdFactory: operationId });
  const document = documentLivemode(withProblems(found));
  const schemas = (document.components?.schemas ?? {}) as Schemas;
  const used = new Set<string>();
  const refused: Record<string, RefusedAnswer> = {};
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method] as unknown as Operation | undefined;
      if (operation === undefined) continue;
      Object.assign(refused, complete(method, path, operation, schemas));
      for (const tag of operation.tags ?? []) used.add(tag);
    }
  }
  const known = Object.entries(API_TAGS).filter(([name]) => used.has(name));
  const responses = Object.fromEntries(Object.entries(refused).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const components = { ...document.components, headers: API_HEADERS, responses };
  return {
    ...document,
    components,
    webhooks: webhooks(),
    tags: known.map(([name, description]) => ({ name, description })),
  };
}

const ABOUT =
  'A hosted paywall for Telegram bots. Register your bot, describe what you sell, and get an event for ' +
  'every sale. Amounts are whole Telegram Stars. Errors are problem documents (RFC 9457) with a `code` ' +
  'to switch on and a `remedy`; docs/errors.md explains every code. Every response has a `Request-Id`. ' +
  'Lists are paged, newest first.';

/**
 * Adds everything that operations share, so that new routes are fully described automatically.
 * @returns the refusals to which it refers, by name
 */
function complete(method: string, path: string, operation: Operation, schemas: Schemas): Record<string, RefusedAnswer> {
  const { [SHOWN_AUDIENCE]: audience, [DECLARED]: declared = [] } = operation;
  operation.description = [operation.description ?? `${operation.summary}.`, neededFor(audience)].join(' ').trim();
  const writes = method !== 'get';
  if (operation.security === undefined) operation.security = [];
  else if (writes && audience?.kind !== 'staff' && operation[KEY_IGNORED] !== true)
    operation.parameters = withIdempotencyKey(operation.parameters ?? []);
  delete operation[KEY_IGNORED];
  delete operation[SHOWN_AUDIENCE];
  delete operation[DECLARED];
  operation.parameters = (operation.parameters ?? []).map(({ description, schema, ...rest }) => ({
    ...rest,
    description: description ?? PARAMETERS[rest.name] ?? `The ${rest.name.replaceAll('_', ' ')}.`,
    schema: modern(schema ?? {}),
  }));
  showExamples(operation.requestBody?.content, schemas);
  const good = Object.entries(operation.responses) as [string, Answer][];
  for (const [status, answer] of good) {
    answer.description ||= `${operation.summary}.`;
    answer.headers = { ...answer.headers, ...headersOf(status, operation) };
    showExamples(answer.content, schemas);
  }
  const { parameters, requestBody } = operation;
  const takes = Object.keys(requestBody?.content ?? {});
  const answers = good.flatMap(([, { content = {} }]) => Object.keys(content));
  const refusals = refusalsOf({ method, path, audience, declared, parameters, takes, answers });
  return referTo([...refusals, ANY_OTHER], operation);
}

/** Describes the scope or permission that a credential needs. */
function neededFor(audience: Audience | undefined): string {
  if (audience?.kind === 'creator') return `Needs the scope \`${audience.scope}\`.`;
  return audience?.kind === 'staff' ? `Needs the permission \`${audience.permission}\`.` : '';
}

const ANY_OTHER: Refused = { status: 'default', name: 'refused', codes: [] };

/**
 * Makes an operation refer to its refusals. Requests without a credential are not counted, so the same refusal may have
 * other headers.
 */
function referTo(refusals: readonly Refused[], operation: Operation): Record<string, RefusedAnswer> {
  const isOpen = (operation.security ?? []).length === 0;
  const described = refusals.map(({ status, name, codes }) => {
    const full = isOpen ? `${name}.open` : name;
    operation.responses[status] = { $ref: `#/components/responses/${full}` };
    const list = `Codes: ${codes.map((code) => `\`${code}\``).join(', ')}.`;
    const description = codes.length === 0 ? 'Refused; `code` says why.' : list;
    return [full, { description, headers: headersOf(status, operation), content: PROBLEM_CONTENT }] as const;
  });
  return Object.fromEntries(described);
}

function showExamples(content: Record<string, Media> | undefined, schemas: Schemas): void {
  for (const media of Object.values(content ?? {})) {
    if (media.schema !== undefined && media.example === undefined) media.example = exampleOf(media.schema, schemas);
  }
}

/** Converts the bounds of parameters, which Nest writes as in OpenAPI 3.0, to the numbers of 3.1. */
function modern({ exclusiveMinimum, minimum, ...rest }: Bounds): object {
  if (exclusiveMinimum === true) return { ...rest, exclusiveMinimum: minimum };
  return minimum === undefined ? rest : { ...rest, minimum };
}

const PARAMETERS: Readonly<Record<string, string>> = {
  id: 'The id, as shown in other responses.',
  limit: 'Maximum number of items.',
  starting_after: 'The last id of the previous page.',
  bot: "The bot's id.",
  bot_id: 'Only for this bot.',
  product_id: 'Only for this product.',
  order_id: 'Only for this order.',
  state: 'Only in this state.',
  telegram_id: "The buyer's Telegram id.",
  buyer_telegram_id: 'Only of the buyer with this Telegram id.',
};

/**
 * Adds the Idempotency-Key, which every write of a creator accepts (idempotency.interceptor.ts) unless its route
 * ignores it.
 */
function withIdempotencyKey(parameters: readonly Parameter[]): Parameter[] {
  if (parameters.some((one) => one.name === IDEMPOTENCY_KEY)) return [...parameters];
  const description = 'Repeating the request with the same key within 24 hours returns the first response.';
  const schema: object = { type: 'string', minLength: 1, maxLength: 255 };
  return [...parameters, { name: IDEMPOTENCY_KEY, in: 'header', required: false, description, schema }];
}
