import { fc } from '../../../test/support/properties.js';
import { clip, splitText } from './clip.js';

const FAMILY = '👨‍👩‍👧‍👦';
const FLAG = '🇩🇪';
const DEVANAGARI = 'क्षि';
const DOTTED = 'e\u0323\u0302';
const CHARACTERS = [FAMILY, FLAG, DEVANAGARI, DOTTED, '👍🏽', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '한', 'ä', 'x', '\r\n'];

const seen = (text: string) =>
  [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].map((it) => it.segment);
const texts = fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 200 }).map((parts) => parts.join(''));

describe('a clipped text', () => {
  it('is unchanged when it just fits', () => {
    expect(clip('x'.repeat(4_096), 4_096)).toBe('x'.repeat(4_096));
    expect(clip('😀'.repeat(5), 5, { unit: 'code points' })).toBe('😀'.repeat(5));
    expect(clip('', 0)).toBe('');
  });

  it('ends with an ellipsis within the limit', () => {
    expect(clip('abcde', 4)).toBe('abc…');
    expect(clip('x'.repeat(4_097), 4_096)).toBe(`${'x'.repeat(4_095)}…`);
    expect(clip('😀'.repeat(6), 5, { unit: 'code points' })).toBe(`${'😀'.repeat(4)}…`);
    expect(clip('abcde', 3, { mark: '' })).toBe('abc');
  });

  it.each(CHARACTERS.filter((character) => character.length > 1))('never shows part of %j', (character) => {
    for (let max = 1; max < 3 * character.length + 3; max += 1) {
      const shown = clip(`ab${character.repeat(3)}`, max).replace(/…$/, '');
      expect(['', 'a', 'ab', `ab${character}`, `ab${character.repeat(2)}`, `ab${character.repeat(3)}`]).toContain(
        shown,
      );
    }
  });

  it('keeps whole characters within the limit, for any characters', () => {
    fc.assert(
      fc.property(
        texts,
        fc.integer({ min: 45, max: 300 }),
        fc.constantFrom('UTF-16 units', 'code points'),
        (text, max, unit) => {
          const shown = clip(text, max, { unit });
          expect(unit === 'code points' ? [...shown].length : shown.length).toBeLessThanOrEqual(max);
          const kept = shown === text ? seen(text) : seen(shown.replace(/…$/, ''));
          expect(seen(text).slice(0, kept.length)).toEqual(kept);
        },
      ),
    );
  });

  it('is cut between code points when one letter has too many marks', () => {
    const heap = `a${'\u0315\u0300\u05ae'.repeat(100_000)}`;
    expect(clip(heap, 4_096)).toHaveLength(4_096);
    expect(clip(`${heap}😀`, 200).isWellFormed()).toBe(true);
    expect(clip(`😀${'\u{1F3FB}'.repeat(500)}`, 201).isWellFormed()).toBe(true);
  });

  it('is never empty, even if its first character has to be cut', () => {
    const shown = (max: number) => clip(`${FAMILY}x`, max, { mark: '' });
    expect([1, 2, 3, 4].map((max) => shown(max).length)).toEqual([1, 2, 3, 3]);
  });

  it('keeps a character whole if fewer than 64 units of it fit', () => {
    const text = `xa${'\u0315'.repeat(200)}`;
    expect(clip(text, 64, { mark: '' })).toBe('x');
    expect(clip(text, 65, { mark: '' })).toHaveLength(65);
  });

  it.each(['\u{1e000}', '\u{1f3ff}'])('is not cut within a mark of two UTF-16 units: %j', (mark) => {
    const heap = `a${mark.repeat(200)}`;
    for (const max of [101, 102]) expect(clip(heap, max, { mark: '' }).isWellFormed()).toBe(true);
  });
});

describe('a text split into messages', () => {
  it('is a single part when it fits', () => {
    expect(splitText('short', 4_096)).toEqual(['short']);
    expect(splitText('x'.repeat(4_096), 4_096)).toHaveLength(1);
  });

  it('is cut at the end of a line, or at a space', () => {
    expect(splitText('first line\nsecond', 12)).toEqual(['first line\n', 'second']);
    expect(splitText('one two three', 10)).toEqual(['one two ', 'three']);
  });

  it('has no blank part', () => {
    expect(splitText(`a${' '.repeat(30)}b`, 10).every((part) => part.trim() !== '')).toBe(true);
  });

  it('loses nothing and splits no character', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const visible = `x${text.replaceAll('\r\n', 'n')}x`;
        const parts = splitText(visible, 50);
        expect(parts.join('')).toBe(visible);
        expect(parts.flatMap(seen)).toEqual(seen(visible));
        expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(50);
      }),
    );
  });
});
