import type {
  Animation,
  Audio,
  Chat,
  Contact,
  Document,
  InlineKeyboardMarkup,
  LinkPreviewOptions,
  Location,
  MessageEntity,
  MessageOrigin,
  PhotoSize,
  User,
  Venue,
  Video,
  Voice,
} from './telegram-basics.js';
import type {
  BotSubscriptionUpdated,
  BusinessConnection,
  Invoice,
  PaidMediaInfo,
  PaidMediaPurchased,
  PreCheckoutQuery,
  RefundedPayment,
  SuccessfulPayment,
} from './telegram-money.js';

export type * from './telegram-basics.js';
export type * from './telegram-money.js';

/** The part of the Bot API's object model that the simulator uses. Field names are Telegram's. */

export interface MessageContent {
  readonly text?: string;
  readonly entities?: readonly MessageEntity[];
  readonly photo?: readonly PhotoSize[];
  readonly document?: Document;
  readonly video?: Video;
  readonly voice?: Voice;
  readonly audio?: Audio;
  /** Sent along with the same file as `document`. */
  readonly animation?: Animation;
  readonly location?: Location;
  readonly venue?: Venue;
  readonly contact?: Contact;
  /** Photos and videos that were sent together. */
  readonly media_group_id?: string;
  readonly paid_media?: PaidMediaInfo;
  readonly show_caption_above_media?: true;
  readonly has_media_spoiler?: true;
  readonly link_preview_options?: LinkPreviewOptions;
  /** True when it cannot be forwarded or saved. */
  readonly has_protected_content?: true;
  readonly effect_id?: string;
  readonly forward_origin?: MessageOrigin;
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
  /** Missing in channels, where `sender_chat` is the author. */
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
  /** Set instead of the message when that was sent via the bot. */
  readonly inline_message_id?: string;
  readonly chat_instance: string;
  readonly data: string;
}

/** Names of rights, such as `can_invite_users`, and whether an administrator has each. */
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

/** The payloads that an update may carry. */
export interface UpdatePayloads {
  readonly message: Message;
  readonly callback_query: CallbackQuery;
  readonly pre_checkout_query: PreCheckoutQuery;
  readonly my_chat_member: ChatMemberUpdated;
  readonly subscription: BotSubscriptionUpdated;
  readonly purchased_paid_media: PaidMediaPurchased;
  readonly business_connection: BusinessConnection;
  readonly channel_post: Message;
  readonly chat_member: ChatMemberUpdated;
  readonly chat_join_request: ChatJoinRequest;
  readonly inline_query: InlineQuery;
  readonly chosen_inline_result: ChosenInlineResult;
}

export type UpdateKind = keyof UpdatePayloads;

export type Update = { readonly update_id: number } & Partial<UpdatePayloads>;
