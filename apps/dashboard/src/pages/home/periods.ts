/** One UTC day of sales. */
export interface Day {
  readonly day: string;
  readonly stars: number;
  readonly orders: number;
}

const DAY = 86_400_000;
const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** The `length` days up to the day of `now`, oldest first, including those without sales. */
export function daysOf(sold: readonly Day[], now: Date, length: number): readonly Day[] {
  const known = new Map(sold.map((one) => [one.day, one]));
  return Array.from({ length }, (_, n) => {
    const day = dateOf(now.getTime() - (length - 1 - n) * DAY);
    return known.get(day) ?? { day, stars: 0, orders: 0 };
  });
}

/** The first of the last `length` days, and the day after the last, as the API accepts them. */
export const periodOf = (now: Date, length: number) => ({
  from: dateOf(now.getTime() - (length - 1) * DAY),
  to: dateOf(now.getTime() + DAY),
});

export const starsOf = (days: readonly Day[]) => days.reduce((sum, { stars }) => sum + stars, 0);

/** The relative growth of the last `length` days over those before; undefined without earlier sales. */
export function growth(days: readonly Day[], length: number): number | undefined {
  const before = starsOf(days.slice(-2 * length, -length));
  return before === 0 ? undefined : starsOf(days.slice(-length)) / before - 1;
}

const UNITS = [1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000];
const COURSES = 17;

/** Stars per brick, so that the best day fits the wall's height. */
export function brickOf(days: readonly Day[]): number {
  const most = Math.max(...days.map(({ stars }) => stars), 0);
  return UNITS.find((unit) => most / unit <= COURSES) ?? Math.ceil(most / COURSES);
}

/** Whole bricks of a day; at least one if there was a sale. */
export const bricks = (stars: number, unit: number) => (stars === 0 ? 0 : Math.max(1, Math.round(stars / unit)));
