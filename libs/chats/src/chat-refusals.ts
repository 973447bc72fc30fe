import { DomainError } from '#libs/kernel';

/** Telegram does not let the bot do its work in a chat, for the moment or until somebody gives it its rights back. Worth another try. */
export class ChatClosed extends Error {
  override readonly name = 'ChatClosed';
}

/** Why Telegram does not let a buyer in, whatever the bot may do. */
export type KeptOutBecause = 'too_many_chats' | 'banned' | 'gone';

const KEPT_OUT: Readonly<Record<KeptOutBecause, string>> = {
  too_many_chats: 'The buyer is in as many groups and channels as Telegram allows.',
  banned: 'The buyer is banned from the chat.',
  gone: 'The buyer has no account at Telegram any more.',
};

/** The buyer cannot be let in, for a reason that is theirs. A ban is for the chat's administrators to lift. */
export class BuyerKeptOut extends Error {
  override readonly name = 'BuyerKeptOut';

  constructor(readonly because: KeptOutBecause) {
    super(KEPT_OUT[because]);
  }
}

/** @param description Telegram's words @returns undefined when they are not about the buyer */
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

  /** @param what cannot be had in a group */
  constructor(what: string) {
    super(`${what} can be had in channels only, and this is none.`);
  }
}

export class ChatIsPublic extends DomainError {
  static readonly code = 'chat_is_public';
  static readonly refusal = 'conflict';
  readonly remedy = 'Make the channel private in its settings, then ask again.';

  constructor(username: string) {
    super(`Anybody can come into the channel by @${username}, so nobody would pay for a link.`);
  }
}
