import type { Bot } from './bot.js';

/** What an invoice asks for, whether it was sent as a message or made into a link. */
export interface Offer {
  readonly id: string;
  readonly bot: Bot;
  readonly title: string;
  readonly description: string;
  readonly payload: string;
  readonly label: string;
  readonly amount: number;
  readonly startParameter: string;
  readonly photoUrl?: string;
  /** Seconds; the price is taken again after each of them until somebody stops it. */
  readonly subscriptionPeriod?: number;
}

/** How an attempt to pay ended. `text` is what the buyer reads. */
export type PaymentOutcome =
  | { readonly status: 'paid'; readonly chargeId: string; readonly messageId: number; readonly text: string }
  | {
      readonly status: 'refused' | 'timeout' | 'not_enough_stars' | 'already_subscribed' | 'abandoned';
      readonly text: string;
    };

/** The buyer is told how many Stars are missing. */
export function notEnough(price: number, balance: number): PaymentOutcome {
  return {
    status: 'not_enough_stars',
    text: `You need ${price - balance} more ${price - balance === 1 ? 'Star' : 'Stars'}.`,
  };
}
