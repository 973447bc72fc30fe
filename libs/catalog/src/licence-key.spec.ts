import { checkedKeys, hintOf, InvalidKeys, listedKeys, MAX_KEYS } from './index.js';

const check = (csv: string) => checkedKeys(listedKeys(csv), (line) => `line ${line}`);

describe('a file of licence keys', () => {
  it('has one key on each line, however programs end lines, quote and head them', () => {
    expect(check('\uFEFFKey\r\nAAAA-1\r\n\r\n"BB""BB, 2"\n  CCCC-3  \n')).toEqual([
      { line: 2, key: 'AAAA-1' },
      { line: 4, key: 'BB"BB, 2' },
      { line: 5, key: 'CCCC-3' },
    ]);
  });

  it('is refused as a whole, and every line that is wrong is named', () => {
    const csv = ['good', 'x'.repeat(257), 'two\u202ewords', 'x'.repeat(256)].join('\n');
    const refusal = (() => {
      try {
        return check(csv);
      } catch (error) {
        return error instanceof InvalidKeys && error.errors.map((each) => each.path);
      }
    })();
    expect(refusal).toEqual(['line 2', 'line 3']);
    expect(() => check('key\n\n')).toThrow(InvalidKeys);
    const many = (n: number) => Array.from({ length: n }, (_, i) => `k${i}`).join('\n');
    expect(check(many(MAX_KEYS))).toHaveLength(MAX_KEYS);
    expect(() => check(many(MAX_KEYS + 1))).toThrow(InvalidKeys);
  });
});

it('a key is known by its end, of which a quarter at most is shown', () => {
  expect(['abc', 'abcd', 'abcdefgh', 'ABCD-EFGH-IJKL-MNOP', '🔑🔑🔑🔒'].map(hintOf)).toEqual([
    '',
    'd',
    'gh',
    'MNOP',
    '🔒',
  ]);
});
