// Arithmetic of benchmarks: medians, spreads, ratios and the table. No I/O.

/** The middle value; the mean of the two middle ones when there is an even number. NaN without values. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The smallest value that at least `share` (0 to 1) of the values do not exceed. NaN without values. */
export function percentile(values, share) {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

export const spread = (values) => ({ median: median(values), min: Math.min(...values), max: Math.max(...values) });

/** Ratios run by run: both figures of a pair were measured under the same load of the machine. */
export const ratios = (ours, theirs) => ours.slice(0, theirs.length).map((value, run) => value / theirs[run]);

/** Three significant digits, without an exponent. */
export function short(value) {
  if (!Number.isFinite(value)) return '-';
  const digits = value === 0 ? 0 : 2 - Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(4, Math.max(0, digits)));
}

/** `12.3 (11.9-14)`; only the value when there is one. */
export function shown(values) {
  if (values.length === 0) return '-';
  const { median: middle, min, max } = spread(values);
  return values.length === 1 ? short(middle) : `${short(middle)} (${short(min)}-${short(max)})`;
}

/**
 * @param results `{ row, ours, theirs?, against?, limit? }`: one figure per run in `ours` and `theirs`; `against` names the other system
 * @returns a table in Markdown
 */
export function table(results) {
  const lines = results.map(({ row, ours, theirs = [], against = '', limit = '' }) => {
    const ratio = theirs.length === 0 ? '' : shown(ratios(ours, theirs));
    return [row, shown(ours), theirs.length === 0 ? '' : `${shown(theirs)} ${against}`, ratio, limit];
  });
  const rows = [['figure', 'Starwall', 'against', 'ratio', 'limit'], ['---', '---', '---', '---', '---'], ...lines];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The contents of {@link table} as numbers. */
export const asJson = (results) =>
  results.map(({ ours, theirs, ...rest }) => ({
    ...rest,
    starwall: { runs: ours, ...spread(ours) },
    ...(theirs === undefined || theirs.length === 0
      ? {}
      : { against_runs: theirs, ratio: { runs: ratios(ours, theirs), ...spread(ratios(ours, theirs)) } }),
  }));
