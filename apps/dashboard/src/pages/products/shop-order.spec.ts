import { inShopOrder, moved, placed } from './shop-order';

const product = (id: string, position: number, state = 'active') => ({ id, position, state, created_at: id });
const after = (rows: readonly ReturnType<typeof product>[]) => {
  const changes = new Map(placed(rows).map(({ id, position }) => [id, position]));
  return inShopOrder(rows.map((row) => ({ ...row, position: changes.get(row.id) ?? row.position }))).map(
    ({ id }) => id,
  );
};

describe('the order of a shop', () => {
  it('is by position, then oldest first, without what is not on sale', () => {
    const rows = [product('b', 0), product('a', 0), product('c', -1), product('d', 0, 'archived')];
    expect(inShopOrder(rows).map(({ id }) => id)).toEqual(['c', 'a', 'b']);
  });

  it.each([
    [0, 2],
    [2, 0],
    [3, 1],
    [1, 9],
    [2, 2],
  ])('becomes what was dragged, from %i to %i', (from, to) => {
    for (const positions of [
      [0, 0, 0, 0],
      [1, 2, 3, 4],
      [-5, 0, 0, 7],
    ]) {
      const rows = ['a', 'b', 'c', 'd'].map((id, n) => product(id, positions[n] ?? 0));
      const wanted = moved(rows, from, to);
      expect(after(wanted)).toEqual(wanted.map(({ id }) => id));
    }
  });

  it('changes one product if its place is free', () => {
    const [a, b, c] = [product('a', 10), product('b', 20), product('c', 30)];
    expect(placed([a, b, c])).toEqual([]);
    expect(placed([a, c, b])).toHaveLength(1);
  });
});
