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
  readonly type: 'private' | 'group' | 'supergroup' | 'channel';
  readonly title?: string;
  readonly first_name?: string;
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
  readonly via_bot?: User;
  readonly new_chat_members?: readonly User[];
  readonly left_chat_member?: User;
  readonly migrate_to_chat_id?: number;
  readonly migrate_from_chat_id?: number;
  readonly reply_markup?: InlineKeyboardMarkup;
  readonly reply_to_message?: Message;
}

export interface Message extends MessageContent {
  readonly message_id: number;
  /** Missing in channels, where `sender_chat` speaks. */
  readonly from?: User;
  readonly sender_chat?: Chat;
  readonly chat: Chat;
  readonly date: number;
  readonly edit_date?: number;
}

export interface CallbackQuery {
  readonly id: string;
  readonly from: User;
  readonly message?: Message;
  /** Instead of the message, when it was sent by way of the bot. */
  readonly inline_message_id?: string;
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

/** Names of rights, as `can_invite_users`, with whether an administrator has them. */
export type AdministratorRights = Readonly<Record<string, boolean>>;

export type ChatMember = { readonly user: User } & (
  | { readonly status: 'creator'; readonly is_anonymous: false }
  | ({ readonly status: 'administrator'; readonly can_be_edited: false; readonly is_anonymous: false } & Readonly<
      Record<`can_${string}`, boolean>
    >)
  | { readonly status: 'member'; readonly until_date?: number }
  | { readonly status: 'left' }
  | { readonly status: 'kicked'; readonly until_date: number }
);

export interface ChatInviteLink {
  readonly invite_link: string;
  readonly creator: User;
  readonly creates_join_request: boolean;
  readonly is_primary: boolean;
  readonly is_revoked: boolean;
  readonly name?: string;
  readonly expire_date?: number;
  readonly member_limit?: number;
  readonly pending_join_request_count?: number;
  readonly subscription_period?: number;
  readonly subscription_price?: number;
}

export interface ChatMemberUpdated {
  readonly chat: Chat;
  readonly from: User;
  readonly date: number;
  readonly old_chat_member: ChatMember;
  readonly new_chat_member: ChatMember;
  readonly invite_link?: ChatInviteLink;
  readonly via_join_request?: true;
}

export interface ChatJoinRequest {
  readonly chat: Chat;
  readonly from: User;
  readonly user_chat_id: number;
  readonly date: number;
  readonly invite_link?: ChatInviteLink;
}

export interface InlineQuery {
  readonly id: string;
  readonly from: User;
  readonly query: string;
  readonly offset: string;
  readonly chat_type?: string;
}

export interface ChosenInlineResult {
  readonly result_id: string;
  readonly from: User;
  readonly query: string;
  readonly inline_message_id?: string;
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
  readonly channel_post: Message;
  readonly chat_member: ChatMemberUpdated;
  readonly chat_join_request: ChatJoinRequest;
  readonly inline_query: InlineQuery;
  readonly chosen_inline_result: ChosenInlineResult;
}

export type UpdateKind = keyof UpdatePayloads;

export type Update = { readonly update_id: number } & Partial<UpdatePayloads>;

export interface BotCommand {
  readonly command: string;
  readonly description: string;
}

export type MenuButton =
  | { readonly type: 'commands' | 'default' }
  | { readonly type: 'web_app'; readonly text: string; readonly web_app: { readonly url: string } };

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
