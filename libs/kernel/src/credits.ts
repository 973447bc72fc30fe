/** The unit of credits: a short name that a creator chooses, for example `scan`. */
export const CREDIT_UNIT = /^[a-z0-9_-]{1,32}$/;

/** Maximum number of credits in one pack, debit or reservation. */
export const MAX_CREDITS = 1_000_000_000;

/** The longest validity of a pack of credits, in days: a hundred years. */
export const MAX_CREDIT_DAYS = 36_500;

/**
 * True for an amount of credits that a pack, debit or reservation may have: a whole number from 1 to {@link
 * MAX_CREDITS}.
 */
export const isCreditAmount = (n: number) => Number.isSafeInteger(n) && n >= 1 && n <= MAX_CREDITS;

/** Formats credits for people: `1,500 scan`. */
export const creditsInWords = (amount: number, unit: string) => `${amount.toLocaleString('en-US')} ${unit}`;
