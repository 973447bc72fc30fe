import type { EventType } from '#libs/journal';
import { DAY, DomainError, HOUR, SECOND } from '#libs/kernel';

/**
 * What becomes of an event for an endpoint in each state. A paused one keeps its events until it is resumed; a disabled one gets
 * none, and what still waited for it fails.
 */
export const ENDPOINT_STATES = {
  enabled: 'send',
  paused: 'hold',
  disabled: 'drop',
} as const;

export type EndpointState = keyof typeof ENDPOINT_STATES;

/** How long both secrets sign after a rotation. */
export const SECRET_OVERLAP_MS = 24 * HOUR;

/** An endpoint that failed for so long without one success is disabled. */
export const DISABLED_AFTER_MS = 5 * DAY;

/** An answer that takes longer makes an endpoint a slow one, until one comes sooner. */
export const SLOW_AFTER_MS = 2 * SECOND;

/** Outages that follow one another sooner are told as one: a server that fails now and then would otherwise be told of without end. */
const TOLD_AGAIN_AFTER_MS = HOUR;

export interface EndpointHealth {
  readonly failingSince: Date | null;
  readonly failure: string | null;
  readonly failureToldAt: Date | null;
  readonly slow: boolean;
}

/** What an attempt found out, as far as it says something about the endpoint. */
export interface EndpointAnswer {
  readonly verdict: 'accepted' | 'gone' | 'refused';
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
}

/** What the creator has to hear of after an attempt. */
export type EndpointNews = 'endpoint.failing' | 'endpoint.recovered' | 'endpoint.disabled';

/** Why an attempt failed, in words. */
export const failureOf = ({ status, error }: Pick<EndpointAnswer, 'status' | 'error'>) =>
  error ?? `the endpoint answered ${status}`;

/**
 * What one more attempt says about an endpoint: one success forgives every failure. An outage is told at its first failure, and its
 * end when it was told.
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
  return failedForMs < DISABLED_AFTER_MS ? undefined : 'Nothing but failures for five days.';
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
