/** UTC days: the first one, and the one after the last. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

const MONTHS = 12;

/** @param month 0 for January; a month beyond 0 to 11 is in another year */
function monthOf(year: number, month: number): string {
  const at = new Date(Date.UTC(year, month));
  return `${String(at.getUTCFullYear())}-${String(at.getUTCMonth() + 1).padStart(2, '0')}`;
}

/** The last twelve months as `2026-11`, latest first. */
export const monthsUntil = (now: Date): readonly string[] =>
  Array.from({ length: MONTHS }, (_, back) => monthOf(now.getUTCFullYear(), now.getUTCMonth() - back));

/** This year and the year before as `2026`. */
export const yearsUntil = (now: Date): readonly string[] =>
  [now.getUTCFullYear(), now.getUTCFullYear() - 1].map(String);

/** @param name a year, or a month of a year */
export function periodOf(name: string): Period {
  const [year = 0, month] = name.split('-').map(Number);
  const [first, length] = month === undefined ? [0, MONTHS] : [month - 1, 1];
  return { from: `${monthOf(year, first)}-01`, to: `${monthOf(year, first + length)}-01` };
}
