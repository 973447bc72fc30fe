import { DomainError, HOUR } from '#libs/kernel';

/** `open` waits for the creator, `answered` for the buyer. A closed thread stays closed: the next question opens another one. */
export type ThreadState = 'open' | 'answered' | 'closed';

/** Where a creator's answer is. `unreachable`: the buyer blocked the bot or is gone. */
export type AnswerDelivery = 'waiting' | 'sent' | 'unreachable' | 'failed';

/** Messages that a buyer may write into one thread within {@link WRITING_WINDOW_MS}. */
export const MAX_BUYER_MESSAGES = 20;
export const WRITING_WINDOW_MS = HOUR;

/** Characters of a creator's answer, in UTF-16 units: with the line that says what it is about it must fit into one message. */
export const MAX_ANSWER = 4_000;

/** @param written messages of the buyer in this thread within the last {@link WRITING_WINDOW_MS} */
export const mayWrite = (written: number) => written < MAX_BUYER_MESSAGES;

export class ThreadClosed extends DomainError {
  readonly code = 'thread_closed';
  readonly refusal = 'conflict';
  readonly remedy =
    'The buyer opens a new thread with /paysupport. You can read a closed one, and find it by its order.';

  constructor() {
    super('This thread is closed.');
  }
}
