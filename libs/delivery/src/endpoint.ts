import { DomainError } from '#libs/kernel';

export const MAX_ENDPOINTS = 10;

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

export class TooManyEndpoints extends DomainError {
  readonly code = 'too_many_endpoints';
  readonly refusal = 'conflict';
  readonly remedy = 'Delete an endpoint that is no longer used, or let one endpoint receive more kinds of events.';

  constructor() {
    super(`A workspace has at most ${MAX_ENDPOINTS} endpoints.`);
  }
}
