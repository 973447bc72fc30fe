/** The part of the Bot API's object model that the simulator speaks. Field names are Telegram's. */

export interface User {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly last_name?: string;
  readonly username?: string;
  readonly language_code?: string;
  readonly is_premium?: true;
}

export interface Chat {
  readonly id: number;
  readonly type: 'private';
  readonly first_name: string;
  readonly last_name?: string;
  readonly username?: string;
}

export interface MessageEntity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly language?: string;
  readonly custom_emoji_id?: string;
}

export interface InlineKeyboardButton {
  readonly text: string;
  readonly url?: string;
  readonly callback_data?: string;
  readonly copy_text?: { readonly text: string };
  readonly pay?: true;
  readonly style?: string;
  readonly [other: string]: unknown;
}

export interface InlineKeyboardMarkup {
  readonly inline_keyboard: readonly (readonly InlineKeyboardButton[])[];
}

export interface FileRef {
  readonly file_id: string;
  readonly file_unique_id: string;
  readonly file_size: number;
}

export interface PhotoSize extends FileRef {
  readonly width: number;
  readonly height: number;
}

export interface Document extends FileRef {
  readonly file_name?: string;
  readonly mime_type?: string;
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

export interface MessageContent {
  readonly text?: string;
  readonly entities?: readonly MessageEntity[];
  readonly photo?: readonly PhotoSize[];
  readonly document?: Document;
  readonly caption?: string;
  readonly caption_entities?: readonly MessageEntity[];
  readonly invoice?: Invoice;
  readonly successful_payment?: SuccessfulPayment;
  readonly refunded_payment?: RefundedPayment;
  readonly reply_markup?: InlineKeyboardMarkup;
  readonly reply_to_message?: Message;
}

export interface Message extends MessageContent {
  readonly message_id: number;
  readonly from: User;
  readonly chat: Chat;
  readonly date: number;
  readonly edit_date?: number;
}

export interface CallbackQuery {
  readonly id: string;
  readonly from: User;
  readonly message: Message;
  readonly chat_instance: string;
  readonly data: string;
}

export interface PreCheckoutQuery {
  readonly id: string;
  readonly from: User;
  readonly currency: 'XTR';
  readonly total_amount: number;
  readonly invoice_payload: string;
}

export interface ChatMember {
  readonly user: User;
  readonly status: 'member' | 'kicked';
  readonly until_date?: 0;
}

export interface ChatMemberUpdated {
  readonly chat: Chat;
  readonly from: User;
  readonly date: number;
  readonly old_chat_member: ChatMember;
  readonly new_chat_member: ChatMember;
}

export interface BotSubscriptionUpdated {
  readonly user: User;
  readonly invoice_payload: string;
  readonly state: 'active' | 'canceled' | 'failed';
}

/** What an update may carry. */
export interface UpdatePayloads {
  readonly message: Message;
  readonly callback_query: CallbackQuery;
  readonly pre_checkout_query: PreCheckoutQuery;
  readonly my_chat_member: ChatMemberUpdated;
  readonly subscription: BotSubscriptionUpdated;
}

export type UpdateKind = keyof UpdatePayloads;

export type Update = { readonly update_id: number } & Partial<UpdatePayloads>;

export interface BotCommand {
  readonly command: string;
  readonly description: string;
}

export interface StarTransaction {
  readonly id: string;
  readonly amount: number;
  readonly date: number;
  readonly source?: TransactionPartner;
  readonly receiver?: TransactionPartner;
}

export interface UserPartner {
  readonly type: 'user';
  readonly transaction_type: 'invoice_payment';
  readonly user: User;
  readonly invoice_payload: string;
  readonly subscription_period?: number;
}

export type TransactionPartner =
  | UserPartner
  | {
      readonly type: 'fragment';
      readonly withdrawal_state?: { readonly type: 'succeeded'; readonly date: number; readonly url: string };
    };
