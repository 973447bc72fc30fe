import { ID_PREFIXES, newUuid, publicId } from '#libs/kernel';
import type { Api, Operation } from './openapi.js';

/** A request that no well-meaning client would send. */
export interface Hostile {
  readonly what: string;
  readonly url: string;
  readonly body?: string;
  readonly contentType?: string;
  /** True if it must be refused. If missing, a documented success is allowed, too. */
  readonly refused?: true;
}

/** Public ids by their prefix. */
export type Ids = ReadonlyMap<string, string>;

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const LONG = 'x'.repeat(70_000);
const SENTINELS: readonly unknown[] = [
  null,
  -1,
  2 ** 53,
  1e308,
  '',
  LONG,
  'a\u0000b',
  'a\ud800b',
  `'; drop table orders; --`,
  [[[[{}]]]],
  { a: { b: { c: 'a\u0000\ud800' } } },
];

/** Fields that only a few routes accept: columns of rows, and parameters of the Bot API. */
const UNEXPECTED = ['surprise', 'id', 'tenant_id', 'state', 'role', 'created_at', 'parse_mode', 'allow_paid_broadcast'];

const json = (value: unknown) => JSON.stringify(value);

/** Returns bodies that are not a JSON object, or not readable at all. */
function wholeBodies(url: string): Hostile[] {
  const bodies: readonly [what: string, body: string, contentType?: string][] = [
    ['an array', '[]'],
    ['a text', '"text"'],
    ['a number', '5'],
    ['null', 'null'],
    ['half an object', '{"a":'],
    ['no JSON', 'hello'],
    ['nothing', ''],
    ['a poisoned prototype', '{"__proto__":{"admin":true}}'],
    ['ten thousand brackets', nested(10_000)],
    ['more than 100 KiB', json({ text: 'x'.repeat(101 * 1024) })],
    ['XML', '<a/>', 'application/xml'],
    ['a form', 'a=b', 'application/x-www-form-urlencoded'],
  ];
  return bodies.map(([what, body, contentType]) => ({
    what,
    url,
    body,
    ...(contentType === undefined ? {} : { contentType }),
    refused: true,
  }));
}

function bodiesOf(api: Api, operation: Operation, url: string, base: Readonly<Record<string, unknown>>): Hostile[] {
  const schema = api.resolve(operation.requestBody?.content['application/json']?.schema ?? {});
  const fields = Object.keys(schema.properties ?? {});
  const required = schema.required ?? [];
  return [
    ...wholeBodies(url),
    ...UNEXPECTED.filter((name) => !fields.includes(name)).map((name) => ({
      what: `an unknown field: ${name}`,
      url,
      body: json({ ...base, [name]: 1 }),
      refused: true as const,
    })),
    ...required.map((name) => ({
      what: `without ${name}`,
      url,
      body: json({ ...base, [name]: undefined }),
      refused: true as const,
    })),
    ...fields.flatMap((name) =>
      SENTINELS.map((value) => ({
        what: `${name}: ${json(value).slice(0, 30)}`,
        url,
        body: json({ ...base, [name]: value }),
      })),
    ),
  ];
}

const QUERIES = [
  '',
  'x',
  '-1',
  '0',
  '1e999',
  '%00',
  '%ed%a0%80',
  '9'.repeat(30),
  'y'.repeat(3_000),
  '%27%20or%201=1--',
];

function queriesOf(operation: Operation, url: string): Hostile[] {
  const names = (operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name);
  return [
    ...names.flatMap((name) =>
      QUERIES.map((value) => ({ what: `?${name}=${value.slice(0, 20)}`, url: `${url}?${name}=${value}` })),
    ),
    ...names.map((name) => ({ what: `?${name} twice`, url: `${url}?${name}=a&${name}=b`, refused: true as const })),
    ...(names.length === 0 ? [] : [{ what: 'an unknown filter', url: `${url}?surprise=1`, refused: true as const }]),
  ];
}

const SEGMENTS = [
  'x',
  '%00',
  '..%2f..%2fetc',
  '-1',
  '1.5',
  '9'.repeat(30),
  'y'.repeat(3_000),
  '%ed%a0%80',
  '%F0%9F%A7%A1',
];

