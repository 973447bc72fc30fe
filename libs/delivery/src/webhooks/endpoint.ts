import type { EventType } from '#libs/journal';
import { DAY, DomainError, HOUR, SECOND } from '#libs/kernel';

/**
 * The fate of events for an endpoint in each state. A paused endpoint's events wait until it is enabled; a disabled one
 * gets none, and its waiting deliveries fail.
 */
export const ENDPOINT_STATES = {
  enabled: 'send',
  paused: 'hold',
  disabled: 'drop',
} as const;

export type EndpointState = keyof typeof ENDPOINT_STATES;

/** Milliseconds for which both secrets sign after a rotation. */
export const SECRET_OVERLAP_MS = 24 * HOUR;

/** Milliseconds of continuous failure after which an endpoint is disabled. */
export const DISABLED_AFTER_MS = 5 * DAY;

/** Milliseconds after which a response makes an endpoint slow, until a faster one. */
export const SLOW_AFTER_MS = 2 * SECOND;

/**
 * Milliseconds within which outages are reported as one: a server that fails now and then would otherwise be reported
 * endlessly.
 */
const TOLD_AGAIN_AFTER_MS = HOUR;

export interface EndpointHealth {
  readonly failingSince: Date | null;
  readonly failure: string | null;
  readonly failureToldAt: Date | null;
  readonly slow: boolean;
}

/** The facts about an attempt that concern the endpoint. */
export interface EndpointAnswer {
  readonly verdict: 'accepted' | 'gone' | 'refused';
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
}

/** The news for the creator after an attempt. */
export type EndpointNews = 'endpoint.failing' | 'endpoint.recovered' | 'endpoint.disabled';

/** Describes why an attempt failed. */
export const failureOf = ({ status, error }: Pick<EndpointAnswer, 'status' | 'error'>) =>
  error ?? `the endpoint answered ${status}`;

/**
 * Computes the health after one more attempt: one success resets all failures. An outage is reported at its first
 * failure, and its end if its beginning was reported.
 */
export function healthAfter(
  before: EndpointHealth,
  attempt: EndpointAnswer,
  now: Date,
): EndpointHealth & { readonly disabledBecause?: string; readonly news?: EndpointNews } {
  const slow = attempt.durationMs > SLOW_AFTER_MS;
  const isTold =
    before.failingSince !== null && before.failureToldAt !== null && before.failureToldAt >= before.failingSince;
  if (attempt.verdict === 'accepted') {
    const well = { failingSince: null, failure: null, failureToldAt: before.failureToldAt, slow };
    return isTold ? { ...well, news: 'endpoint.recovered' } : well;
  }
  const failingSince = before.failingSince ?? now;
  const failing = { failingSince, failure: failureOf(attempt), failureToldAt: before.failureToldAt, slow };
  const disabledBecause = whyDisabled(attempt, now.getTime() - failingSince.getTime());
  if (disabledBecause !== undefined) return { ...failing, disabledBecause, news: 'endpoint.disabled' };
  const sinceTold = now.getTime() - (before.failureToldAt?.getTime() ?? -Infinity);
  if (isTold || sinceTold < TOLD_AGAIN_AFTER_MS) return failing;
  return { ...failing, failureToldAt: now, news: 'endpoint.failing' };
}

function whyDisabled({ verdict }: EndpointAnswer, failedForMs: number): string | undefined {
  if (verdict === 'gone') return 'The endpoint answered 410 Gone.';
  return failedForMs < DISABLED_AFTER_MS ? undefined : 'Continuous failure for five days.';
}

export interface EndpointFacts {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly eventTypes: readonly EventType[];
  readonly state: EndpointState;
  readonly disabledBecause: string | null;
  readonly failingSince: Date | null;
  readonly failure: string | null;
  readonly previousSecretUntil: Date | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export class EndpointDisabled extends DomainError {
  static readonly code = 'endpoint_disabled';
  static readonly refusal = 'conflict';
  readonly remedy = 'PATCH the endpoint with {"state": "enabled"} first.';

  constructor() {
    super('The endpoint is disabled, so nothing is sent to it.');
  }
}
