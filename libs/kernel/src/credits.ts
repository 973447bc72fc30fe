/** What credits are counted in: a short name that a creator chooses, for example `scan`. */
export const CREDIT_UNIT = /^[a-z0-9_-]{1,32}$/;

/** The most credits that move at once: in one pack, one debit, one reservation. */
export const MAX_CREDITS = 1_000_000_000;

/** The most days for which a pack of credits may be good: a hundred years. */
export const MAX_CREDIT_DAYS = 36_500;

/** Whether `n` can be an amount of credits that moves: whole, from 1 to {@link MAX_CREDITS}. */
export const isCreditAmount = (n: number) => Number.isSafeInteger(n) && n >= 1 && n <= MAX_CREDITS;

/** `1,500 scan`, as people read it. */
export const creditsInWords = (amount: number, unit: string) => `${amount.toLocaleString('en-US')} ${unit}`;
