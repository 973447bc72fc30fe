import { fc } from '../../../../test/support/properties.js';
import { OwnTexts, Phrasebook } from '#libs/texts';
import {
  InvalidProduct,
  invoiceDescription,
  MAX_PRICE,
  PRODUCT_MOVES,
  type ProductFacts,
  type ProductInput,
  productOf,
  sellable,
} from '../index.js';

const [english, russian] = [new Phrasebook('en'), new Phrasebook('ru')];
const text: ProductInput = { kind: 'text', title: 'Guide', description: 'All of it', stars: 50, content: 'the goods' };
const link: ProductInput = { ...text, kind: 'link', content: 'https://example.com/course' };
const file: ProductInput = { ...text, kind: 'file', content: null, fileId: 'f1' };

/** Returns the refused fields, in order. */
function refused(input: ProductInput): string[] {
  try {
    productOf(input);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidProduct)) throw error;
    return error.errors.map((each) => each.path);
  }
}

const visible = fc.constantFrom('a', 'é', 'ж', '漢', '✓', '⭐', '👨‍👩‍👧‍👦', '🇺🇳', 'ש');
const codePoints = (s: string) => [...s].length;

describe('attack 26: the texts of a product', () => {
  it('are counted in code points, as PostgreSQL counts them', () => {
    fc.assert(
      fc.property(fc.array(visible, { minLength: 1, maxLength: 40 }), (parts) => {
        const title = parts.join('').normalize('NFC');
        expect(refused({ ...text, title })).toEqual(codePoints(title) <= 32 ? [] : ['title']);
        expect(refused({ ...text, description: title.repeat(20) })).toEqual(
          codePoints(title) * 20 <= 255 ? [] : ['description'],
        );
      }),
    );
  });

  it('have 1 to 32 characters in the title and 1 to 255 in the description', () => {
    expect(refused({ ...text, title: '⭐'.repeat(32), description: '💎'.repeat(255) })).toEqual([]);
    expect(refused({ ...text, title: '⭐'.repeat(33), description: '💎'.repeat(256) })).toEqual([
      'title',
      'description',
    ]);
    expect(refused({ ...text, title: '  ', description: '' })).toEqual(['title', 'description']);
  });

  it('are normalised idempotently', () => {
    expect(productOf({ ...text, title: ' Cafe\u0301 ' }).title).toBe('Café');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (title) => {
        const first = refused({ ...text, title }).length > 0 ? undefined : productOf({ ...text, title });
        expect(first === undefined ? undefined : productOf(first)).toEqual(first);
      }),
    );
  });

  it.each([
    ['a NUL', 'a\0b'],
    ['a line break in a title', 'a\nb'],
    ['a C1 control', 'a\u0085b'],
    ['a line separator', 'a\u2028b'],
    ['an override', 'Guide \u202e05 rof'],
    ['an isolate', 'a\u2066b'],
    ['a right-to-left mark', 'a\u200fb'],
    ['a lone surrogate', 'a\ud83d'],
    ['no visible character', '\u200b\u2800\u3164\ufeff'],
  ])('reject %s', (_, title) => {
    expect(refused({ ...text, title })).toEqual(['title']);
  });

  it('never contain a character that changes the direction of text', () => {
    const direction = fc.constantFrom(...'\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069');
    fc.assert(
      fc.property(fc.string({ maxLength: 10 }), direction, fc.string({ maxLength: 10 }), (before, mark, after) => {
        expect(refused({ ...text, title: `x${before}${mark}${after}x` })).toEqual(['title']);
      }),
    );
  });

  it('accept line breaks in a description, and treat markup as plain text', () => {
    const product = productOf({ ...text, description: 'one\r\ntwo', title: '<b>50%</b> & more' });
    expect(product).toMatchObject({ description: 'one\ntwo', title: '<b>50%</b> & more' });
  });
});

describe('the goods', () => {
  it('can be the text of one Telegram message, stored unchanged', () => {
    expect(productOf({ ...text, content: '  key:\tA-1 \n\u200fשלום' }).content).toBe('  key:\tA-1 \n\u200fשלום');
    expect(refused({ ...text, content: 'x'.repeat(4096) })).toEqual([]);
    expect(refused({ ...text, content: 'x'.repeat(4097) })).toEqual(['content']);
    expect(refused({ ...text, content: '💎'.repeat(2049) })).toEqual(['content']);
    expect(refused({ ...text, content: 'see \u202e' })).toEqual(['content']);
  });

  it.each(['https://example.com/a?b=c#d', 'http://пример.рф/путь', 'tg://resolve?domain=shop', 'HTTPS://EXAMPLE.COM'])(
    'can be the link %s',
    (content) => expect(refused({ ...link, content })).toEqual([]),
  );

  it.each([
    'javascript:alert(1)',
    'https:example.com',
    'https://',
    'https:///path',
    'ftp://example.com',
    'example.com',
    'https://a b.com',
    'https://example.com/a\nb',
    `https://example.com/${'x'.repeat(2048)}`,
    '',
  ])('cannot be the link %j', (content) => expect(refused({ ...link, content })).toEqual(['content']));

  it("must match the product's kind", () => {
    expect([refused(text), refused(link), refused(file)]).toEqual([[], [], []]);
    expect(refused({ ...text, content: null })).toEqual(['content']);
    expect(refused({ ...text, fileId: 'f1' })).toEqual(['file_id']);
    expect(refused({ ...file, fileId: undefined })).toEqual(['file_id']);
    expect(refused({ ...file, content: 'too' })).toEqual(['content']);
  });
});

