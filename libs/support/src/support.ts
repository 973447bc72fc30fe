import { DAY, DomainError, HOUR } from '#libs/kernel';

/**
 * `open` waits for the creator, `answered` for the buyer. Only the buyer can reopen a closed thread, by replying to a
 * message in it.
 */
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

/** A file from the buyer. `fileId` is Telegram's, valid only for the bot of the thread (Bot API, getFile). */
export interface SupportFile {
  readonly kind: (typeof FILE_KINDS)[number];
  readonly fileId: string;
  /** Null when Telegram gives none. */
  readonly name: string | null;
}

/** Maximum caption of a file in a reply, in UTF-16 units: Telegram allows 1,024 together with the heading. */
export const MAX_CAPTION = 800;

/** Telegram shows pictures of these types, up to 10 MB (Bot API, sendPhoto); others are sent as files. */
const PICTURES: readonly string[] = ['image/jpeg', 'image/png', 'image/webp'];
const MAX_PICTURE_BYTES = 10_000_000;

/** Chooses the way in which a stored file is sent to the buyer. */
export const sentAs = ({ mime, bytes }: { readonly mime: string; readonly bytes: number }) =>
  PICTURES.includes(mime) && bytes <= MAX_PICTURE_BYTES ? 'photo' : 'document';

/** A file of a reply: stored here, or already at Telegram and then valid for one bot only. */
export type AnswerFile =
  | { readonly kind: 'photo' | 'document'; readonly uploadId: string; readonly name: string }
  | (SupportFile & { readonly botId: string });

export class FileOfAnotherBot extends DomainError {
  static readonly code = 'file_of_another_bot';
  static readonly refusal = 'conflict';
  readonly remedy = 'Send it in the chat of the bot to which the buyer wrote, or through the dashboard.';

  constructor() {
    super('A bot cannot pass on a file that was sent to another bot.');
  }
}

/**
 * Time for which a buyer's messages still belong to an answered thread; later they have to reply to the answer
 * itself.
 */
export const ANSWERED_WINDOW_MS = 14 * DAY;

/** State of a creator's reply. `unreachable`: the buyer has blocked the bot or deleted their account. */
export const ANSWER_DELIVERIES = ['waiting', 'sent', 'unreachable', 'failed'] as const;
export type AnswerDelivery = (typeof ANSWER_DELIVERIES)[number];

/** Maximum number of messages that a buyer may write in one thread within {@link WRITING_WINDOW_MS}. */
export const MAX_BUYER_MESSAGES = 20;
export const WRITING_WINDOW_MS = HOUR;

/** Maximum length of a creator's reply, in UTF-16 units: it must fit into one message together with its heading. */
export const MAX_ANSWER = 4_000;

/** @param written messages of the buyer in this thread within the last {@link WRITING_WINDOW_MS} */
export const mayWrite = (written: number) => written < MAX_BUYER_MESSAGES;

export class ThreadClosed extends DomainError {
  static readonly code = 'thread_closed';
  static readonly refusal = 'conflict';
  readonly remedy =
    'The buyer can reopen it with the button under an answer, or open a new one with /paysupport. You can still read a closed thread, and find it by its order.';

  constructor() {
    super('This thread is closed.');
  }
}
