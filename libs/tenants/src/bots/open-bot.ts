import type { UserFromGetMe } from 'grammy/types';
import { languageOf, OwnTexts, Phrasebook } from '#libs/texts';
import type { BotEnvironment, BotState } from './bot.js';
import { closedIn, type TenantState } from '../workspace/tenant.js';

export interface OpenBotFacts {
  readonly tenantId: string;
  readonly botId: string;
  readonly telegramId: number;
  readonly environment: BotEnvironment;
  readonly username: string;
  readonly info: UserFromGetMe;
  readonly state: BotState;
  readonly tenantState: TenantState;
  readonly supportText: string | null;
  readonly termsText: string | null;
  readonly termsVersion: string | null;
  /** The creator's own texts; undefined if there are none. */
  readonly ownTexts?: OwnTexts | undefined;
}

/**
 * A bot that can make calls. Its token is in a private field, which JSON, loggers, `util.inspect` and spread do not
 * see.
 */
export class OpenBot implements OpenBotFacts {
  readonly tenantId: string;
  readonly botId: string;
  readonly telegramId: number;
  readonly environment: BotEnvironment;
  readonly username: string;
  /** Telegram's response to getMe, for building a grammY bot without a call. */
  readonly info: UserFromGetMe;
  readonly state: BotState;
  readonly tenantState: TenantState;
  readonly supportText: string | null;
  readonly termsText: string | null;
  readonly termsVersion: string | null;
  readonly ownTexts: OwnTexts;
  readonly #token: string;

  constructor(facts: OpenBotFacts, token: string) {
    this.tenantId = facts.tenantId;
    this.botId = facts.botId;
    this.telegramId = facts.telegramId;
    this.environment = facts.environment;
    this.username = facts.username;
    this.info = facts.info;
    this.state = facts.state;
    this.tenantState = facts.tenantState;
    this.supportText = facts.supportText;
    this.termsText = facts.termsText;
    this.termsVersion = facts.termsVersion;
    this.ownTexts = facts.ownTexts ?? new OwnTexts();
    this.#token = token;
  }

  /** True when something is blocked that its creator or staff can unblock. */
  get isHeldUp(): boolean {
    return this.state === 'token_invalid' || closedIn(this.tenantState).length > 0;
  }

  /**
   * Returns the bot's texts for a person.
   * @param languageCode of the person's app, as Telegram reports it
   * @param productId the product that they are about, if any
   */
  words(languageCode: string | null | undefined, productId?: string | null): Phrasebook {
    return new Phrasebook(languageOf(languageCode), this.ownTexts, productId);
  }

  /** The token in the form used in calls; see `callToken`. */
  get token(): string {
    return this.#token;
  }
}
