import { moved, paged } from './moves';

describe('moving a row', () => {
  it.each([
    [0, 2, 'bcad'],
    [2, 0, 'cabd'],
    [3, 1, 'adbc'],
    [1, 9, 'acdb'],
    [2, 2, 'abcd'],
  ])('from %i to %i reorders the list', (from, to, expected) => {
    expect(moved([...'abcd'], from, to).join('')).toBe(expected);
  });

  it('keeps the length of each page', () => {
    const pages = [
      { has_more: true, data: ['a', 'b'] },
      { has_more: false, data: ['c'] },
    ];
    expect(paged(pages, ['c', 'a', 'b'])).toEqual([
      { has_more: true, data: ['c', 'a'] },
      { has_more: false, data: ['b'] },
    ]);
  });
});
