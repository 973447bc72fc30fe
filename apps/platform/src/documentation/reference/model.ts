import type { OpenAPIObject } from '@nestjs/swagger';
import { exampleId, type JsonSchema, type Schemas } from './api-examples.js';

/** The path of the first page. */
export const ROOT = '/docs';

/** Returns the part of an address that stands for a tag. */
export const slugOf = (tag: string): string => tag.toLowerCase().replaceAll(/[^a-z]+/g, '-');

export interface ReadSchema extends JsonSchema {
  readonly description?: string;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, ReadSchema>>;
  readonly items?: ReadSchema;
  readonly anyOf?: readonly ReadSchema[];
  readonly oneOf?: readonly ReadSchema[];
  readonly allOf?: readonly ReadSchema[];
}

export interface Media {
  readonly schema?: ReadSchema;
  readonly example?: unknown;
}

export interface ReadParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: ReadSchema;
}

export interface ReadAnswer {
  readonly status: string;
  readonly description: string;
  readonly content: Readonly<Record<string, Media>>;
}

/** An operation as the pages show it, with its references resolved. */
export interface ReadOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly tag: string;
  /** Names of the kinds of credential that open it; none when it is open to everyone. */
  readonly credentials: readonly string[];
  readonly parameters: readonly ReadParameter[];
  readonly body: (Media & { readonly type: string }) | undefined;
  readonly answers: readonly ReadAnswer[];
  /** Codes of refusals by status. */
  readonly refusals: readonly { readonly status: string; readonly code: string }[];
}

export interface Reference {
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly operations: readonly ReadOperation[];
  readonly schemas: Readonly<Record<string, ReadSchema>>;
}

interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Readonly<Record<string, Media>>;
}

interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags?: readonly string[];
  readonly security: readonly object[];
  readonly parameters?: readonly ReadParameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Answer>>;
}

interface Document {
  readonly tags: Reference['tags'];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, ReadSchema>>;
    readonly responses: Readonly<Record<string, Answer>>;
  };
}

/** Returns the last part of the name that a reference points to. */
export const nameOf = (reference: string): string => decodeURIComponent(reference.split('/').at(-1) ?? '');

/** Extracts the parts of our OpenAPI document that the pages show. */
export function readDocument(document: OpenAPIObject): Reference {
  const { tags, paths, components } = document as unknown as Document;
  const follow = (answer: Answer): Answer =>
    answer.$ref === undefined ? answer : (components.responses[nameOf(answer.$ref)] ?? {});
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => readOperation(method, path, operation, follow)),
  );
  return { tags, operations, schemas: components.schemas };
}

function readOperation(
  method: string,
  path: string,
  operation: Described,
  follow: (answer: Answer) => Answer,
): ReadOperation {
  const answers = Object.entries(operation.responses).map(([status, answer]) => {
    const { description = '', content = {} } = follow(answer);
    return { status, description, content };
  });
  const [body] = Object.entries(operation.requestBody?.content ?? {}).map(([type, media]) => ({ type, ...media }));
  return {
    id: operation.operationId,
    method: method.toUpperCase(),
    path,
    summary: operation.summary,
    description: operation.description,
    tag: operation.tags?.[0] ?? '',
    credentials: operation.security.flatMap((one) => Object.keys(one)),
    parameters: operation.parameters ?? [],
    body,
    answers: answers.filter(({ status }) => status.startsWith('2')),
    refusals: answers
      .filter(({ status }) => /^[45]/.test(status))
      .flatMap(({ status, description }) =>
        [...description.matchAll(/`(\w+)`/g)].map(([, code = '']) => ({ status, code })),
      ),
  };
}

const PARENTS: Readonly<Record<string, string>> = {
  'api-keys': 'api_key',
  endpoints: 'endpoint',
  'support-threads': 'support_thread',
  threads: 'support_thread',
  posts: 'product_post',
  keys: 'licence_key',
  links: 'paid_link',
  workspaces: 'tenant',
  members: 'account',
  deliveries: 'delivery',
  accounts: 'business_connection',
};

/** Returns an example of a parameter, by its schema, its name and the preceding part of the path. */
export function exampleOfParameter({ name, schema }: ReadParameter, path: string): string {
  const known = schema.example ?? schema.examples?.[0] ?? schema.enum?.[0] ?? schema.anyOf?.[0]?.enum?.[0];
  if (known !== undefined) return valueText(known);
  if (name === 'telegram_id' || name === 'buyer_telegram_id') return '123456789';
  if (name === 'unit') return 'scan';
  if (schema.format === 'date') return name === 'to' ? '2026-12-01' : '2026-11-01';
  if (schema.default !== undefined) return valueText(schema.default);
  const before = path.split(`/{${name}}`)[0]?.split('/').at(-1) ?? '';
  const thing =
    name === 'id' ? (PARENTS[before] ?? before.replaceAll('-', '_').replace(/s$/, '')) : name.replace(/_id$/, '');
  return exampleId(thing) ?? (name === 'q' ? 'mira' : `${name.replace(/_id$/, '')}_1`);
}

/** Resolves a reference to the schema that it points to. */
export function resolved(schema: ReadSchema, schemas: Schemas): ReadSchema {
  const { $ref, ...rest } = schema;
  return $ref === undefined ? rest : { ...schemas[nameOf($ref)], ...rest };
}

/** Formats a value for readers: text without quotes, anything else as JSON. */
export const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
