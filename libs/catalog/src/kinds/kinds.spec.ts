import { Phrasebook } from '#libs/texts';
import { mediaFileProblem } from './kind-paid-media.js';
import { InvalidProduct, invoiceDescription, PRODUCT_KINDS, type ProductInput, productOf } from '../index.js';

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

describe('a field of certain kinds', () => {
  const everything = {
    content: 'goods',
    fileId: 'f1',
    creditUnit: 'scan',
    fulfilmentUrl: 'https://creator.com',
    terms: { licence_key: {} },
  };
  it.each(PRODUCT_KINDS)('is refused for kinds that do not have it: %s', (kind) => {
    const own: Record<string, string[]> = {
      text: ['content'],
      link: ['content'],
      file: ['file_id'],
      credits: ['credits'],
      callback: ['fulfilment_url'],
      licence_key: ['licence_key'],
      paid_command: ['fulfilment_url'],
    };
    const fields = ['content', 'file_id', 'credits', 'fulfilment_url', 'licence_key'];
    const strange = fields.filter((field) => own[kind]?.includes(field) !== true);
    expect(refused({ ...key, ...everything, kind })).toEqual(expect.arrayContaining(strange));
  });
});

describe('a product that sells licence keys', () => {
  it('starts with an empty pool', () => {
    expect(productOf(key)).toMatchObject({ stock: 0, terms: { licence_key: { lowStockAt: null } } });
    expect(invoiceDescription(productOf(key), new Phrasebook('en'))).toBe('One seat');
  });

  it.each([0, -1, 1.5, 1_000_001])('refuses a warning threshold of %s keys', (lowStockAt) => {
    expect(refused({ ...key, terms: { licence_key: { lowStockAt } } })).toEqual(['licence_key.low_stock_at']);
  });

  it('keeps terms that a change omits', () => {
    const before = productOf({ ...key, terms: { licence_key: { lowStockAt: 5 } } }).terms;
    expect(productOf(key, before).terms).toEqual(before);
    expect(productOf({ ...key, terms: { licence_key: { lowStockAt: null } } }, before).terms).toEqual({
      licence_key: { lowStockAt: null },
    });
  });
});

describe('a product of paid media', () => {
  const photo = { type: 'photo', fileId: 'f1', telegramFileId: null } as const;
  const gallery = (items: readonly object[], changes: Partial<ProductInput> = {}) =>
    refused({ ...key, kind: 'paid_media', terms: { paid_media: { items: items as never } }, ...changes });

  it('has one to ten items, each with one id', () => {
    expect(gallery([photo])).toEqual([]);
    expect(gallery(Array(10).fill(photo))).toEqual([]);
    expect(gallery([])).toEqual(['paid_media.items']);
    expect(gallery(Array(11).fill(photo))).toEqual(['paid_media.items']);
    expect(gallery([photo, { ...photo, telegramFileId: 'x' }])).toEqual(['paid_media.items.1']);
    expect(gallery([{ ...photo, fileId: null }])).toEqual(['paid_media.items.0']);
  });

  it("costs at most Telegram's maximum, and has no stock or limit, because Telegram does not ask before it sells", () => {
    expect(gallery([photo], { stars: 25_000 })).toEqual([]);
    expect(gallery([photo], { stars: 25_001 })).toEqual(['stars']);
    expect(gallery([photo], { stock: 1, limitPerBuyer: 1 })).toEqual(['stock', 'limit_per_buyer']);
  });

  it.each([
    ['photo', 'image/jpeg', 10_485_760, true],
    ['photo', 'image/jpeg', 10_485_761, false],
    ['photo', 'video/mp4', 1, false],
    ['video', 'video/mp4', 52_428_800, true],
    ['video', 'image/gif', 1, false],
  ] as const)('takes a %s from a file of %s and %i bytes: %j', (type, mime, bytes, good) => {
    expect(mediaFileProblem(type, { mime, bytes }) === undefined).toBe(good);
  });
});
