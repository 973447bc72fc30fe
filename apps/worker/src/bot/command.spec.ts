import { argumentsProblem, commandIn } from './command.js';

const typed = (text: string, length: number) =>
  commandIn({ text, entities: [{ type: 'bot_command', offset: 0, length }] }, 'shop_bot');

describe('a command', () => {
  it('is read with the text after it', () => {
    expect(typed('/chart', 6)).toEqual({ name: 'chart', arguments: null });
    expect(typed('/chart  BTC 1d ', 6)).toEqual({ name: 'chart', arguments: 'BTC 1d' });
    expect(typed('/chart\nline one\r\nline two', 6)).toEqual({ name: 'chart', arguments: 'line one\nline two' });
  });

  it("may be capitalised and include the bot's name", () => {
    expect(typed('/Chart BTC', 6)).toEqual({ name: 'chart', arguments: 'BTC' });
    expect(typed('/chart@Shop_Bot BTC', 15)).toEqual({ name: 'chart', arguments: 'BTC' });
  });

  it('is ignored when it is for another bot or in the middle of a text', () => {
    expect(typed('/chart@other_bot', 16)).toBeUndefined();
    expect(
      commandIn({ text: 'see /chart', entities: [{ type: 'bot_command', offset: 4, length: 6 }] }, 'shop_bot'),
    ).toBeUndefined();
    expect(commandIn({ text: 'hello' }, 'shop_bot')).toBeUndefined();
  });
});

describe('the text after a command', () => {
  it('may be missing, unless the command requires it', () => {
    expect(argumentsProblem(null, false)).toBeUndefined();
    expect(argumentsProblem(null, true)).toBe('how');
  });

  it('has at most 1,000 characters', () => {
    expect(argumentsProblem('😀'.repeat(1_000), true)).toBeUndefined();
    expect(argumentsProblem('x'.repeat(1_001), false)).toBe('too_long');
  });

  it('contains no NUL and no lone surrogates', () => {
    expect(argumentsProblem('a\0b', false)).toBe('how');
    expect(argumentsProblem('a\ud83d', false)).toBe('how');
  });
});
