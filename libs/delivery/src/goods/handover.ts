import type { Goods, ProductKind } from '#libs/catalog';
import type { Stars } from '#libs/kernel';
import type { OpenBot } from '#libs/tenants';

/** Credits that were added, and the buyer's available credits of the unit. */
export interface AddedCredits {
  readonly unit: string;
  readonly amount: number;
  readonly expiresAt: Date | null;
  readonly available: number;
}

/** Credits that paid for something, and the buyer's available credits of the unit. */
export interface SpentCredits {
  readonly unit: string;
  readonly amount: number;
  readonly available: number;
}

/** A payment of a subscription, and the subscription's current state. */
export interface SubscriptionStanding {
  /** True for the first payment. */
  readonly begins: boolean;
  /** End of the time that this payment covers. */
  readonly until: Date;
  /** End of the time that all payments cover. */
  readonly paidUntil: Date;
  readonly isOver: boolean;
}

/** A purchase with its buyer and its bot. */
export interface Handover {
  readonly tenantId: string;
  readonly orderId: string;
  readonly bot: OpenBot;
  /** Telegram id, which is also the id of the private chat. */
  readonly buyerId: number;
  /** The language of the buyer's app. */
  readonly languageCode: string | null;
  readonly product: {
    readonly id: string;
    readonly title: string;
    /** For goods made by the creator's server, the kind of those goods. */
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
  /** True for paid media that Telegram itself has unlocked. */
  readonly unlocked?: boolean | undefined;
  /** Set if it was paid with credits instead of Stars. */
  readonly paidCredits?: SpentCredits | undefined;
  readonly stars: Stars;
  readonly paidAt: Date;
  /** The time at which the receipt was sent before the goods. */
  readonly receiptAt?: Date | null | undefined;
  /** Within one round the goods are sent once; a buyer who asks for them again begins the next. */
  readonly round: number;
}

export type HandoverOutcome =
  /** The buyer has the goods. `messageId` is the message with them; undefined if Telegram delivered them */
  | { readonly kind: 'delivered'; readonly messageId: number | undefined }
  /** @param onlyReceipt the goods were sent, but the receipt was not */
  | { readonly kind: 'retry'; readonly afterMs?: number; readonly error: string; readonly onlyReceipt?: boolean }
  /** The buyer blocked the bot or deleted their account. */
  | { readonly kind: 'unreachable'; readonly error: string }
  /** The bot's token is invalid: nothing can be sent until the creator sets a new one. */
  | { readonly kind: 'token_invalid'; readonly error: string }
  /** Telegram refused it, and would refuse it again. */
  | { readonly kind: 'failed'; readonly error: string };
