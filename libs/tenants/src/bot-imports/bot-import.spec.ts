import { botIdIn, botListOf, InvalidBotList, MAX_IMPORT_BYTES, MAX_IMPORT_LINES, tokensIn } from './bot-import.js';

const token = (n: number) => `${1_000 + n}:${'A'.repeat(35)}`;
const tokens = (count: number) => Array.from({ length: count }, (_, n) => token(n)).join('\n');
const resultsIn = async (list: string) =>
  (await tokensIn(list)).map((it) => [it.line, it.token ?? it.refusal?.code] as const);

describe('a list of bots', () => {
  it('is text, CSV or JSON lines, with or without a header', async () => {
    const list = [
      'Token,name',
      `${token(1)},First`,
      '',
      ` ${token(2)} ; x`,
      JSON.stringify({ token: token(3), note: 1 }),
    ];
    const more = [JSON.stringify(token(4)), `"${token(5)}","a, b"`];
    expect(await resultsIn([...list, ...more].join('\r\n'))).toEqual([
      [2, token(1)],
      [4, token(2)],
      [5, token(3)],
      [6, token(4)],
      [7, token(5)],
    ]);
  });

  it('continues after an invalid or repeated token, and no error shows a token', async () => {
    const found = await tokensIn([token(1), 'hello', '{"token":7}', '{"token', token(1)].join('\n'));
    expect(found.map((it) => it.refusal?.code)).toEqual([
      undefined,
      'token_malformed',
      'token_malformed',
      'token_malformed',
      'token_repeated',
    ]);
    expect(JSON.stringify(found.map((it) => [it.refusal?.message, it.refusal?.remedy]))).not.toContain('AAAA');
  });

  it.each([
    ['without a token', '', 'no token'],
    ['with a header only', 'token\n', 'no token'],
    ['with too many tokens', tokens(MAX_IMPORT_LINES + 1), `more than ${MAX_IMPORT_LINES} tokens`],
    ['with too many lines', '\n'.repeat(2 * MAX_IMPORT_LINES), 'too many lines'],
    ['with a line that is too long', `\n${'x'.repeat(1_025)}`, 'line 2 is too long'],
  ])('is refused %s', async (_, list, why) => {
    const refused = tokensIn(list);
    await expect(refused).rejects.toThrow(InvalidBotList);
    await expect(refused).rejects.toThrow(why);
  });

  it('can reach the limits exactly', async () => {
    expect(await tokensIn(tokens(MAX_IMPORT_LINES))).toHaveLength(MAX_IMPORT_LINES);
    expect(await tokensIn(token(1) + '\n'.repeat(2 * MAX_IMPORT_LINES - 1))).toHaveLength(1);
    expect(await resultsIn('x'.repeat(1_024))).toEqual([[1, 'token_malformed']]);
    const full = async function* () {
      yield Buffer.alloc(MAX_IMPORT_BYTES, 'x');
    };
    expect(await botListOf(full())).toHaveLength(MAX_IMPORT_BYTES);
  });

  it('has a header only at its start', async () => {
    expect(await resultsIn(`token\n${token(1)}\ntoken`)).toEqual([
      [2, token(1)],
      [3, 'token_malformed'],
    ]);
  });

  it('is refused as soon as it is too long, and if it is not UTF-8', async () => {
    const endless = async function* () {
      for (;;) yield Buffer.alloc(65_536, 'x');
    };
    await expect(botListOf(endless())).rejects.toThrow(`${MAX_IMPORT_BYTES}`);
    const latin = async function* () {
      yield Buffer.from([0xe9]);
    };
    await expect(botListOf(latin())).rejects.toThrow('UTF-8');
  });

  it('reveals the id of the bot in a token', () => {
    expect(botIdIn(token(7))).toBe(1_007);
  });
});
