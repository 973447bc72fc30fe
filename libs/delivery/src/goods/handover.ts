import type { Goods, ProductKind } from '#libs/catalog';
import type { Stars } from '#libs/kernel';
import type { OpenBot } from '#libs/tenants';

/** Credits that were added, and what the buyer can spend of the unit now. */
export interface AddedCredits {
  readonly unit: string;
  readonly amount: number;
  readonly expiresAt: Date | null;
  readonly available: number;
}

/** Credits that paid for something, and what the buyer can spend of the unit now. */
export interface SpentCredits {
  readonly unit: string;
  readonly amount: number;
  readonly available: number;
}

/** A payment of a subscription, and how the subscription is now. */
export interface SubscriptionStanding {
  /** Whether it begins with this payment. */
  readonly begins: boolean;
  /** Until when this payment pays. */
  readonly until: Date;
  /** Until when all payments pay. */
  readonly paidUntil: Date;
  readonly isOver: boolean;
}

/** What was bought, by whom, through which bot. */
export interface Handover {
  readonly tenantId: string;
  readonly orderId: string;
  readonly bot: OpenBot;
  /** Telegram id, which is also the id of the private chat. */
  readonly buyerId: number;
  /** Of the buyer's app. */
  readonly languageCode: string | null;
  readonly product: {
    readonly id: string;
    readonly title: string;
    /** For what the creator's server made, the kind of that. */
    readonly kind: ProductKind | Goods['kind'];
    readonly content: string | null;
    readonly fileId: string | null;
    /** The chat that it opens. */
    readonly chatId: string | null;
  };
  /** For the kind `subscription`. */
  readonly subscription?: SubscriptionStanding | undefined;
  /** For the kind `credits`. */
  readonly credits?: AddedCredits | undefined;
  /** Paid media that Telegram has unlocked by itself. */
  readonly unlocked?: boolean | undefined;
  /** For what credits paid for, in place of Stars. */
  readonly paidCredits?: SpentCredits | undefined;
  readonly stars: Stars;
  readonly paidAt: Date;
  /** When the receipt went out before the goods. */
  readonly receiptAt?: Date | null | undefined;
  /** Within one round the goods go out once; a buyer who asks for them again begins the next. */
  readonly round: number;
}

export type HandoverOutcome =
  /** The goods are with the buyer. @param messageId of the message that holds them; undefined when Telegram handed them over */
  | { readonly kind: 'delivered'; readonly messageId: number | undefined }
  /** @param onlyReceipt the goods are out, and the receipt is missing */
  | { readonly kind: 'retry'; readonly afterMs?: number; readonly error: string; readonly onlyReceipt?: boolean }
  /** The buyer blocked the bot, or is gone. */
  | { readonly kind: 'unreachable'; readonly error: string }
  /** The bot's token is no good any more: nothing can be sent until the creator brings a new one. */
  | { readonly kind: 'token_invalid'; readonly error: string }
  /** Telegram will refuse it again. */
  | { readonly kind: 'failed'; readonly error: string };
