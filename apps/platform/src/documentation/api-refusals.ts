import { DatabaseAway, DatabaseBusy, DatabaseFull } from '#libs/database';
import { NotFound } from '#libs/kernel';
import { CONFIGURES, IMPERSONATION_SCOPES, TenantRestricted } from '#libs/tenants';
import type { Audience } from '../http/audience.js';
import { TooManyAtOnce, TooManyDownloads, TooManyUploads } from '../http/concurrency.interceptor.js';
import {
  IDEMPOTENCY_KEY,
  IdempotencyKeyInvalid,
  IdempotencyKeyRequired,
  IdempotencyMismatch,
  RequestInProgress,
} from '../http/idempotency.js';
import { RateLimited } from '../http/rate-limits.js';
import { BY_STATUS } from '../http/refusal.filter.js';
import {
  ImpersonationReadOnly,
  InvalidRequest,
  MalformedPath,
  MissingPermission,
  MissingScope,
  Unauthenticated,
} from '../http/refusals.js';
import { codesOf, type Refusals } from '../http/refuses.js';

/** The facts about an operation that determine its refusals. */
export interface RouteFacts {
  readonly method: string;
  readonly path: string;
  readonly audience: Audience | undefined;
  /** Refusals that the route itself declares. */
  readonly declared: Refusals;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  /** Content types. */
  readonly takes: readonly string[];
  readonly answers: readonly string[];
}

/** Refusals that a kind of routes shares, under a name for its codes. */
interface Group {
  readonly name: string;
  readonly refusals: Refusals;
  readonly of: (route: RouteFacts) => boolean;
}

const writes = ({ method }: RouteFacts) => method !== 'get';
const isFor =
  <Kind extends Audience['kind']>(kind: Kind, test: (audience: Extract<Audience, { kind: Kind }>) => boolean) =>
  ({ audience }: RouteFacts) =>
    audience?.kind === kind && test(audience as Extract<Audience, { kind: Kind }>);
const header = (test: (one: RouteFacts['parameters'][number]) => boolean) => (route: RouteFacts) =>
  route.parameters.some((one) => one.in === 'header' && one.name === IDEMPOTENCY_KEY && test(one));

/** Types of responses that are generated or read while they are sent (concurrency.interceptor.ts). */
const DOWNLOADED = ['application/octet-stream', 'application/x-ndjson', 'application/zip', 'text/csv'];
const ofBody = [400, 413, 415].map((status) => [status, String(BY_STATUS[status]?.[0])] as const);

const GROUPS: readonly Group[] = [
  { name: 'input', refusals: codesOf([InvalidRequest]), of: () => true },
  { name: 'path', refusals: codesOf([MalformedPath]), of: ({ path }) => path.includes('{') },
  { name: 'body', refusals: ofBody, of: writes },
  {
    name: 'creator',
    refusals: codesOf([Unauthenticated, MissingScope, RateLimited, TooManyAtOnce]),
    of: isFor('creator', () => true),
  },
  {
    name: 'looking',
    refusals: codesOf([ImpersonationReadOnly]),
    of: (route) => isFor('creator', ({ scope }) => writes(route) || !IMPERSONATION_SCOPES.includes(scope))(route),
  },
  {
    name: 'locked',
    refusals: codesOf([TenantRestricted]),
    of: isFor('creator', ({ scope, whenLocked }) => CONFIGURES.includes(scope) && whenLocked !== 'open'),
  },
  {
    name: 'staff',
    refusals: codesOf([Unauthenticated, MissingPermission, RateLimited, TooManyAtOnce]),
    of: isFor('staff', () => true),
  },
  { name: 'stranger', refusals: codesOf([RateLimited]), of: isFor('public', ({ limited }) => limited) },
  {
    name: 'key',
    refusals: codesOf([IdempotencyKeyInvalid, RequestInProgress, IdempotencyMismatch]),
    of: header(() => true),
  },
  {
    name: 'required_key',
    refusals: codesOf([IdempotencyKeyRequired]),
    of: header(({ required }) => required === true),
  },
  {
    name: 'upload',
    refusals: codesOf([TooManyUploads]),
    of: ({ takes }) => takes.includes('multipart/form-data'),
  },
  {
    name: 'download',
    refusals: codesOf([TooManyDownloads]),
    of: ({ answers }) => answers.some((type) => DOWNLOADED.includes(type)),
  },
  { name: 'thing', refusals: codesOf([NotFound]), of: ({ path }) => path.includes('{') },
  {
    name: 'database',
    refusals: codesOf([DatabaseBusy, DatabaseAway, DatabaseFull]),
    of: ({ audience }) => audience?.kind !== 'public' || audience.limited,
  },
];

/** The refusals of one status: their codes, and a name that is the same for the same codes. */
export interface Refused {
  readonly status: string;
  readonly name: string;
  readonly codes: readonly string[];
}

/** An operation's refusals by ascending status: those of its kind, and those that it declares. */
export function refusalsOf(route: RouteFacts): Refused[] {
  const groups = GROUPS.filter((group) => group.of(route));
  const general = new Set(groups.flatMap(({ refusals }) => refusals.map(([, code]) => code)));
  const own = route.declared
    .filter(([, code]) => !general.has(code))
    .toSorted(([, a], [, b]) => (a < b ? -1 : 1))
    .map(([status, code]) => ({ name: code, refusals: [[status, code]] as const }));
  const parts = [...groups, ...own];
  const statuses = new Set(parts.flatMap(({ refusals }) => refusals.map(([status]) => status)));
  return [...statuses].toSorted((a, b) => a - b).map((status) => refusedWith(status, parts));
}

function refusedWith(status: number, parts: readonly Pick<Group, 'name' | 'refusals'>[]): Refused {
  const found = parts.flatMap(({ name, refusals }) => {
    const codes = refusals.flatMap(([one, code]) => (one === status ? [code] : []));
    return codes.length === 0 ? [] : [{ name, codes }];
  });
  const codes = [...new Set(found.flatMap((one) => one.codes))];
  const labels = codes.length === 1 ? codes : found.map(({ name }) => name);
  return { status: String(status), name: [status, ...labels].join('.'), codes };
}
