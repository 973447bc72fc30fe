import { int8 } from './data-source.js';

describe('an integer from the database', () => {
  it.each(['0', '-1', '9007199254740991', '-9007199254740991', '4503599627370495'])('%s is read exactly', (text) => {
    expect(String(int8(text))).toBe(text);
  });

  it.each(['9007199254740992', '-9007199254740993', '9223372036854775807'])(
    '%s becomes NaN rather than another number, and does not affect other rows',
    (text) => {
      expect(int8(text)).toBeNaN();
      expect(JSON.stringify({ id: int8(text) })).toBe('{"id":null}');
    },
  );
});
