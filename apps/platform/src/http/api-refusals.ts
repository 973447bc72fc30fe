import type { Refusals } from './api-tag.js';
import { API_TAGS } from './api-tags.js';
import { IDEMPOTENCY_KEY } from './idempotency.js';

/** What is asked of an operation to know how it may refuse. */
interface Route {
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, unknown>> };
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

const INPUT: Refusals = [
  [400, 'invalid_request'],
  [400, 'malformed_path'],
];
const BODY: Refusals = [
  [400, 'malformed_body'],
  [413, 'body_too_large'],
  [415, 'unsupported_media_type'],
];
const CREDENTIAL: Refusals = [
  [401, 'unauthenticated'],
  [403, 'missing_scope'],
  [429, 'rate_limited'],
  [429, 'too_many_at_once'],
];
const STAFF: Refusals = [
  [401, 'unauthenticated'],
  [403, 'missing_permission'],
  [429, 'rate_limited'],
  [429, 'too_many_at_once'],
];
const STRANGER: Refusals = [[429, 'rate_limited']];
const UPLOAD: Refusals = [[429, 'too_many_uploads']];
const DOWNLOAD: Refusals = [[429, 'too_many_downloads']];
/** What is sent while it is made or read (concurrency.interceptor.ts). */
const DOWNLOADED = ['application/octet-stream', 'application/x-ndjson', 'application/zip', 'text/csv'];
const KEYED: Refusals = [
  [400, 'idempotency_key_invalid'],
  [409, 'request_in_progress'],
  [422, 'idempotency_mismatch'],
];

/** The codes with which an operation may refuse, by status in rising order: what its kind has in common, and what its tag adds. */
export function refusalsOf(method: string, path: string, route: Route): [status: string, codes: string[]][] {
  const writes = method !== 'get';
  const closed = (route.security ?? []).length > 0;
  const forStaff = (route.security ?? []).some((one) => 'staff_token' in one);
  const parameters = route.parameters ?? [];
  const tag = API_TAGS[route.tags?.[0] ?? ''];
  const all: Refusals = [
    ...(parameters.some((one) => one.in !== 'header') || route.requestBody !== undefined ? INPUT : []),
    ...(writes ? BODY : []),
    ...(forStaff ? STAFF : closed ? CREDENTIAL : STRANGER),
    ...(parameters.some((one) => one.name === IDEMPOTENCY_KEY) ? KEYED : []),
    ...(isUpload(route) ? UPLOAD : []),
    ...(isDownload(route) ? DOWNLOAD : []),
    ...(parameters.some((one) => one.in === 'header' && one.required === true)
      ? ([[400, 'idempotency_key_required']] as const)
      : []),
    ...(path.includes('{') || route.requestBody !== undefined ? ([[404, 'not_found']] as const) : []),
    ...((writes ? tag?.writes : tag?.reads) ?? []),
  ];
  const statuses = [...new Set(all.map(([status]) => status))].toSorted((a, b) => a - b);
  return statuses.map((status) => [
    String(status),
    [...new Set(all.flatMap(([one, code]) => (one === status ? [code] : [])))],
  ]);
}

const isUpload = ({ requestBody }: Route) => 'multipart/form-data' in (requestBody?.content ?? {});

const isDownload = ({ responses = {} }: Route) =>
  Object.keys(responses['200']?.content ?? {}).some((type) => DOWNLOADED.includes(type));
