import type { UnderWay } from '#libs/database';
import { DomainError, NotFound } from '#libs/kernel';

const WORDS: Readonly<Record<UnderWay, string>> = {
  payment: 'a payment is in progress or under investigation',
  refund: 'a refund is in progress',
  delivery: 'goods are being delivered',
  message: 'a message of theirs is being processed',
  question: 'a question of theirs has not been answered yet',
  subscription: 'a subscription of theirs is active',
};
/** Reasons to postpone an erasure, in the order of the refusal's text. */
export const UNDER_WAY = Object.keys(WORDS) as readonly UnderWay[];
export type { UnderWay };

export class BuyerBusy extends DomainError {
  static readonly code = 'buyer_busy';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Wait until it has ended, or end it: answer or close the question, refund what cannot be delivered; cancel or refund a subscription.';

  constructor(readonly underWay: readonly UnderWay[]) {
    super(`This buyer cannot be erased now: ${underWay.map((one) => WORDS[one]).join('; ')}.`);
  }
}

export class NoSuchBuyer extends NotFound {
  constructor() {
    super('buyer');
  }
}

/**
 * Pseudonyms are far below the ids of Telegram's groups and channels, which are also negative (Bot API, Chat: at most
 * 52 bits).
 */
const LOWEST = 2 ** 52;

/** Returns a negative number that cannot be a Telegram id. @param random from 0 up to 1 */
export const pseudonymFrom = (random: number) => -(LOWEST + Math.floor(random * (LOWEST - 1)) + 1);

/** A buyer and their pseudonym. */
export interface Pair {
  readonly telegramId: number;
  readonly pseudonym: number;
}
