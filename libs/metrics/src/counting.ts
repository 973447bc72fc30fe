import type { Counter } from 'prom-client';

/**
 * Creates the series of all values of a counter's only label. Otherwise a series appears with its first event, and
 * Prometheus takes that event as the baseline instead of an increase.
 */
export function startAtZero<Label extends string>(
  counter: Counter<Label>,
  label: Label,
  values: readonly string[],
): void {
  for (const value of values) counter.inc({ [label]: value } as Record<Label, string>, 0);
}

/** Seconds since `began`, a time of `performance.now()`. */
export const secondsSince = (began: number): number => (performance.now() - began) / 1_000;
