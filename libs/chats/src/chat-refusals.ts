import { DomainError } from '#libs/kernel';

/** Telegram does not let the bot do its work in a chat, for the moment or until somebody gives it its rights back. Worth another try. */
export class ChatClosed extends Error {
  override readonly name = 'ChatClosed';
}

/** An administrator of the chat has banned the buyer, and that is for administrators to undo. */
export class BuyerBanned extends Error {
  override readonly name = 'BuyerBanned';

  constructor() {
    super('The buyer is banned from the chat.');
  }
}

export class NotAChannel extends DomainError {
  readonly code = 'not_a_channel';
  readonly refusal = 'conflict';
  readonly remedy =
    'Name a channel. Access to a group is sold by a product of the kind chat_access, or of the kind subscription with a chat_id.';

  /** @param what cannot be had in a group */
  constructor(what: string) {
    super(`${what} can be had in channels only, and this is none.`);
  }
}

export class ChatIsPublic extends DomainError {
  readonly code = 'chat_is_public';
  readonly refusal = 'conflict';
  readonly remedy = 'Make the channel private in its settings, then ask again.';

  constructor(username: string) {
    super(`Anybody can come into the channel by @${username}, so nobody would pay for a link.`);
  }
}
