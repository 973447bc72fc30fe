import { DomainError } from '#libs/kernel';

/** Thrown when the bot cannot admit or remove people, or anyone can join without paying. */
export class ChatNotReady extends DomainError {
  static readonly code = 'chat_not_ready';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Make the chat private, and the bot an administrator in it with the rights to invite and ban users: `remedy` of GET /v1/chats/{id} lists the steps. Until then, the product can be saved as a draft.';

  constructor() {
    super('Access to the chat that this product opens cannot be sold.');
  }
}
