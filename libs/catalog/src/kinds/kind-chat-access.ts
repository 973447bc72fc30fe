import { DAY, SECOND } from '#libs/kernel';
import { type TermedKind, problem, wholeProblem } from './kind.js';

export const MAX_ACCESS_DAYS = 3_650;
export const MAX_GRACE_SECONDS = 2_592_000;

export interface ChatAccessTerms {
  /** Days of access for one payment, 1 to {@link MAX_ACCESS_DAYS}; null: no end. */
  readonly days: number | null;
  /** Seconds after the last paid day during which a buyer can pay again and stay, 0 to {@link MAX_GRACE_SECONDS}. */
  readonly graceSeconds: number;
}

/** Access to a group or channel for a single payment. */
export const chatAccess: TermedKind<ChatAccessTerms> = {
  charged: 'once',
  cardPromise: () => 'card.promise_chat',
  fields: ['chat_id'],
  usualTerms: { days: null, graceSeconds: DAY / SECOND },
  fixedTerms: ['days'],
  problems: ({ chatId }, { days = null, graceSeconds = 0 }) => [
    ...problem('chat_id', chatId === null ? 'is required: it is the chat that the buyer joins' : undefined),
    ...problem('days', days === null ? undefined : wholeProblem(days, 1, MAX_ACCESS_DAYS)),
    ...problem('grace_seconds', wholeProblem(graceSeconds, 0, MAX_GRACE_SECONDS)),
  ],
  promise: (words, _, { days }) =>
    days === null ? words.say('invoice.access') : words.say('invoice.access_days', { valid: (days * DAY) / SECOND }),
};
