import { costOf } from '../../../../test/support/cost.js';
import { checkedKeys, hintOf, InvalidKeys, listedKeys, MAX_KEYS, MAX_KEY_LIST } from '../index.js';

const check = async (csv: string) => checkedKeys(listedKeys(csv), (line) => `line ${line}`);

describe('a file of licence keys', () => {
  it('has one key per line, whatever the line ends, quotes and heading', async () => {
    expect(await check('\uFEFFKey\r\nAAAA-1\r\n\r\n"BB""BB, 2"\n  CCCC-3  \n')).toEqual([
      { line: 2, key: 'AAAA-1' },
      { line: 4, key: 'BB"BB, 2' },
      { line: 5, key: 'CCCC-3' },
    ]);
  });

  it('is refused as a whole, with every wrong line', async () => {
    const csv = ['good', 'x'.repeat(257), 'two\u202ewords', 'x'.repeat(256)].join('\n');
    await expect(check(csv)).rejects.toMatchObject({ errors: [{ path: 'line 2' }, { path: 'line 3' }] });
    await expect(check('key\n\n')).rejects.toThrow(InvalidKeys);
    const many = (n: number) => Array.from({ length: n }, (_, i) => `k${i}`).join('\n');
    expect(await check(many(MAX_KEYS))).toHaveLength(MAX_KEYS);
    await expect(check(many(MAX_KEYS + 1))).rejects.toThrow(InvalidKeys);
  });

  it.each([
    ['nothing but line breaks', '\n'.repeat(MAX_KEY_LIST)],
    ['nothing but line breaks of another system', '\r\n'.repeat(MAX_KEY_LIST / 2)],
    ['one line of combining marks', `a${'\u0315\u0300\u05ae'.repeat(MAX_KEY_LIST / 3)}`],
    ['one line in quotes', `"${'""'.repeat(MAX_KEY_LIST / 2 - 1)}"`],
    ['more keys than allowed', 'a\n'.repeat(MAX_KEY_LIST / 2)],
    ['blanks', `${' '.repeat(419)}\n`.repeat(10_000)],
  ])('is refused at little cost when it is %s', async (_, csv) => {
    expect(csv.length).toBeGreaterThan(MAX_KEY_LIST - 10);
    const cost = await costOf(() => expect(check(csv)).rejects.toThrow(InvalidKeys));
    expect(cost).toBeLessThan(50);
  });
});

it('a key is identified by its end, at most a quarter of it', () => {
  expect(['abc', 'abcd', 'abcdefgh', 'ABCD-EFGH-IJKL-MNOP', '🔑🔑🔑🔒'].map(hintOf)).toEqual([
    '',
    'd',
    'gh',
    'MNOP',
    '🔒',
  ]);
});
