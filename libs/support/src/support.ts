import { DAY, DomainError, HOUR } from '#libs/kernel';

/** `open` waits for the creator, `answered` for the buyer. Only the buyer opens a closed thread again, by replying to an answer in it. */
export const THREAD_STATES = ['open', 'answered', 'closed'] as const;
export type ThreadState = (typeof THREAD_STATES)[number];

export const FILE_KINDS = [
  'photo',
  'video',
  'animation',
  'video_note',
  'voice',
  'audio',
  'document',
  'sticker',
] as const;

/** What a buyer sent. `fileId` is its name at Telegram, good for the bot of the thread only (Bot API, getFile). */
export interface SupportFile {
  readonly kind: (typeof FILE_KINDS)[number];
  readonly fileId: string;
  /** Null where Telegram gives none. */
  readonly name: string | null;
}

/** How long what a buyer writes goes on belonging to a thread that was answered; later they reply to the answer itself. */
export const ANSWERED_WINDOW_MS = 14 * DAY;

/** Where a creator's answer is. `unreachable`: the buyer blocked the bot or is gone. */
export const ANSWER_DELIVERIES = ['waiting', 'sent', 'unreachable', 'failed'] as const;
export type AnswerDelivery = (typeof ANSWER_DELIVERIES)[number];

/** Messages that a buyer may write into one thread within {@link WRITING_WINDOW_MS}. */
export const MAX_BUYER_MESSAGES = 20;
export const WRITING_WINDOW_MS = HOUR;

/** Characters of a creator's answer, in UTF-16 units: with the line that says what it is about it must fit into one message. */
export const MAX_ANSWER = 4_000;

/** @param written messages of the buyer in this thread within the last {@link WRITING_WINDOW_MS} */
export const mayWrite = (written: number) => written < MAX_BUYER_MESSAGES;

export class ThreadClosed extends DomainError {
  static readonly code = 'thread_closed';
  static readonly refusal = 'conflict';
  readonly remedy =
    'The buyer opens it again with the button under an answer, or a new one with /paysupport. You can read a closed one, and find it by its order.';

  constructor() {
    super('This thread is closed.');
  }
}
