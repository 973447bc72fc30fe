import { createHmac } from 'node:crypto';
import type { EventType } from '#libs/journal';
import { HOUR, publicId, SECOND } from '#libs/kernel';
import { redact } from '#libs/runtime';

const SECRET_PREFIX = 'whsec_';
export const SECRET_BYTES = 32;

/** A signing secret in the form for creators and libraries. @param key 24 to 64 random bytes */
export const secretOf = (key: Buffer) => SECRET_PREFIX + key.toString('base64');

/**
 * The three headers of Standard Webhooks 1.0.0.
 * @param id the same for every attempt, so that receivers recognise a repetition
 * @param at the time of this attempt
 * @param secrets in the creator's form, with their prefix; while a secret is rotated there are two, and either verifies
 */
export function signatureHeaders(
  id: string,
  at: Date,
  body: string,
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = Math.floor(at.getTime() / SECOND).toString();
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

export interface EventFacts {
  readonly id: string;
  readonly type: EventType;
  /** Numbers the events of one order from 1, because deliveries may arrive out of order. */
  readonly sequence: number | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly previous: Readonly<Record<string, unknown>> | null;
  readonly createdAt: Date;
}

/** An event as the API shows it and webhooks contain it. */
export const eventView = (event: EventFacts, livemode: boolean) => ({
  object: 'event' as const,
  id: publicId('event', event.id),
  type: event.type,
  timestamp: event.createdAt.toISOString(),
  livemode,
  ...(event.sequence === null ? {} : { sequence: event.sequence }),
  data: event.data,
  ...(event.previous === null ? {} : { previous_attributes: event.previous }),
});

export const MAX_BODY_BYTES = 20_000;

/**
 * The body of an event's webhook, at most 20 kB. A larger event loses its previous values and, if that is not enough,
 * all of its object except type and id: the receiver fetches it.
 */
export function webhookBody(event: EventFacts, livemode: boolean): string {
  const { object, id } = event.data;
  const shorter = { ...event, previous: null };
  const bodies = [event, shorter].map((one) => JSON.stringify(eventView(one, livemode)));
  const fitting = bodies.find((body) => Buffer.byteLength(body) <= MAX_BODY_BYTES);
  return fitting ?? JSON.stringify(eventView({ ...shorter, data: { object, id, truncated: true } }, livemode));
}

/** The meaning of the receiver's response. */
export type Receipt =
  | { readonly kind: 'accepted' }
  /** 410: the receiver wants no more events. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly afterMs: number | undefined };

const MAX_RETRY_AFTER = 24 * HOUR;

/** Judges a response: only 2xx is a success. Redirects are not followed, and therefore count as failures. */
export function judgeAnswer(status: number, retryAfter: string | undefined, now: Date): Receipt {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status === 410) return { kind: 'gone' };
  return { kind: 'refused', afterMs: readRetryAfter(retryAfter, now) };
}

/** Parses seconds or an HTTP date into milliseconds from now, at most 24 hours. */
export function readRetryAfter(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  const wait = /^\d+$/.test(value.trim()) ? Number(value) * SECOND : Date.parse(value) - now.getTime();
  return wait > 0 ? Math.min(wait, MAX_RETRY_AFTER) : undefined;
}

export const MAX_RESPONSE_BYTES = 4_096;

const CONTROL = /(?![\n\t])\p{Cc}/gu;

/**
 * Formats a receiver's response for the log: readable text of at most 4 kB, without the secrets that failing servers
 * print.
 */
export function readableResponse(bytes: Buffer): string {
  const text = redact(bytes.toString('utf8').replace(CONTROL, ''));
  const cut = Buffer.from(text).subarray(0, MAX_RESPONSE_BYTES);
  // A character that was cut in two becomes a replacement character, which is longer than the part that was cut off.
  return cut.length < MAX_RESPONSE_BYTES ? text : cut.toString('utf8').replace(/\ufffd$/, '');
}
