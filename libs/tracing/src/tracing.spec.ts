import { newUuid, publicId } from '#libs/kernel';
import { aboutUpdate } from './about-update.js';
import { endTracing, inSpan, isTracing, recordSpans, tellSpan } from './tracing.js';

const BOT = newUuid();
const order = newUuid();
const paid = (payload: unknown) => ({ message: { successful_payment: { invoice_payload: payload } } });

describe('the trace of an update', () => {
  it('is that of the order named by its payment or pre-checkout', () => {
    expect(aboutUpdate(BOT, 7, paid(publicId('order', order)))).toBe(order);
    expect(aboutUpdate(BOT, 7, { pre_checkout_query: { invoice_payload: publicId('order', order) } })).toBe(order);
  });

  it('is its own otherwise, and the same in every process', () => {
    const own = aboutUpdate(BOT, 7, { message: { text: 'hello' } });
    expect(own).toMatch(/^[0-9a-f]{32}$/);
    expect(aboutUpdate(BOT, 7, paid('not ours'))).toBe(own);
    expect(aboutUpdate(BOT, 7, paid(5))).toBe(own);
    expect(aboutUpdate(BOT, 8, {})).not.toBe(own);
    expect(aboutUpdate(newUuid(), 7, {})).not.toBe(own);
  });
});

it('without tracing, work runs unchanged', async () => {
  expect(isTracing()).toBe(false);
  const result = Promise.resolve(1);
  expect(inSpan('x', { kind: 'internal' }, () => result)).toBe(result);
  tellSpan({ x: 1 });
  await endTracing();
});

it('a recorder that fails to send at the end does not stop the process', async () => {
  recordSpans({ run: (_name, _facts, work) => work(), tell: () => undefined, end: () => Promise.reject(new Error()) });
  await endTracing();
  expect(isTracing()).toBe(false);
});
