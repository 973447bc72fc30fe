import { MAX_POSITION } from './product.js';
import { type Place, positionBetween, spacingOf } from './shop-order.js';

const at = (id: string, position: number): Place => ({ id, position });
const sorted = (...places: Place[]) => places.toSorted((a, b) => a.position - b.position || a.id.localeCompare(b.id));

describe('a place in the shop', () => {
  it.each([
    ['b', at('a', 0), at('c', 0)],
    ['b', at('a', 0), at('c', 9)],
    ['z', at('a', 0), at('c', 9)],
    ['a', at('b', 0), at('c', 9)],
    ['a', at('b', 0), at('c', 1)],
    ['z', at('b', 0), at('c', 1)],
    ['z', at('b', -5), at('c', -3)],
    ['a', at('b', -5), at('c', -3)],
    ['b', undefined, at('c', 0)],
    ['z', undefined, at('c', 0)],
    ['z', at('c', 7), undefined],
    ['z', undefined, undefined],
  ])('for %s lies between its neighbours', (id, before, after) => {
    const position = positionBetween(id, before, after);
    const order = [before, at(id, Number(position)), after].filter((one) => one !== undefined);
    expect(sorted(...order)).toEqual(order);
  });

  it.each([
    ['a', at('b', 0), at('c', 0)],
    ['z', at('b', 0), at('c', 0)],
    ['a', at('b', 0), undefined],
    ['z', undefined, at('c', -MAX_POSITION)],
  ])('for %s exists only after renumbering', (id, before, after) => {
    expect(positionBetween(id, before, after)).toBeUndefined();
  });

  it('for a later product is at the end, with position 0', () => {
    expect(positionBetween('z', at('a', 0), undefined)).toBe(0);
  });
});

it('the positions of all products of a shop stay within their bounds', () => {
  for (const count of [0, 1, 2, 1_000, 100_000, MAX_POSITION])
    expect(spacingOf(count) * Math.max(0, count - 1)).toBeLessThanOrEqual(MAX_POSITION);
});
