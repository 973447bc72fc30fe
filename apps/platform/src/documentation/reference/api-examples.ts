import { ID_PREFIXES, type IdKind, publicId } from '#libs/kernel';

/** The parts of a JSON Schema that are used here. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  /** The converter to OpenAPI 3.0 creates it from the first of `examples`. */
  readonly example?: unknown;
  readonly default?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly minLength?: number;
  readonly format?: string;
}

export type Schemas = Readonly<Record<string, JsonSchema>>;

const UUID = '019a7c1e-5d00-7000-8000-00000000002a';
const id = (kind: IdKind) => publicId(kind, UUID);

const KINDS = Object.keys(ID_PREFIXES) as IdKind[];

/** Returns an example id of a kind of object (`product_post`); undefined if the kind has no ids. */
export function exampleId(thing: string): string | undefined {
  const kind = KINDS.find((one) => one.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) === thing);
  return kind === undefined ? undefined : id(kind);
}

/** Example values for fields by name, wherever they occur. A schema's own `examples` take precedence. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  email: 'me@example.com',
  password: 'correct horse battery',
  current_password: 'correct horse battery',
  new_password: 'staple correct horse',
  workspace: 'My shop',
  refresh_token: 'swr_...',
  name: 'My server',
  title: 'A secret',
  description: 'One good sentence.',
  content: 'Be kind.',
  reason: 'As the buyer asked.',
  text: 'Thank you for asking. It is on its way.',
  url: 'https://shop.example.com/webhooks',
  stars: 50,
  amount: 10,
  telegram_id: 123456789,
  buyer_telegram_id: 123456789,
  username: 'my_shop_bot',
};

/** Example bodies for schemas whose required fields alone would not be a sensible request. */
const BY_SCHEMA: Readonly<Record<string, object>> = {
  RegisterBot: { token: '123456789:AAExampleExampleExampleExampleExamp' },
  RotateToken: { token: '123456789:AANewExampleNewExampleNewExampleNew' },
  CreateProduct: {
    bot_id: id('bot'),
    kind: 'text',
    title: 'A secret',
    description: 'One good sentence.',
    stars: 50,
    content: 'Be kind.',
  },
  UpdateProduct: { stars: 75 },
  UpdateEndpoint: { state: 'paused' },
};

/** Returns an example that the schema accepts: its required fields, and whatever a sensible request needs. */
export function exampleOf(schema: JsonSchema, schemas: Schemas, name = ''): unknown {
  const reference = schema.$ref?.split('/').at(-1);
  if (reference !== undefined) return BY_SCHEMA[reference] ?? exampleOf(schemas[reference] ?? {}, schemas, name);
  const own = schema.examples?.[0] ?? schema.example;
  if (own !== undefined) return own;
  if (schema.const !== undefined) return schema.const;
  if (schema.allOf !== undefined)
    return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, schemas, name))) as unknown;
  const [variant] = schema.anyOf ?? schema.oneOf ?? [];
  if (schema.enum !== undefined) return schema.enum[0];
  const named = BY_NAME[name];
  const type = typeOf(schema) ?? typeOf(variant ?? {});
  if (named !== undefined && (type === undefined || fits(named, type))) return named;
  if (schema.default !== undefined) return schema.default;
  if (isNullable(schema)) return null;
  if (variant !== undefined) return exampleOf(variant, schemas, name);
  if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 1, 1);
  if (type === 'boolean') return true;
  if (type === 'array') return schema.items === undefined ? [] : [exampleOf(schema.items, schemas, name)];
  if (type === 'string')
    return (name.endsWith('_id') ? exampleId(name.slice(0, -3)) : undefined) ?? textOf(schema, name);
  const fields = (schema.required ?? []).map((field) => [
    field,
    exampleOf(schema.properties?.[field] ?? {}, schemas, field),
  ]);
  const example = Object.fromEntries(fields) as Record<string, unknown>;
  // A resource names its kind in `object`, and has an id of that kind.
  return typeof example['id'] === 'string'
    ? { ...example, id: exampleId(String(example['object'])) ?? example['id'] }
    : example;
}

const isNullable = ({ type, anyOf = [] }: JsonSchema) =>
  (Array.isArray(type) && type.includes('null')) || anyOf.some((one) => one.type === 'null');

function typeOf({ type }: JsonSchema): string | undefined {
  return typeof type === 'object' ? type[0] : type;
}

function fits(value: unknown, type: string): boolean {
  return typeof value === (type === 'integer' ? 'number' : type);
}

function textOf(schema: JsonSchema, name: string): string {
  if (schema.format === 'date-time') return '2026-12-01T00:00:00Z';
  if (schema.format === 'date') return '2026-12-01';
  if (schema.format === 'email') return 'me@example.com';
  const text = name === '' ? 'text' : name;
  return text.padEnd(schema.minLength ?? 0, '.');
}
