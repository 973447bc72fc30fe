import { DomainError } from '#libs/kernel';

/** Thrown when the bot cannot admit or remove people, or anyone can join without paying. */
export class ChatNotReady extends DomainError {
  static readonly code = 'chat_not_ready';
  static readonly refusal = 'conflict';
  readonly remedy =
    'The chat must be private, and the bot an administrator there that may invite and ban users: `remedy` of GET /v1/chats/{id} says what to do. Until then, the product can be saved as a draft.';

  constructor() {
    super('Access to the chat that this product opens cannot be sold.');
  }
}
