import { DomainError } from '#libs/kernel';

/** What a plan limits. */
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

/** Limits on what a workspace has, counted when something is added. */
export type Holding = Exclude<Limit, 'orders_per_month' | 'api_requests_per_minute'>;

/** A workspace is warned from here on, in percent of a limit. */
const WARN_AT = 80;

export const USAGE_STATES = ['ok', 'warning', 'exhausted'] as const;
export type UsageState = (typeof USAGE_STATES)[number];

/** @param allowed null: without limit */
export function usageState(used: number, allowed: number | null): UsageState {
  if (allowed === null) return 'ok';
  if (used >= allowed) return 'exhausted';
  return used * 100 >= allowed * WARN_AT ? 'warning' : 'ok';
}

/** Whole percent, rounded down; null without a limit. Of nothing everything is used. */
export function percentOf(used: number, allowed: number | null): number | null {
  if (allowed === null) return null;
  return allowed === 0 ? 100 : Math.floor((used * 100) / allowed);
}

/** The first day of the month of UTC: `2026-11-01`. */
export const monthOf = (time: Date) => `${time.toISOString().slice(0, 7)}-01`;

/** The first moment of the month of UTC, and the first of the next. */
export function monthBounds(time: Date): { readonly from: Date; readonly to: Date } {
  const [year, month] = [time.getUTCFullYear(), time.getUTCMonth()];
  return { from: new Date(Date.UTC(year, month)), to: new Date(Date.UTC(year, month + 1)) };
}

/** How much of a limit is used. */
export interface Usage {
  readonly limit: Limit;
  /** Null for requests per minute: every answer of the API says it in its headers. */
  readonly used: number | null;
  /** Null: without limit. */
  readonly allowed: number | null;
}

const MEGABYTE = 1_048_576;

const WORDS: Readonly<Record<Holding, (allowed: number) => string>> = {
  bots: (n) => `${n} bots`,
  products: (n) => `${n} products that are not archived`,
  endpoints: (n) => `${n} webhook endpoints`,
  storage_bytes: (n) => `${Math.floor(n / MEGABYTE)} MiB of files`,
  members: (n) => `${n} members`,
  api_keys: (n) => `${n} API keys that work`,
};

/** Nothing was made: what the workspace has already goes on working. */
export class QuotaExhausted extends DomainError {
  static readonly code = 'quota_exhausted';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Remove what is not needed any more, or ask support for a larger plan. `GET /v1/usage` shows every limit and what is used of it.';

  constructor(
    readonly limit: Holding,
    readonly allowed: number,
  ) {
    super(`The plan of this workspace allows ${WORDS[limit](allowed)}, and there is no room for more.`);
  }
}
