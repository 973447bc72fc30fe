import type { PhotoSize, Sticker, User, Video } from './telegram-basics.js';

/** Types of the Bot API for Stars and things bought with them. Field names are Telegram's. */

/** Until it is bought, people see only its kind and size. */
export type PaidMedia =
  | { readonly type: 'photo'; readonly photo: readonly PhotoSize[] }
  | { readonly type: 'video'; readonly video: Video }
  | { readonly type: 'preview'; readonly width?: number; readonly height?: number; readonly duration?: number };

export interface PaidMediaInfo {
  readonly star_count: number;
  readonly paid_media: readonly PaidMedia[];
}

export interface Gift {
  readonly id: string;
  readonly sticker: Sticker;
  readonly star_count: number;
  readonly upgrade_star_count?: number;
  readonly total_count?: number;
  readonly remaining_count?: number;
}

interface UniqueGiftPart {
  readonly name: string;
  readonly sticker: Sticker;
  readonly rarity_per_mille: number;
}

export interface UniqueGift {
  readonly gift_id: string;
  readonly base_name: string;
  readonly name: string;
  readonly number: number;
  readonly model: UniqueGiftPart;
  readonly symbol: UniqueGiftPart;
  readonly backdrop: {
    readonly name: string;
    readonly colors: Readonly<Record<'center_color' | 'edge_color' | 'symbol_color' | 'text_color', number>>;
    readonly rarity_per_mille: number;
  };
}

export interface BusinessConnection {
  readonly id: string;
  readonly user: User;
  readonly user_chat_id: number;
  readonly date: number;
  readonly rights: Readonly<Record<string, true>>;
  readonly is_enabled: boolean;
}

export interface PaidMediaPurchased {
  readonly from: User;
  readonly paid_media_payload: string;
}

export interface Invoice {
  readonly title: string;
  readonly description: string;
  readonly start_parameter: string;
  readonly currency: 'XTR';
  readonly total_amount: number;
}

export interface RefundedPayment {
  readonly currency: 'XTR';
  readonly total_amount: number;
  readonly invoice_payload: string;
  readonly telegram_payment_charge_id: string;
}

export interface SuccessfulPayment extends RefundedPayment {
  readonly provider_payment_charge_id: string;
  readonly subscription_expiration_date?: number;
  readonly is_recurring?: true;
  readonly is_first_recurring?: true;
}

export interface PreCheckoutQuery {
  readonly id: string;
  readonly from: User;
  readonly currency: 'XTR';
  readonly total_amount: number;
  readonly invoice_payload: string;
}

export interface BotSubscriptionUpdated {
  readonly user: User;
  readonly invoice_payload: string;
  readonly state: 'active' | 'canceled' | 'failed';
}

export interface StarTransaction {
  readonly id: string;
  readonly amount: number;
  readonly date: number;
  readonly source?: TransactionPartner;
  readonly receiver?: TransactionPartner;
}

/** A person on the other side of a transaction, and its purpose. */
export type UserPartner = { readonly type: 'user'; readonly user: User } & (
  | {
      readonly transaction_type: 'invoice_payment';
      readonly invoice_payload: string;
      readonly subscription_period?: number;
    }
  | {
      readonly transaction_type: 'paid_media_payment';
      readonly paid_media: readonly PaidMedia[];
      readonly paid_media_payload?: string;
    }
  | { readonly transaction_type: 'gift_purchase'; readonly gift: Gift }
  | { readonly transaction_type: 'premium_purchase'; readonly premium_subscription_duration: number }
  | { readonly transaction_type: 'business_account_transfer' }
);

export type TransactionPartner =
  | UserPartner
  | {
      readonly type: 'fragment';
      readonly withdrawal_state?: { readonly type: 'succeeded'; readonly date: number; readonly url: string };
    };
