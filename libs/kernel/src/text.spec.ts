import { costOf } from '../../../test/support/cost.js';
import { normalText, type TextRule, textProblem } from './index.js';

const RULE: TextRule = { max: 4_096, unit: 'UTF-16 units', lines: true, marks: true };
const MARKS = '\u0315\u0300\u05ae';

const problem = (raw: string, rule: TextRule = RULE) => textProblem(normalText(raw, rule), rule);

describe('a text', () => {
  it('is measured as stored, not as sent', () => {
    const rule = { ...RULE, max: 10 };
    // NFC composes these four code points into one, which is the maximum.
    const decomposed = '\u03b1\u0313\u0300\u0345';
    expect(problem(decomposed.repeat(10), rule)).toBeUndefined();
    expect(normalText(decomposed.repeat(10), rule)).toBe('\u1f82'.repeat(10));
    expect(problem(decomposed.repeat(11), rule)).toMatch(/1 to 10 characters/);
    expect(problem('\u{1109b}\u{110ba}'.repeat(10), { ...rule, unit: 'code points' })).toBeUndefined();
    expect(problem('a\r\n'.repeat(5), rule)).toBeUndefined();
  });

  it('shrinks to a quarter at most in NFC', () => {
    let least = 1;
    for (let code = 0; code <= 0x10ffff; code += 1) {
      const composed = String.fromCodePoint(code).normalize('NFC');
      const decomposed = composed.normalize('NFD');
      least = Math.min(least, composed.length / decomposed.length, [...composed].length / [...decomposed].length);
    }
    expect(least).toBe(1 / 4);
  });

  it('can have as many combining marks in a row as any script uses', () => {
    expect(problem(`a${MARKS.repeat(10)}b`)).toBeUndefined();
    expect(problem(`a${MARKS.repeat(11)}b`)).toMatch(/combining marks/);
  });

  it.each([
    ['a', {}, /^fine$/],
    ['', {}, /1 to 5 .*, it has 0$/],
    ['12345', {}, /^fine$/],
    ['123456', {}, /, it has more$/],
    ['123456', { unit: 'code points' }, /, it has 6$/],
    ['😀'.repeat(5), { unit: 'code points' }, /^fine$/],
    ['😀'.repeat(6), { unit: 'code points' }, /, it has more$/],
    ['\ud83d', {}, /half of a surrogate pair/],
    ['a\nb\tc', {}, /^fine$/],
    ['a\nb', { lines: false }, /control characters or line breaks/],
    ['a\u0007b', {}, /other than line breaks and tabs/],
    ['a\u2028b', {}, /control characters/],
    ['\u05d0\u200f!', {}, /^fine$/],
    ['\u05d0\u200f!', { marks: false }, /writing direction/],
    ['a\u202eb', {}, /writing direction/],
    ['a\u202eb', { marks: false }, /writing direction/],
    ['\u200b \u2800', {}, /one visible character/],
  ] satisfies [string, Partial<TextRule>, RegExp][])('%j with %j: %s', (text, changes, said) => {
    expect(textProblem(text, { ...RULE, max: 5, ...changes }) ?? 'fine').toMatch(said);
  });

  it.each([
    ['endless combining marks', `a${MARKS.repeat(1_400_000)}`],
    ['as many combining marks as fit', `a${MARKS.repeat(5_461)}`],
    ['thirty marks, repeated', `a${MARKS.repeat(10)}`.repeat(528)],
    ['thirty marks, repeated far too often', `a${MARKS.repeat(10)}`.repeat(100_000)],
    ['decomposed Hangul', '\u1100\u1161\u11a8'.repeat(5_461)],
    ['line breaks', '\n'.repeat(4_000_000)],
    ['blanks and a letter', `${' '.repeat(4_000_000)}a`],
    ['lone surrogates', '\ud83d'.repeat(4_000_000)],
  ])('is checked at little cost for any input: %s', async (_, raw) => {
    const cost = await costOf(() => problem(raw));
    expect(cost).toBeLessThan(50);
  });
});