describe('a pack of credits', () => {
  const pack: ProductInput = { ...text, kind: 'credits', content: null, creditUnit: 'scan', creditAmount: 100 };

  it('has a unit and an amount, and optionally days', () => {
    expect(refused(pack)).toEqual([]);
    expect(refused({ ...pack, creditDays: 30 })).toEqual([]);
    expect(refused({ ...pack, content: 'x' })).toEqual(['content']);
    expect(refused({ ...text, creditUnit: 'scan', creditAmount: 1 })).toEqual(['credits']);
    expect(refused({ ...text, creditDays: 1 })).toEqual(['credits']);
    expect(refused({ ...pack, creditUnit: null })).toEqual(['credits']);
    expect(refused({ ...pack, creditAmount: null })).toEqual(['credits']);
  });

  it.each(['', 'Scan', 'a b', 'x'.repeat(33), 'скан', 'a\n'])('cannot be counted in %j', (creditUnit) => {
    expect(refused({ ...pack, creditUnit })).toEqual(['credits']);
  });

  it.each([0, -1, 1.5, 1_000_000_001, Number.NaN])('cannot have %s credits or days', (n) => {
    expect(refused({ ...pack, creditAmount: n })).toEqual(['credits']);
    expect(refused({ ...pack, creditDays: n })).toEqual(['credits']);
  });

  it("is described on the invoice within Telegram's limit", () => {
    const told = (changes: Partial<ProductInput>, words = english) =>
      invoiceDescription(productOf({ ...pack, ...changes }), words);
    expect(told({})).toBe('All of it\nAdds 100 scans. They do not expire.');
    expect(told({ creditDays: 1 })).toBe('All of it\nAdds 100 scans. Valid for 1 day.');
    expect(told({ creditDays: 30, creditAmount: 1_500 })).toBe('All of it\nAdds 1,500 scans. Valid for 30 days.');
    expect(told({ creditDays: 2 }, russian)).toBe('All of it\nНа баланс: 100 scan. Срок действия: 2 дня.');
    expect(invoiceDescription(productOf(text), english)).toBe('All of it');
    const longest = { creditUnit: 'x'.repeat(32), creditAmount: 1_000_000_000, creditDays: 36_500 };
    const room = 255 - told(longest, russian).length + 'All of it'.length;
    expect(told({ ...longest, description: 'x'.repeat(room) }, russian)).toHaveLength(255);
    expect(refused({ ...pack, ...longest, description: 'x'.repeat(room + 1) })).toEqual(['description']);
  });

  it("can be described in the creator's own words, which shorten the description if necessary", () => {
    const own = { productId: null, language: 'en', key: 'invoice.credits', text: 'y'.repeat(120) } as const;
    const words = new Phrasebook('en', new OwnTexts([own]));
    const product = productOf({ ...pack, description: '💎'.repeat(200) });
    expect(invoiceDescription(product, words)).toBe(`${'💎'.repeat(133)}…\n${'y'.repeat(120)}`);
  });
});

describe('the numbers and times of a product', () => {
  it.each([0, -1, 1.5, Number.NaN, MAX_PRICE + 1, 2 ** 53])('exclude a price of %s Stars', (price) => {
    expect(refused({ ...text, stars: price })).toEqual(['stars']);
  });

  it('exclude impossible limits, and all problems are reported together', () => {
    const wrong = { stock: -1, limitPerBuyer: 0, position: 0.5, metadata: { key: 'a\0' }, title: '', stars: 0 };
    expect(refused({ ...text, ...wrong })).toEqual([
      'title',
      'stars',
      'stock',
      'limit_per_buyer',
      'position',
      'metadata',
    ]);
  });

  it('exclude a sale that ends before it starts', () => {
    const [early, late] = [new Date(1_000), new Date(2_000)];
    expect(refused({ ...text, saleStartsAt: early, saleEndsAt: late })).toEqual([]);
    expect(refused({ ...text, saleStartsAt: late, saleEndsAt: early })).toEqual(['sale_ends_at']);
    expect(refused({ ...text, saleStartsAt: late, saleEndsAt: late })).toEqual(['sale_ends_at']);
  });
});

describe('a product in the shop', () => {
  const now = new Date(10_000);
  const product = { ...productOf(text), state: 'active', chatReady: true } as const;
  const with_ = (more: Partial<ProductFacts>) => sellable({ ...product, ...more }, now);

  it('is for sale while it is active, within its sale period and in stock', () => {
    expect(with_({})).toBeUndefined();
    expect(with_({ saleStartsAt: now, saleEndsAt: new Date(10_001), stock: 1 })).toBeUndefined();
    expect(with_({ saleStartsAt: new Date(10_001) })).toBe('not_yet');
    expect(with_({ saleEndsAt: now })).toBe('ended');
    expect(with_({ stock: 0 })).toBe('sold_out');
    expect(sellable({ ...product, state: 'archived', stock: 0 }, now)).toBe('archived');
    expect(sellable({ ...product, state: 'draft' }, now)).toBe('archived');
  });

  it('can be activated after it was archived, but never becomes a draft again', () => {
    expect(PRODUCT_MOVES.archived).toEqual(['active']);
    expect(Object.values(PRODUCT_MOVES).flat()).not.toContain('draft');
  });
});
