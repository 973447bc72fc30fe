import { DomainError } from '#libs/kernel';

/** Telegram does not let the bot act in a chat, temporarily or until it gets its rights back. Worth a retry. */
export class ChatClosed extends Error {
  override readonly name = 'ChatClosed';
}

/** The reasons why Telegram does not admit a buyer, whatever rights the bot has. */
export type KeptOutBecause = 'too_many_chats' | 'banned' | 'gone';

const KEPT_OUT: Readonly<Record<KeptOutBecause, string>> = {
  too_many_chats: 'The buyer is in as many groups and channels as Telegram allows.',
  banned: 'The buyer is banned from the chat.',
  gone: 'The buyer no longer has a Telegram account.',
};

/** The buyer cannot be admitted, for a reason on their side. Only the chat's administrators can lift a ban. */
export class BuyerKeptOut extends Error {
  override readonly name = 'BuyerKeptOut';

  constructor(readonly because: KeptOutBecause) {
    super(KEPT_OUT[because]);
  }
}

/** @param description Telegram's error message @returns undefined if it is not about the buyer */
export function keptOutBecause(description: string): KeptOutBecause | undefined {
  if (/CHANNELS_TOO_MUCH/i.test(description)) return 'too_many_chats';
  if (/USER_KICKED|USER_BANNED_IN_CHANNEL/i.test(description)) return 'banned';
  return /user is deactivated|USER_DEACTIVATED|USER_ID_INVALID|user not found/i.test(description) ? 'gone' : undefined;
}

export class NotAChannel extends DomainError {
  static readonly code = 'not_a_channel';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Name a channel. Access to a group is sold by a product of the kind chat_access, or of the kind subscription with a chat_id.';

  /** @param what the feature that groups do not have */
  constructor(what: string) {
    super(`${what} are available in channels only, and this is not a channel.`);
  }
}

export class ChatIsPublic extends DomainError {
  static readonly code = 'chat_is_public';
  static readonly refusal = 'conflict';
  readonly remedy = 'Make the channel private in its settings, then try again.';

  constructor(username: string) {
    super(`Anyone can join the channel by @${username} for free, so a paid link would be useless.`);
  }
}
