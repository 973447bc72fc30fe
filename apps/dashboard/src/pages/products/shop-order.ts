interface Placed {
  readonly id: string;
  readonly state: string;
  readonly position: number;
  readonly created_at: string;
}

/** The products that a shop shows, as it shows them: by position, then oldest first. */
export const inShopOrder = <Product extends Placed>(products: readonly Product[]): readonly Product[] =>
  products
    .filter(({ state }) => state === 'active')
    .toSorted((a, b) => a.position - b.position || a.created_at.localeCompare(b.created_at));

/** Moves one of several to another place. */
export function moved<Row>(rows: readonly Row[], from: number, to: number): readonly Row[] {
  const rest = rows.toSpliced(from, 1);
  const row = rows.slice(from, from + 1);
  return rest.toSpliced(Math.max(0, Math.min(rest.length, to)), 0, ...row);
}

/** The fewest new positions that put products into this order: those whose position still fits keep it. */
export function placed<Product extends Placed>(order: readonly Product[]): { id: string; position: number }[] {
  const changes: { id: string; position: number }[] = [];
  let last = Number.NEGATIVE_INFINITY;
  order.forEach(({ id, position }, n) => {
    const next = order[n + 1];
    const fits = position > last && (next === undefined || position < next.position);
    if (fits) {
      last = position;
      return;
    }
    last = Number.isFinite(last) ? last + 1 : Math.min(...order.map((one) => one.position));
    if (last !== position) changes.push({ id, position: last });
  });
  return changes;
}
