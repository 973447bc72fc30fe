import { createHmac, timingSafeEqual } from 'node:crypto';
import type { components } from './api.js';

/** Seconds by which a timestamp may differ, as in the libraries of Standard Webhooks. */
const TOLERANCE_SECONDS = 300;
const SECRET_PREFIX = 'whsec_';

/** An event. Switch on its `type`; `data` is the object as it was right after the event. */
export type WebhookEvent = components['schemas']['Event'];

/** Thrown when a request was not sent by Starwall, or not recently. Respond with 400 and do nothing. */
export class WebhookRefused extends Error {
  override get name(): string {
    return 'WebhookRefused';
  }
}

/** The headers of a request: Fetch's `Headers`, or the object of Node's servers. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Verifies the signature of a webhook (Standard Webhooks 1.0.0) and parses its body.
 * @param body exactly as received: a body that was parsed and serialised again has a different signature
 * @param secret `whsec_...`, as the endpoint showed it once
 * @param now milliseconds since 1970
 * @throws WebhookRefused when the signature, the time or the body is wrong
 */
export function webhookEvent(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string,
  now: number = Date.now(),
): WebhookEvent {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(headers, name),
  );
  if (id === undefined || timestamp === undefined || signatures === undefined)
    throw new WebhookRefused('The request lacks the webhook headers.');
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (!(Math.abs(now / 1_000 - seconds) <= TOLERANCE_SECONDS))
    throw new WebhookRefused('The webhook was not sent within the last five minutes.');
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  if (!isSigned(`${id}.${timestamp}.${text}`, signatures, secret))
    throw new WebhookRefused('The signature of the webhook is wrong.');
  return JSON.parse(text) as WebhookEvent;
}

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const value = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof value === 'string' ? value : value?.[0];
}

/** True if a signature verifies. While a secret is rotated there are two, and either one suffices. */
function isSigned(content: string, signatures: string, secret: string): boolean {
  const key = Buffer.from(secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret, 'base64');
  const expected = createHmac('sha256', key).update(content).digest();
  return signatures.split(' ').some((one) => {
    const [version, value = ''] = one.split(',');
    const given = Buffer.from(value, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
