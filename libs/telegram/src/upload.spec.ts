import { uploadName } from './upload.js';

/** Returns the name that the Bot API server reads from an unquoted `filename=...`. */
const read = (written: string) =>
  decodeURIComponent((written.split(';')[0] ?? '').trim().replaceAll(/%(?![0-9a-f]{2})/gi, '%25'));

describe('the name of an uploaded file', () => {
  it.each([
    'Kurs; Teil 1.pdf',
    'a;b;c.pdf',
    '100%.pdf',
    '100%de;%3B.pdf',
    '50%;.pdf',
    'Руководство по боту.pdf',
    '日本語 ガイド.pdf',
    'हिन्दी.pdf',
    'دليل المستخدم.pdf',
    "it's = ok & fine.pdf",
    '👨‍👩‍👧‍👦 🇩🇪.pdf',
  ])('arrives unchanged: %s', (name) => expect(read(uploadName(name))).toBe(name));

  it.each([
    ['"Kurs" 1.pdf', 'ʺKursʺ 1.pdf'],
    ['a\r\nb\u0000\u2028c.pdf', 'a b c.pdf'],
    ['\n', 'file'],
  ])('%j arrives as %s', (name, arrived) => expect(read(uploadName(name))).toBe(arrived));
});
