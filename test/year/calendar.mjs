import { DAY, HOUR, MINUTE } from './time.mjs';

/** The moments at which Europe/Berlin changes its clocks in the years that a run can reach. */
const CLOCK_CHANGES = ['2027-10-31T01:00:00Z', '2028-03-26T01:00:00Z', '2028-10-29T01:00:00Z'].map((at) =>
  Date.parse(at),
);

/** Returns the start of the month that is `months` after the one starting at `start`. */
export const monthAfter = (start, months) =>
  Date.UTC(new Date(start).getUTCFullYear(), new Date(start).getUTCMonth() + months, 1);

/**
 * Returns the moments of purchases: noon of every `every`-th day, and both sides of every month's end and of every change of the clocks. A
 * month is checked at `closing`, an hour after its end.
 * @returns {{ at: number, closes?: number }[]} in order; `closes` is the number of the month, from 1
 */
export function stops(start, months, every) {
  const end = monthAfter(start, months);
  const found = [];
  for (let at = start + 12 * HOUR; at < end; at += every * DAY) found.push({ at });
  for (let month = 1; month <= months; month += 1) {
    const midnight = monthAfter(start, month);
    found.push({ at: midnight - 30 * MINUTE }, { at: midnight + 30 * MINUTE }, { at: midnight + HOUR, closes: month });
  }
  for (const at of CLOCK_CHANGES.filter((change) => change > start && change < end))
    found.push({ at: at - MINUTE }, { at: at + MINUTE });
  return found.toSorted((a, b) => a.at - b.at);
}
