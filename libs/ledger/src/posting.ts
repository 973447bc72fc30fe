import type { Stars } from '#libs/kernel';

/**
 * Accounts of Stars. `telegram` is the bot's balance at Telegram; its counterparts are `earned`, the creator's sales,
 * and `held`, money without a sale that waits to be returned or matched.
 */
export type Account = 'telegram' | 'earned' | 'held';

export interface Entry {
  readonly account: Account;
  /** Signed. The sum of one posting's entries is zero. */
  readonly stars: number;
}

/** Entries for Stars that arrived at Telegram. */
export const received = (stars: Stars, against: 'earned' | 'held'): readonly Entry[] => [
  { account: 'telegram', stars },
  { account: against, stars: -stars },
];

/** Entries for Stars without a sale that have become the price of one. They stay at Telegram. */
export const matched = (stars: Stars): readonly Entry[] => [
  { account: 'held', stars },
  { account: 'earned', stars: -stars },
];

/** Entries for Stars that went back to the buyer. */
export const returned = (stars: Stars, against: 'earned' | 'held'): readonly Entry[] => [
  { account: 'telegram', stars: -stars },
  { account: against, stars },
];