function pathsOf(operation: Operation, own: Ids, others: Ids): Hostile[] {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name));
  const strangers = names.length === 0 ? [] : [...others.values(), ...Object.keys(ID_PREFIXES).map(unknownId)];
  const body = bodyText(operation);
  const sent = body === undefined ? {} : { body };
  return names.flatMap((name) => [
    ...SEGMENTS.map((value) => ({
      what: `${name}=${value.slice(0, 20)}`,
      url: addressOf(operation, own, { [name]: value }),
      ...sent,
    })),
    ...strangers.flatMap((id) =>
      kindOfParameter(operation, name) === id.split('_')[0]
        ? [
            {
              what: `${name} of another tenant or unknown: ${id}`,
              url: addressOf(operation, own, { [name]: id }),
              ...sent,
              refused: true as const,
            },
          ]
        : [],
    ),
  ]);
}

const unknownId = (kind: string) => publicId(kind as keyof typeof ID_PREFIXES, newUuid());

/** Derives the id prefix of a parameter from the resource before it: /v1/orders/{id} takes `ord`. */
function kindOfParameter({ path }: Operation, name: string): string {
  const before =
    path
      .slice(0, path.indexOf(`{${name}}`))
      .split('/')
      .at(-2) ?? '';
  const kinds: Readonly<Record<string, keyof typeof ID_PREFIXES>> = {
    'api-keys': 'apiKey',
    members: 'account',
    'credit-reservations': 'creditReservation',
    'support-threads': 'supportThread',
    messages: 'supportMessage',
    deliveries: 'delivery',
    accounts: 'staff',
    'audit-entries': 'auditEntry',
    'promo-codes': 'promoCode',
    'business-connections': 'businessConnection',
    keys: 'licenceKey',
    'paid-links': 'paidLink',
    'telegram-links': 'telegramLink',
    'bot-imports': 'botImport',
    'order-views': 'orderView',
    'buyer-views': 'buyerView',
  };
  const kind = kinds[before] ?? (before.replace(/s$/, '') as keyof typeof ID_PREFIXES);
  return ID_PREFIXES[kind] ?? 'unknown';
}

/** Fills the path with this tenant's ids if it has some, otherwise with the given values. */
function addressOf(operation: Operation, own: Ids, wanted: Readonly<Record<string, string>> = {}): string {
  return operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const kind = kindOfParameter(operation, name);
    const fallback = name === 'unit' ? 'scan' : kind === 'unknown' ? '4242' : `${kind}_${'0'.repeat(26)}`;
    return wanted[name] ?? own.get(kind) ?? fallback;
  });
}

function bodyText(operation: Operation): string | undefined {
  const media = operation.requestBody?.content['application/json'];
  return media === undefined ? undefined : json(media.example);
}

/** Returns all hostile requests that can be derived from an operation's description. */
export function hostileRequests(api: Api, operation: Operation, own: Ids, others: Ids): Hostile[] {
  const url = addressOf(operation, own);
  const example = operation.requestBody?.content['application/json']?.example as Record<string, unknown> | undefined;
  const base = Object.fromEntries(
    Object.entries(example ?? {}).map(([name, value]) => [name, own.get(String(value).split('_')[0] ?? '') ?? value]),
  );
  const strange = Object.entries(base).flatMap(([name, value]) => {
    const id = others.get(String(value).split('_')[0] ?? '');
    return id === undefined || !name.endsWith('_id')
      ? []
      : [{ what: `${name} of another tenant`, url, body: json({ ...base, [name]: id }), refused: true as const }];
  });
  return [
    ...(example === undefined ? [] : [...bodiesOf(api, operation, url, base), ...strange]),
    ...queriesOf(operation, url),
    ...pathsOf(operation, own, others),
  ];
}

/** Returns a valid request, as documented. @param wanted values of parameters that are not ids */
export const plainRequest = (operation: Operation, own: Ids, wanted: Readonly<Record<string, string>> = {}) => ({
  url: addressOf(operation, own, wanted),
  body: bodyText(operation),
});
