import type { Transformer } from 'grammy';
import { inSpan } from '#libs/tracing';

/**
 * Records each call as a span with its method only: addresses contain tokens, and payloads contain people's messages.
 */
export const traced: Transformer = (prev, method, payload, signal) =>
  inSpan(`telegram ${method}`, { kind: 'client', attributes: { 'rpc.system': 'telegram', 'rpc.method': method } }, () =>
    prev(method, payload, signal),
  );
