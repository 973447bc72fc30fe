import { FileTooLarge, MAX_FILE_BYTES } from '#libs/catalog';
import { FileNotFetched, fileIn } from './fetched-file.js';

const address = 'https://creator.com/reports/%D0%9E%D1%82%D1%87%D1%91%D1%82.pdf?key=secret';
const answered = (headers: Record<string, string> = {}, status = 200) => fileIn(address, { status, headers });
const refusalOf = (headers: Record<string, string>, status = 200) => {
  try {
    return answered(headers, status);
  } catch (error) {
    return error;
  }
};

describe('a file at an address', () => {
  it('gets its name from its server, or else from its address', () => {
    const named = { 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="a report.pdf"` };
    expect(answered(named)).toEqual({ name: 'a report.pdf', mime: 'application/pdf' });
    expect(answered({ 'content-disposition': `inline; filename=x; filename*=UTF-8''%D0%93.pdf` }).name).toBe('Г.pdf');
    expect(answered()).toEqual({ name: 'Отчёт.pdf', mime: '' });
    expect(fileIn('https://creator.com/%E0%A4', { status: 200, headers: {} }).name).toBe('%E0%A4');
    expect(fileIn('https://creator.com/', { status: 200, headers: {} }).name).toBe('');
  });

  it.each([
    ['a redirect', {}, 302, /answered 302, and redirects are not followed/, false],
    ['a missing file', {}, 404, /answered 404/, false],
    ['an empty response', {}, 204, /answered 204/, false],
    ['a server that is busy', {}, 429, /answered 429/, true],
    ['a server that is broken', {}, 503, /answered 503/, true],
    ['an encoded body', { 'content-encoding': 'gzip' }, 200, /content-encoding/, false],
    ['a login form', { 'content-type': 'Text/HTML; charset=utf-8' }, 200, /a web page/, false],
  ])('is not fetched in the case of %s', (_what, headers, status, words, passing) => {
    const refusal = refusalOf(headers, status);
    expect(refusal).toBeInstanceOf(FileNotFetched);
    expect(refusal).toMatchObject({ message: expect.stringMatching(words), passing });
    expect(String(refusal)).not.toContain('secret');
  });

  it('can be a web page if its server declares it an attachment', () => {
    const headers = { 'content-type': 'text/html', 'content-disposition': 'attachment' };
    expect(answered(headers).mime).toBe('text/html');
  });

  it('is not fetched if its declared size is too large', () => {
    expect(() => answered({ 'content-length': `${MAX_FILE_BYTES + 1}` })).toThrow(FileTooLarge);
    expect(() => answered({ 'content-length': `${MAX_FILE_BYTES}` })).not.toThrow();
  });
});
