import { Phrasebook } from '#libs/texts';
import { InvalidProduct, invoiceDescription, PRODUCT_KINDS, type ProductInput, productOf } from './index.js';

const key: ProductInput = { kind: 'licence_key', title: 'Pro', description: 'One seat', stars: 50 };

function refused(input: ProductInput): string[] {
  try {
    productOf(input);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidProduct)) throw error;
    return error.errors.map((each) => each.path);
  }
}

describe('what only some kinds have', () => {
  const everything = {
    content: 'goods',
    fileId: 'f1',
    creditUnit: 'scan',
    fulfilmentUrl: 'https://creator.com',
    terms: { licence_key: {} },
  };
  it.each(PRODUCT_KINDS)('is refused for a %s that does not have it', (kind) => {
    const own: Record<string, string[]> = {
      text: ['content'],
      link: ['content'],
      file: ['file_id'],
      credits: ['credits'],
      callback: ['fulfilment_url'],
      licence_key: ['licence_key'],
    };
    const fields = ['content', 'file_id', 'credits', 'fulfilment_url', 'licence_key'];
    const strange = fields.filter((field) => own[kind]?.includes(field) !== true);
    expect(refused({ ...key, ...everything, kind })).toEqual(expect.arrayContaining(strange));
  });
});

describe('a product that sells licence keys', () => {
  it('begins with an empty pool', () => {
    expect(productOf(key)).toMatchObject({ stock: 0, terms: { licence_key: { lowStockAt: null } } });
    expect(invoiceDescription(productOf(key), new Phrasebook('en'))).toBe('One seat');
  });

  it.each([0, -1, 1.5, 1_000_001])('does not warn at %p keys', (lowStockAt) => {
    expect(refused({ ...key, terms: { licence_key: { lowStockAt } } })).toEqual(['licence_key.low_stock_at']);
  });

  it('keeps the terms that a change does not name', () => {
    const before = productOf({ ...key, terms: { licence_key: { lowStockAt: 5 } } }).terms;
    expect(productOf(key, before).terms).toEqual(before);
    expect(productOf({ ...key, terms: { licence_key: { lowStockAt: null } } }, before).terms).toEqual({
      licence_key: { lowStockAt: null },
    });
  });
});
