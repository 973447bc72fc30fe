/** The source of time for services, which tests can move. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A time as the API returns it (ISO 8601). */
export const timeOrNull = (time: Date | null) => time?.toISOString() ?? null;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
