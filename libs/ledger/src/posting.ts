import type { Stars } from '#libs/kernel';

/**
 * Where Stars are. `telegram` is the bot's balance at Telegram; against it stand `earned`, what the creator sold, and `held`, money
 * that came without a sale and waits to go back or to be matched.
 */
export type Account = 'telegram' | 'earned' | 'held';

export interface Entry {
  readonly account: Account;
  /** Signed. The entries of one posting add up to zero. */
  readonly stars: number;
}

/** Stars arrived at Telegram. */
export const received = (stars: Stars, against: 'earned' | 'held'): readonly Entry[] => [
  { account: 'telegram', stars },
  { account: against, stars: -stars },
];

/** Stars went back to the buyer. */
export const returned = (stars: Stars, against: 'earned' | 'held'): readonly Entry[] => [
  { account: 'telegram', stars: -stars },
  { account: against, stars },
];
