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

export interface EndpointHealth {
  readonly failingSince: Date | null;
  readonly slow: boolean;
}

/** What one more attempt says about an endpoint: one success forgives every failure. */
export function healthAfter(
  before: EndpointHealth,
  attempt: { readonly verdict: 'accepted' | 'gone' | 'refused'; readonly durationMs: number },
  now: Date,
): EndpointHealth & { readonly disabledBecause?: string } {
  const slow = attempt.durationMs > SLOW_AFTER_MS;
  if (attempt.verdict === 'accepted') return { failingSince: null, slow };
  const failingSince = before.failingSince ?? now;
  if (attempt.verdict === 'gone') return { failingSince, slow, disabledBecause: 'The endpoint answered 410 Gone.' };
  if (now.getTime() - failingSince.getTime() < DISABLED_AFTER_MS) return { failingSince, slow };
  return { failingSince, slow, disabledBecause: 'Nothing but failures for five days.' };
}

export interface EndpointFacts {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly eventTypes: readonly EventType[];
  readonly state: EndpointState;
  readonly disabledBecause: string | null;
  readonly failingSince: Date | null;
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
