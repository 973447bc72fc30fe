import { DomainError } from '#libs/kernel';
import type { BotEnvironment, BotState } from './bot.js';

export class TokenMalformed extends DomainError {
  static readonly code = 'token_malformed';
  static readonly refusal = 'invalid';
  readonly remedy = 'Copy the whole token from BotFather: digits, a colon, and about 35 letters and digits.';

  constructor() {
    super('This does not look like a bot token.');
  }
}

export class TokenRefused extends DomainError {
  static readonly code = 'token_refused';
  static readonly refusal = 'invalid';
  readonly remedy = 'Get the current token from BotFather (/mybots, API Token). A revoked token never works again.';

  constructor() {
    super('Telegram does not accept this token.');
  }
}

export class TokenOfOtherEnvironment extends DomainError {
  static readonly code = 'token_of_other_environment';
  static readonly refusal = 'invalid';
  readonly remedy: string;

  /** @param environment in which the token is valid */
  constructor(environment: BotEnvironment) {
    super(`This token belongs to a bot in Telegram's ${environment} environment.`);
    this.remedy =
      environment === 'test'
        ? 'Send `environment: "test"` to register the bot there, or the token of a bot from the usual BotFather.'
        : 'Omit `environment`, or send the token that BotFather gave you in the test environment.';
  }
}

export class TokenOfAnotherBot extends DomainError {
  static readonly code = 'token_of_another_bot';
  static readonly refusal = 'conflict';
  readonly remedy = 'Send the new token of this bot. To add the other bot, register it with POST /v1/bots.';

  constructor() {
    super('This token belongs to another bot.');
  }
}

export class BotTaken extends DomainError {
  static readonly code = 'bot_taken';
  static readonly refusal = 'conflict';
  readonly remedy = 'If the bot is yours, remove it from its current workspace, then register it here.';

  constructor() {
    super('This bot belongs to another workspace.');
  }
}

export class BotAlreadyRegistered extends DomainError {
  static readonly code = 'bot_already_registered';
  static readonly refusal = 'conflict';
  readonly remedy = 'To change its token use POST /v1/bots/{id}/rotate-token.';

  constructor() {
    super('This workspace already has this bot.');
  }
}

export class RegistrationInProgress extends DomainError {
  static readonly code = 'registration_in_progress';
  static readonly refusal = 'conflict';
  readonly remedy = 'Wait for the other request to finish; if it was interrupted, try again in two minutes.';

  constructor() {
    super('Another request is registering this bot.');
  }
}

export class RotationInProgress extends DomainError {
  static readonly code = 'rotation_in_progress';
  static readonly refusal = 'conflict';
  readonly remedy = 'Wait for the other request to finish; if it was interrupted, try again in two minutes.';

  constructor() {
    super("Another request is rotating this bot's token.");
  }
}

export class ForeignWebhook extends DomainError {
  static readonly code = 'foreign_webhook';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Send `take_over: true` to move the bot here. The other tool will then receive no more updates from it.';

  /** @param host of the webhook; the path may contain a secret and is not shown */
  constructor(readonly host: string) {
    super(`This bot is connected to another tool: its updates go to ${host}.`);
  }
}

export class TelegramUnavailable extends DomainError {
  static readonly code = 'telegram_unavailable';
  static readonly refusal = 'unavailable';
  readonly remedy = 'Send the same request again in a minute.';

  constructor() {
    super('Telegram did not respond, or asks us to wait.');
  }
}

/**
 * Thrown when Telegram accepted the token but refused the call. While a bot is being set up, the usual cause is this
 * platform's address.
 */
export class TelegramSaidNo extends DomainError {
  static readonly code = 'telegram_refused';
  static readonly refusal = 'conflict';
  readonly remedy = 'Nothing was changed. If the message does not help, contact support.';

  /** @param description Telegram's error message */
  constructor(description: string) {
    super(`Telegram refused: ${description}`);
  }
}

/** Thrown when the call was made but its response was lost. */
export class TelegramOutcomeUnknown extends DomainError {
  static readonly code = 'telegram_outcome_unknown';
  static readonly refusal = 'unavailable';
  readonly remedy =
    'Check in Telegram what has happened before you try again. The call is not repeated automatically, ' +
    'nor for the same Idempotency-Key.';

  constructor() {
    super('Telegram did not respond, so it is unknown whether this was done.');
  }
}

const REMEDIES: Readonly<Record<BotState, string>> = {
  registering: 'Wait until it is registered.',
  active: 'You do not have to do anything.',
  paused: 'Resume it first.',
  token_invalid: 'Give it a new token with POST /v1/bots/{id}/rotate-token.',
  removing: 'Wait until it is removed: GET /v1/bots/{id} shows what is left to do. Then it can be registered again.',
  removed: 'Register it again with POST /v1/bots; it comes back with the same id.',
};

export class BotNotInState extends DomainError {
  static readonly code = 'bot_state';
  static readonly refusal = 'conflict';
  readonly remedy: string;

  constructor(readonly state: BotState) {
    super(`The bot's state does not allow this: it is ${state}.`);
    this.remedy = REMEDIES[state];
  }
}
