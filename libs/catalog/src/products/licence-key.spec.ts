import { costOf } from '../../../../test/support/cost.js';
import { checkedKeys, hintOf, InvalidKeys, keyListOf, listedKeys, MAX_KEYS } from '../index.js';
import { MAX_KEY_LIST } from './key-list.js';

const CHUNK = 65_536;

/** Yields the file in pieces, as it arrives. @param onPiece is called before each */
async function* piecesOf(csv: string, onPiece?: () => void) {
  const bytes = Buffer.from(csv);
  for (let from = 0; from < bytes.length; from += CHUNK) {
    onPiece?.();
    yield bytes.subarray(from, from + CHUNK);
  }
}

const check = async (csv: string, onPiece?: () => void) =>
  checkedKeys(listedKeys(await keyListOf(piecesOf(csv, onPiece))), (line) => `line ${line}`);

describe('a file of licence keys', () => {
  it('has one key per line, with any line endings, quotes and a heading', async () => {
    expect(await check('\uFEFFKey\r\nAAAA-1\r\n\r\n"BB""BB, 2"\n  CCCC-3  \n')).toEqual([
      { line: 2, key: 'AAAA-1' },
      { line: 4, key: 'BB"BB, 2' },
      { line: 5, key: 'CCCC-3' },
    ]);
  });

  it('is rejected as a whole, with every invalid line', async () => {
    const csv = ['good', 'x'.repeat(257), 'two\u202ewords', 'x'.repeat(256)].join('\n');
    await expect(check(csv)).rejects.toMatchObject({ errors: [{ path: 'line 2' }, { path: 'line 3' }] });
    await expect(check('key\n\n')).rejects.toThrow(InvalidKeys);
    const many = (n: number) => Array.from({ length: n }, (_, i) => `k${i}`).join('\n');
    expect(await check(many(MAX_KEYS))).toHaveLength(MAX_KEYS);
    await expect(check(many(MAX_KEYS + 1))).rejects.toThrow(InvalidKeys);
  });

  it.each([
    ['nothing but line breaks', '\n'.repeat(MAX_KEY_LIST), 1],
    ['nothing but CRLF line breaks', '\r\n'.repeat(MAX_KEY_LIST / 2), 1],
    ['one line of combining marks', `a${'\u0315\u0300\u05ae'.repeat(MAX_KEY_LIST / 6)}`, 1],
    ['one line in quotes', `"${'""'.repeat(MAX_KEY_LIST / 2 - 1)}"`, 1],
    ['more keys than allowed', 'a\n'.repeat(MAX_KEY_LIST / 2), 1],
    ['larger than 4 MiB', `${'x'.repeat(249)}\n`.repeat(20_000), MAX_KEY_LIST / CHUNK + 1],
    ['blanks', `${' '.repeat(418)}\n`.repeat(10_000), MAX_KEY_LIST / CHUNK],
  ])('is rejected at little cost, without reading further, when it is %s', async (_, csv, pieces) => {
    expect(Buffer.byteLength(csv)).toBeGreaterThan(MAX_KEY_LIST - 10_000);
    let read = 0;
    const cost = await costOf(() => {
      read = 0;
      return expect(check(csv, () => (read += 1))).rejects.toThrow(InvalidKeys);
    });
    expect(cost).toBeLessThan(50);
    expect(read).toBe(pieces);
  });

  it('can have 20,000 lines with any line endings, and lines made long by quotes or combining marks', async () => {
    for (const end of ['\n', '\r\n', '\r'])
      expect(await check(`${end.repeat(19_999)}key`)).toEqual([{ line: 20_000, key: 'key' }]);
    await expect(check(`${'\r\n'.repeat(20_000)}key`)).rejects.toMatchObject({ errors: [{ path: 'file' }] });
    const quoted = `"${'""'.repeat(256)}"`;
    expect(await check(`first\n${quoted}`)).toEqual([
      { line: 1, key: 'first' },
      { line: 2, key: '"'.repeat(256) },
    ]);
    await expect(check(`first\n${'\u20ac'.repeat(10_000)}`)).rejects.toMatchObject({ errors: [{ path: 'line 2' }] });
  });
});

it('the hint of a key is its end, at most a quarter of it', () => {
  expect(['abc', 'abcd', 'abcdefgh', 'ABCD-EFGH-IJKL-MNOP', '🔑🔑🔑🔒'].map(hintOf)).toEqual([
    '',
    'd',
    'gh',
    'MNOP',
    '🔒',
  ]);
});
