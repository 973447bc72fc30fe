import { type TermedKind, problem, wholeProblem } from './kind.js';

/** Seconds. In production Telegram accepts only 30 days (Bot API, createInvoiceLink), on its test servers 60 or 300. */
export const SUBSCRIPTION_PERIODS = [2_592_000, 60, 300] as const;
/** Whole Stars (Bot API, createInvoiceLink: `subscription_period`). */
export const MAX_SUBSCRIPTION_PRICE = 10_000;

const DAY_SECONDS = 86_400;
const MONTH_SECONDS = 30 * DAY_SECONDS;

export interface SubscriptionTerms {
  /** Seconds that one payment lasts, one of {@link SUBSCRIPTION_PERIODS}. */
  readonly periodSeconds: number;
  /** Seconds of access after a period whose next payment is late, 0 to 30 days. */
  readonly graceSeconds: number;
  /** Seconds before its end at which the buyer of a subscription that does not renew is reminded; null: never. */
  readonly remindSeconds: number | null;
  /** True when a buyer whose canceled subscription has ended is invited to come back, once. */
  readonly winBack: boolean;
}

/**
 * Renewed automatically every period until someone stops it. With a chat, it gives access for as long as it is paid
 * for.
 */
export const subscription: TermedKind<SubscriptionTerms> = {
  charged: 'by_period',
  cardPromise: ({ chatId }) => (chatId === null ? 'card.promise_subscription' : 'card.promise_chat'),
  fields: ['chat_id'],
  // Telegram identifies a subscription by its payload, so every buyer needs a separate one.
  personal: true,
  maxStars: MAX_SUBSCRIPTION_PRICE,
  usualTerms: {
    periodSeconds: MONTH_SECONDS,
    graceSeconds: DAY_SECONDS,
    remindSeconds: 3 * DAY_SECONDS,
    winBack: false,
  },
  fixedTerms: ['periodSeconds'],
  problems: (_, { periodSeconds, graceSeconds = 0, remindSeconds = null }) => [
    ...problem(
      'period_seconds',
      SUBSCRIPTION_PERIODS.some((period) => period === periodSeconds)
        ? undefined
        : `must be ${SUBSCRIPTION_PERIODS[0]}, or 60 or 300 for a bot of the test environment`,
    ),
    ...problem('grace_seconds', wholeProblem(graceSeconds, 0, MONTH_SECONDS)),
    ...problem('remind_seconds', remindSeconds === null ? undefined : wholeProblem(remindSeconds, 1, MONTH_SECONDS)),
  ],
  promise: (words, _, { periodSeconds }) => words.say('invoice.renews', { period: periodSeconds }),
};
