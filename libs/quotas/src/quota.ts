import { DomainError } from '#libs/kernel';

/** The limits of a plan. */
export const LIMITS = [
  'bots',
  'products',
  'orders_per_month',
  'endpoints',
  'api_requests_per_minute',
  'storage_bytes',
  'members',
  'api_keys',
] as const;

export type Limit = (typeof LIMITS)[number];

/** Limits on objects that a workspace has, checked when one is added. */
export type Holding = Exclude<Limit, 'orders_per_month' | 'api_requests_per_minute'>;

/** Percentage of a limit at which a workspace is warned. */
const WARN_AT = 80;

export const USAGE_STATES = ['ok', 'warning', 'exhausted'] as const;
export type UsageState = (typeof USAGE_STATES)[number];

/** @param allowed null: unlimited */
export function usageState(used: number, allowed: number | null): UsageState {
  if (allowed === null) return 'ok';
  if (used >= allowed) return 'exhausted';
  return used * 100 >= allowed * WARN_AT ? 'warning' : 'ok';
}

/** Whole percent, rounded down; null when unlimited. A limit of 0 is always fully used. */
export function percentOf(used: number, allowed: number | null): number | null {
  if (allowed === null) return null;
  return allowed === 0 ? 100 : Math.floor((used * 100) / allowed);
}

/** The first day of the month, in UTC: `2026-11-01`. */
export const monthOf = (time: Date) => `${time.toISOString().slice(0, 7)}-01`;

/** The start of the month and of the next one, in UTC. */
export function monthBounds(time: Date): { readonly from: Date; readonly to: Date } {
  const [year, month] = [time.getUTCFullYear(), time.getUTCMonth()];
  return { from: new Date(Date.UTC(year, month)), to: new Date(Date.UTC(year, month + 1)) };
}

/** Usage of a limit. */
export interface Usage {
  readonly limit: Limit;
  /** Null for requests per minute, which every response of the API reports in its headers. */
  readonly used: number | null;
  /** Null: unlimited. */
  readonly allowed: number | null;
}

const MEGABYTE = 1_048_576;

const WORDS: Readonly<Record<Holding, (allowed: number) => string>> = {
  bots: (n) => `${n} bots`,
  products: (n) => `${n} products that are not archived`,
  endpoints: (n) => `${n} webhook endpoints`,
  storage_bytes: (n) => `${Math.floor(n / MEGABYTE)} MiB of files`,
  members: (n) => `${n} members`,
  api_keys: (n) => `${n} active API keys`,
};

/** Thrown before anything is created; existing things continue to work. */
export class QuotaExhausted extends DomainError {
  static readonly code = 'quota_exhausted';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Remove what you no longer need, or ask support for a larger plan. `GET /v1/usage` shows every limit and its usage.';

  constructor(
    readonly limit: Holding,
    readonly allowed: number,
  ) {
    super(`The plan of this workspace allows ${WORDS[limit](allowed)}, and the limit is reached.`);
  }
}
