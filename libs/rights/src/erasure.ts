import type { UnderWay } from '#libs/database';
import { DomainError, NotFound } from '#libs/kernel';

const WORDS: Readonly<Record<UnderWay, string>> = {
  payment: 'a payment is being made or looked into',
  refund: 'a refund is on its way',
  delivery: 'goods are being handed over',
  message: 'something that they wrote is being worked on',
  question: 'a question of theirs waits for an answer',
  subscription: 'a subscription of theirs has not ended',
};
/** What may hold an erasure, in the order in which a refusal names it. */
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

/** Pseudonyms lie far below the ids of Telegram's groups and channels, which are negative, too (Bot API, Chat: at most 52 bits). */
const LOWEST = 2 ** 52;

/** A negative number by which nobody can be found. @param random from 0 up to 1 */
export const pseudonymFrom = (random: number) => -(LOWEST + Math.floor(random * (LOWEST - 1)) + 1);

/** A buyer and the number that stands for them from now on. */
export interface Pair {
  readonly telegramId: number;
  readonly pseudonym: number;
}
