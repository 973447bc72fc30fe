import { readMultipart } from './multipart.js';

const TYPE = 'multipart/form-data; boundary=----x';
const part = (head: string, content = 'hello') => `------x\r\n${head}\r\n\r\n${content}\r\n`;
const body = (...parts: string[]) => Buffer.from(`${parts.join('')}------x--\r\n`);
const nameIn = (parameter: string) =>
  readMultipart(body(part(`content-disposition:form-data;name="a";filename=${parameter}`)), TYPE)[0]?.filename;

describe('the name of a file uploaded to the Bot API', () => {
  it.each([
    ['Kurs Teil 1.pdf', 'Kurs Teil 1.pdf'],
    ['Kurs; Teil 1.pdf', 'Kurs'],
    ['"Kurs; Teil 1.pdf"', 'Kurs; Teil 1.pdf'],
    ['Kurs%3B Teil 1.pdf', 'Kurs; Teil 1.pdf'],
    ['"a \\"b\\" c.pdf"', 'a "b" c.pdf'],
    ['a "b" c.pdf', 'a "b" c.pdf'],
    ['100%.pdf', '100%.pdf'],
    ['100%25de.pdf', '100%de.pdf'],
    ['%D0%93 Гид.pdf', 'Г Гид.pdf'],
    ['हिन्दी ガイド 👨‍👩‍👧.pdf', 'हिन्दी ガイド 👨‍👩‍👧.pdf'],
    ['  x.pdf  ', 'x.pdf'],
  ])('%s is read as %s', (written, read) => expect(nameIn(written)).toBe(read));

  it.each(['"never closed.pdf', '"a" b.pdf'])('%s is refused', (written) => {
    expect(() => nameIn(written)).toThrow(/Content-Disposition/);
  });
});

it('readMultipart reads parameters and files with any content', () => {
  const bytes = '\r\n--\r\n------y\r\n';
  const parts = readMultipart(
    body(
      part('content-disposition:form-data;name="chat_id"', '7'),
      part('Content-Type: application/pdf\r\nContent-Disposition: form-data; name="d"; filename="a.pdf"', bytes),
      part('content-disposition:form-data;name="caption"', ''),
    ),
    TYPE,
  );
  expect(parts.map((it) => [it.name, it.filename, it.mimeType, it.content.toString()])).toEqual([
    ['chat_id', undefined, 'application/octet-stream', '7'],
    ['d', 'a.pdf', 'application/pdf', bytes],
    ['caption', undefined, 'application/octet-stream', ''],
  ]);
});

it.each([
  [body(), 'multipart/form-data', /boundary/],
  [Buffer.from('------x\r\ncontent-disposition:form-data;name="a"\r\n\r\nhalf'), TYPE, /parse/],
  [body(part('x: y')), TYPE, /field name/],
  [body(part('content-disposition: attachment; name="a"')), TYPE, /form-data/],
])('readMultipart rejects a body that is not multipart', (bytes, type, why) =>
  expect(() => readMultipart(bytes, type)).toThrow(why),
);
