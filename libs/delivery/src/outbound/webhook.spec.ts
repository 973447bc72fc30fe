import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { HOUR, newUuid, publicId } from '#libs/kernel';
import {
  judgeAnswer,
  MAX_BODY_BYTES,
  MAX_RESPONSE_BYTES,
  readableResponse,
  readRetryAfter,
  secretOf,
  signatureHeaders,
  webhookBody,
} from './webhook.js';

const now = new Date();
const event = {
  id: newUuid(),
  type: 'order.paid',
  sequence: 3,
  data: { object: 'order', id: 'ord_1', title: 'Ключ 🔑 "quoted"' },
  previous: null,
  createdAt: new Date('2026-06-01T12:00:00.123Z'),
} as const;

describe('attack 25: a webhook', () => {
  const secret = secretOf(randomBytes(32));
  const id = publicId('event', event.id);

  it('is accepted by the official library', () => {
    const body = webhookBody(event, false);
    expect(new Webhook(secret).verify(body, signatureHeaders(id, now, body, [secret]))).toEqual({
      object: 'event',
      id,
      type: 'order.paid',
      timestamp: '2026-06-01T12:00:00.123Z',
      livemode: false,
      sequence: 3,
      data: event.data,
    });
  });

  it('is signed exactly as the official library signs', () => {
    const body = webhookBody(event, false);
    expect(signatureHeaders(id, now, body, [secret])['webhook-signature']).toBe(
      new Webhook(secret).sign(id, now, body),
    );
  });

  it('is rejected after any change', () => {
    const body = webhookBody(event, false);
    const headers = signatureHeaders(id, now, body, [secret]);
    const verify = (text: string, changed: object, key = secret) =>
      new Webhook(key).verify(text, { ...headers, ...changed });
    expect(() => verify(`${body} `, {})).toThrow();
    expect(() => verify(body, { 'webhook-id': publicId('event', newUuid()) })).toThrow();
    expect(() => verify(body, { 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) })).toThrow();
    expect(() => verify(body, {}, secretOf(randomBytes(32)))).toThrow();
  });

  it('cannot be replayed after five minutes', () => {
    const body = webhookBody(event, false);
    const old = signatureHeaders(id, new Date(now.getTime() - 6 * 60_000), body, [secret]);
    expect(() => new Webhook(secret).verify(body, old)).toThrow();
  });

  it('contains changes, and omits fields that do not apply', () => {
    const body = webhookBody({ ...event, sequence: null, previous: { state: 'active' } }, false);
    expect(JSON.parse(body)).toMatchObject({ previous_attributes: { state: 'active' } });
    expect(JSON.parse(body)).not.toHaveProperty('sequence');
  });

  it.each([1, 2])('is accepted with either secret during a rotation: %d', (which) => {
    const body = webhookBody(event, true);
    const secrets = [secretOf(randomBytes(32)), secretOf(randomBytes(32))];
    const headers = signatureHeaders(id, now, body, secrets);
    expect(new Webhook(secrets[which - 1] ?? '').verify(body, headers)).toMatchObject({ id, livemode: true });
    expect(() => new Webhook(secretOf(randomBytes(32))).verify(body, headers)).toThrow();
  });

  it('drops the previous values first when it is too large', () => {
    const long = '🔑'.repeat(MAX_BODY_BYTES / 8);
    const data = { ...event.data, text: long };
    const body = webhookBody({ ...event, data, previous: { text: `${long}!` } }, false);
    expect(JSON.parse(body)).toMatchObject({ data: { id: 'ord_1', text: long } });
    expect(JSON.parse(body)).not.toHaveProperty('previous_attributes');
  });

  it('replaces an object that is too large with its type and id', () => {
    const data = { ...event.data, text: '🔑'.repeat(MAX_BODY_BYTES / 4) };
    const body = webhookBody({ ...event, data, previous: { state: 'active' } }, false);
    expect(JSON.parse(body).data).toEqual({ object: 'order', id: 'ord_1', truncated: true });
    expect(Buffer.byteLength(body)).toBeLessThan(MAX_BODY_BYTES);
  });
});

describe("the receiver's response", () => {
  it.each([200, 201, 202, 204, 299])('is a success with %d', (status) => {
    expect(judgeAnswer(status, undefined, now)).toEqual({ kind: 'accepted' });
  });

  it.each([101, 199, 301, 302, 307, 308, 400, 401, 404, 429, 500, 502, 503])('is a failure with %d', (status) => {
    expect(judgeAnswer(status, undefined, now)).toEqual({ kind: 'refused', afterMs: undefined });
  });

  it('asks for no more events with 410', () => {
    expect(judgeAnswer(410, '10', now)).toEqual({ kind: 'gone' });
  });

  it.each([
    ['120', 120_000],
    [' 7 ', 7_000],
    [new Date(Math.ceil(now.getTime() / 1_000) * 1_000 + 60_000).toUTCString(), expect.any(Number)],
    ['999999999', 24 * HOUR],
    ['0', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['Wed, 21 Oct 2015 07:28:00 GMT', undefined],
    [undefined, undefined],
  ])('requests a delay by Retry-After: %s', (value, expected) => {
    expect(readRetryAfter(value, now)).toEqual(expected);
  });

  it('is stored as readable text of at most 4 kB', () => {
    expect(readableResponse(Buffer.from('a\u0000b\u0007c\nd\u009b\u007f'))).toBe('abc\nd');
    expect(readableResponse(Buffer.from([0xff, 0xfe]))).toBe('\ufffd\ufffd');
    for (const filling of ['x', 'é', '漢', '🔑']) {
      const kept = readableResponse(Buffer.from(filling.repeat(5_000)).subarray(0, MAX_RESPONSE_BYTES));
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(MAX_RESPONSE_BYTES);
      expect(Buffer.byteLength(kept)).toBeGreaterThan(MAX_RESPONSE_BYTES - 4);
    }
    expect(Buffer.byteLength(readableResponse(Buffer.alloc(MAX_RESPONSE_BYTES, 0xff)))).toBeLessThanOrEqual(
      MAX_RESPONSE_BYTES,
    );
  });
});
