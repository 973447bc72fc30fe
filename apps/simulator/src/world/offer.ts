import type { Bot } from './bot.js';

/** The terms of an invoice, which was sent as a message or made into a link. */
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
  /** Seconds; the price is charged again after each period until the subscription is stopped. */
  readonly subscriptionPeriod?: number;
}

/** The outcome of an attempt to pay. `text` is shown to the buyer. */
export type PaymentOutcome =
  | { readonly status: 'paid'; readonly chargeId: string; readonly messageId: number; readonly text: string }
  | {
      readonly status: 'refused' | 'timeout' | 'not_enough_stars' | 'already_subscribed' | 'abandoned';
      readonly text: string;
    };

/** Tells the buyer how many Stars are missing. */
export function notEnough(price: number, balance: number): PaymentOutcome {
  return {
    status: 'not_enough_stars',
    text: `You need ${price - balance} more ${price - balance === 1 ? 'Star' : 'Stars'}.`,
  };
}
