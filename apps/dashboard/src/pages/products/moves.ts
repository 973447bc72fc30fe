/** Moves one row to another position. */
export function moved<Row>(rows: readonly Row[], from: number, to: number): readonly Row[] {
  const rest = rows.toSpliced(from, 1);
  const row = rows.slice(from, from + 1);
  return rest.toSpliced(Math.max(0, Math.min(rest.length, to)), 0, ...row);
}

/** The same pages with their rows in another order. */
export function paged<Row, Page extends { readonly data: readonly Row[] }>(
  pages: readonly Page[],
  rows: readonly Row[],
): Page[] {
  let from = 0;
  return pages.map((page) => {
    const data = rows.slice(from, from + page.data.length);
    from += page.data.length;
    return { ...page, data };
  });
}
