import { Phrasebook } from '#libs/texts';
import { InvalidProduct, invoiceDescription, type ProductInput, productOf } from '../index.js';

const chart: ProductInput = {
  kind: 'paid_command',
  title: 'Chart',
  description: 'One chart',
  stars: 5,
  fulfilmentUrl: 'https://creator.com/charts',
  terms: { paid_command: { command: 'chart' } },
};

function refused(input: ProductInput): string[] {
  try {
    productOf(input);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidProduct)) throw error;
    return error.errors.map((each) => `${each.path} ${each.message}`);
  }
}

const withTerms = (terms: object, changes: Partial<ProductInput> = {}) =>
  refused({ ...chart, ...changes, terms: { paid_command: { command: 'chart', ...terms } } });

describe('a paid command', () => {
  it('costs Stars and is answered within an hour by default', () => {
    expect(productOf(chart)).toMatchObject({
      stars: 5,
      fulfilmentDeadlineSeconds: 3_600,
      terms: { paid_command: { command: 'chart', creditUnit: null, creditAmount: null, needsArguments: false } },
    });
    expect(invoiceDescription(productOf(chart), new Phrasebook('en'))).toBe(
      'One chart\nMade for you within 1 hour after the payment, or your Stars come back.',
    );
  });

  it.each(['a', 'chart_2', '0', 'x'.repeat(32)])('may be called /%s', (command) => {
    expect(withTerms({ command })).toEqual([]);
  });

  it.each(['', 'Chart', '/chart', 'my-chart', 'чарт', 'a b', 'x'.repeat(33)])('may not be called “%s”', (command) => {
    expect(withTerms({ command })).toEqual([expect.stringMatching(/^paid_command\.command must have 1 to 32/)]);
  });

  it.each(['start', 'help', 'shop', 'orders', 'balance', 'terms', 'paysupport', 'promo', 'subscriptions', 'privacy'])(
    'may not be /%s, which every bot answers itself',
    (command) =>
      expect(withTerms({ command })).toEqual([
        expect.stringMatching(/^paid_command\.command must not be one that every bot answers/),
      ]),
  );

  it('must have a name', () => {
    expect(refused({ ...chart, terms: undefined })).toEqual([
      expect.stringMatching(/^paid_command\.command is required/),
    ]);
  });

  it('costs credits of one unit, or none', () => {
    expect(withTerms({ creditUnit: 'scan', creditAmount: 1 })).toEqual([]);
    expect(withTerms({ creditUnit: 'scan' })).toEqual([expect.stringMatching(/^paid_command\.credit_amount/)]);
    expect(withTerms({ creditAmount: 1 })).toEqual([expect.stringMatching(/^paid_command\.credit_unit/)]);
    expect(withTerms({ creditUnit: 'Scan', creditAmount: 0 })).toHaveLength(2);
  });

  it('can cost no Stars only if it costs credits', () => {
    expect(withTerms({ creditUnit: 'scan', creditAmount: 1 }, { stars: 0 })).toEqual([]);
    expect(withTerms({}, { stars: 0 })).toEqual([expect.stringMatching(/^stars must be a whole number from 1/)]);
    expect(refused({ kind: 'text', title: 'A', description: 'A', content: 'A', stars: 0 })).toHaveLength(1);
  });

  it('needs a fulfilment URL', () => {
    expect(withTerms({}, { fulfilmentUrl: undefined })).toEqual([expect.stringMatching(/^fulfilment_url/)]);
  });
});
