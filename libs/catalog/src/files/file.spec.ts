import { costOf } from '../../../../test/support/cost.js';
import { fc } from '../../../../test/support/properties.js';
import { safeFileName, safeMime } from '../index.js';

describe('the name of a file', () => {
  it.each([
    ['guide.pdf', 'guide.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\guide.pdf', 'guide.pdf'],
    ['Путеводитель ⭐.pdf', 'Путеводитель ⭐.pdf'],
    ['gui\0de\r\n.pdf', 'guide .pdf'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['..', 'file'],
    ['folder/', 'file'],
    ['', 'file'],
    ['Cafe\u0301.txt', 'Café.txt'],
  ])('%j is stored as %j', (raw, name) => {
    expect(safeFileName(raw)).toBe(name);
  });

  it('is shortened in the middle when it is too long, and keeps its extension', () => {
    const name = safeFileName(`${'💎'.repeat(300)}.tar.gz`);
    expect([...name]).toHaveLength(255);
    expect(name.endsWith('💎.gz')).toBe(true);
  });

  it('is computed from any input, at little cost', async () => {
    const cost = await costOf(() =>
      safeFileName(`${'a\u0315\u0300\u05ae'.repeat(30_000)}${'\u0300\u0315'.repeat(30_000)}.pdf`),
    );
    expect(cost).toBeLessThan(50);
    expect(safeFileName(`a${'\u0300\u0315'.repeat(1_000)}.pdf`)).toHaveLength('\u00e0'.length + 29 + '.pdf'.length);
  });

  it('is always short and storable, and contains no path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (raw) => {
        const name = safeFileName(raw);
        expect([...name].length).toBeGreaterThanOrEqual(1);
        expect([...name].length).toBeLessThanOrEqual(255);
        expect(name).not.toMatch(/[/\\\p{Cc}\p{Cs}\p{Bidi_Control}]/u);
      }),
    );
  });
});

describe('the media type of a file', () => {
  it.each([
    ['application/pdf', 'application/pdf'],
    ['Text/HTML; charset=utf-8', 'text/html'],
    ['image/svg+xml', 'image/svg+xml'],
    ['text/html\r\nSet-Cookie: a=b', 'application/octet-stream'],
    ['', 'application/octet-stream'],
    ['nonsense', 'application/octet-stream'],
    [`a/${'b'.repeat(200)}`, 'application/octet-stream'],
  ])('%j is stored as %j', (raw, mime) => {
    expect(safeMime(raw)).toBe(mime);
  });
});
