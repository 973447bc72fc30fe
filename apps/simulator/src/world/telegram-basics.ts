/** Simple types of the Bot API's object model. Field names are Telegram's. */

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

export interface Video extends FileRef {
  readonly width: number;
  readonly height: number;
  readonly duration: number;
  readonly start_timestamp?: number;
  readonly file_name?: string;
  readonly mime_type?: string;
}

/** A GIF, or a video without sound. */
export type Animation = Video;

export interface Audio extends FileRef {
  readonly duration: number;
  readonly performer?: string;
  readonly title?: string;
  readonly file_name?: string;
  readonly mime_type?: string;
}

export interface Voice extends FileRef {
  readonly duration: number;
  readonly mime_type?: string;
}

export interface Location {
  readonly latitude: number;
  readonly longitude: number;
}

export interface Venue {
  readonly location: Location;
  readonly title: string;
  readonly address: string;
}

export interface Contact {
  readonly phone_number: string;
  readonly first_name: string;
  readonly last_name?: string;
  readonly vcard?: string;
}

export interface LinkPreviewOptions {
  readonly is_disabled?: boolean;
  readonly url?: string;
  readonly prefer_small_media?: boolean;
  readonly prefer_large_media?: boolean;
  readonly show_above_text?: boolean;
}

/** The origin of a forwarded message. */
export type MessageOrigin = { readonly date: number } & (
  | { readonly type: 'user'; readonly sender_user: User }
  | { readonly type: 'chat'; readonly sender_chat: Chat }
  | { readonly type: 'channel'; readonly chat: Chat; readonly message_id: number }
);

export interface Sticker extends FileRef {
  readonly type: 'regular';
  readonly width: number;
  readonly height: number;
  readonly is_animated: boolean;
  readonly is_video: boolean;
  readonly emoji: string;
}

export interface BotCommand {
  readonly command: string;
  readonly description: string;
}

export type MenuButton =
  | { readonly type: 'commands' | 'default' }
  | { readonly type: 'web_app'; readonly text: string; readonly web_app: { readonly url: string } };
