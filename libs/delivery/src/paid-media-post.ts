import type { ChatFullInfo, ChatMember } from 'grammy/types';
import type { Product } from '#libs/catalog';
import { DomainError } from '#libs/kernel';

/** A post with paid media in a channel. */
export interface PostedMedia {
  readonly product: Product;
  readonly channel: { readonly id: number; readonly title: string; readonly username: string | null };
  readonly messageId: number;
}

export class NoPaidMedia extends DomainError {
  readonly code = 'no_paid_media';
  readonly refusal = 'conflict';
  readonly remedy = 'Use the id of a product of the kind paid_media.';

  constructor() {
    super('This product has no paid media to post.');
  }
}

export class ChannelUnusable extends DomainError {
  readonly code = 'channel_unusable';
  readonly refusal = 'conflict';
  readonly remedy =
    'Make the bot an administrator of the channel with the right to post messages, and name the channel by its id (-100...) or @name.';

  /** @param because ends the sentence "The bot cannot post there: ..." */
  constructor(because: string) {
    super(`The bot cannot post there: ${because}.`);
  }
}

/** Why paid media cannot be posted in a chat; undefined when it can. In anything but a channel the Stars would be the bot's. */
export function whyNotPost(
  chat: { readonly type: ChatFullInfo['type']; readonly can_send_paid_media?: boolean },
  bot: ChatMember,
): string | undefined {
  if (chat.type !== 'channel') return 'it is not a channel';
  if (bot.status !== 'administrator') return 'the bot is not an administrator of the channel';
  if (bot.can_post_messages !== true) return 'the bot is an administrator without the right to post messages';
  // Left out when it is not so (Bot API, ChatFullInfo).
  return chat.can_send_paid_media === true ? undefined : 'Telegram does not let this channel sell media';
}
