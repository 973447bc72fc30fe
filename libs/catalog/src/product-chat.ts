import { DomainError } from '#libs/kernel';

/** The bot could let nobody in, or could not put them out again. */
export class ChatNotReady extends DomainError {
  readonly code = 'chat_not_ready';
  readonly refusal = 'conflict';
  readonly remedy =
    'Make the bot an administrator of the chat that may invite and ban users; `missing_rights` of GET /v1/chats/{id} says what it lacks. Until then the product can be saved as a draft.';

  constructor() {
    super('The bot cannot do its work in the chat that this product opens.');
  }
}
