import { Phrasebook } from '#libs/texts';
import { InvalidProduct, invoiceDescription, type ProductInput, productOf } from '../index.js';

const english = new Phrasebook('en');
const callback: ProductInput = {
  kind: 'callback',
  title: 'Horoscope',
  description: 'Yours alone',
  stars: 50,
  fulfilmentUrl: 'https://creator.com/goods',
};

function problemsOf(input: ProductInput): string[] {
  try {
    productOf(input);
    return [];
  } catch (error) {
    return error instanceof InvalidProduct ? error.errors.map((one) => one.path) : ['something else'];
  }
}

describe('a product made by the creator’s server', () => {
  it('promises delivery within a day or a refund by default', () => {
    expect(productOf(callback)).toMatchObject({ fulfilmentDeadlineSeconds: 86_400, refundAtDeadline: true });
    expect(productOf({ ...callback, fulfilmentDeadlineSeconds: 60, refundAtDeadline: false })).toMatchObject({
      fulfilmentDeadlineSeconds: 60,
      refundAtDeadline: false,
    });
  });

  it.each([
    [60, '1 minute'],
    [90, '90 seconds'],
    [7_200, '2 hours'],
    [86_400, '1 day'],
    [2_592_000, '30 days'],
  ])('shows its buyers %i seconds as %s', (fulfilmentDeadlineSeconds, words) => {
    const product = productOf({ ...callback, fulfilmentDeadlineSeconds });
    expect(invoiceDescription(product, english)).toBe(
      `Yours alone\nMade for you within ${words} after the payment, or your Stars come back.`,
    );
    expect(invoiceDescription({ ...product, refundAtDeadline: false }, english)).toBe(
      `Yours alone\nMade for you within ${words} after the payment.`,
    );
  });

  it('leaves room on the invoice for the promise', () => {
    const longest = 255 - '\nMade for you within 1 day after the payment, or your Stars come back.'.length;
    expect(problemsOf({ ...callback, description: 'd'.repeat(longest) })).toEqual([]);
    expect(problemsOf({ ...callback, description: 'd'.repeat(longest + 1) })).toEqual(['description']);
  });

  it.each([
    ['fulfilment_url', { fulfilmentUrl: null }],
    ['fulfilment_url', { fulfilmentUrl: 'goods' }],
    ['fulfilment_url', { fulfilmentUrl: `https://creator.com/${'a'.repeat(2_048)}` }],
    ['fulfilment_deadline_seconds', { fulfilmentDeadlineSeconds: 59 }],
    ['fulfilment_deadline_seconds', { fulfilmentDeadlineSeconds: 2_592_001 }],
    ['fulfilment_deadline_seconds', { fulfilmentDeadlineSeconds: 60.5 }],
    ['content', { content: 'goods' }],
  ])('is refused for its %s: %j', (path, changes) => {
    expect(problemsOf({ ...callback, ...changes })).toEqual([path]);
  });

  it('is the only kind with an address, a deadline and a refund at the deadline', () => {
    const text: ProductInput = { ...callback, kind: 'text', content: 'goods', refundAtDeadline: true };
    expect(problemsOf(text)).toEqual(['fulfilment_url', 'refund_at_deadline']);
  });
});
