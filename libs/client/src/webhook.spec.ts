import { Webhook } from 'standardwebhooks';
import { webhookEvent, WebhookRefused } from './webhook.js';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const now = new Date('2026-11-30T09:00:00Z');
const body = JSON.stringify({ object: 'event', type: 'order.paid', data: { object: 'order', id: 'ord_1' } });

/** Returns headers signed by the reference implementation. */
const headersBy = (key: string, at = now, of = body) => ({
  'webhook-id': 'evt_1',
  'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
  'webhook-signature': new Webhook(key).sign('evt_1', at, of),
});
const read = (headers: Parameters<typeof webhookEvent>[1], text: string | Uint8Array = body) =>
  webhookEvent(text, headers, secret, now.getTime());

describe('a webhook', () => {
  it('is read from any kind of headers and body if its signature is valid', () => {
    const headers = headersBy(secret);
    expect(read(headers).type).toBe('order.paid');
    expect(read(new Headers(headers), Buffer.from(body)).type).toBe('order.paid');
    const upperCased = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]),
    );
    expect(read(upperCased).type).toBe('order.paid');
  });

  it('is accepted during a rotation of its secret if one of two signatures is valid', () => {
    const [mine, another] = [headersBy(secret), headersBy(other)];
    const both = `${another['webhook-signature']} ${mine['webhook-signature']}`;
    expect(read({ ...mine, 'webhook-signature': both }).type).toBe('order.paid');
  });

  it('is refused with another secret, body or id, or without headers', () => {
    const headers = headersBy(secret);
    for (const [wrong, text] of [
      [headersBy(other), body],
      [headers, `${body} `],
      [{ ...headers, 'webhook-id': 'evt_2' }, body],
      [{ ...headers, 'webhook-signature': 'v1,' }, body],
      [{ ...headers, 'webhook-signature': headers['webhook-signature'].replace('v1', 'v2') }, body],
      [{}, body],
    ] as const)
      expect(() => read(wrong, text)).toThrow(WebhookRefused);
  });

  it('is refused when its time is more than five minutes off', () => {
    const at = (seconds: number) => headersBy(secret, new Date(now.getTime() + seconds * 1_000));
    for (const seconds of [-300, 300]) expect(read(at(seconds)).type).toBe('order.paid');
    for (const seconds of [-301, 301]) expect(() => read(at(seconds))).toThrow(WebhookRefused);
    expect(() => read({ ...at(0), 'webhook-timestamp': 'now' })).toThrow(WebhookRefused);
  });
});

describe('an event', () => {
  it('has the data of its type', () => {
    const event = read(headersBy(secret));
    if (event.type !== 'order.paid' || 'truncated' in event.data) throw new Error('This is the wrong event.');
    const { object, charge }: { readonly object: 'order'; readonly charge: object | null } = event.data;
    expect([object, charge]).toEqual(['order', undefined]);
  });
});
