import type { UserFromGetMe } from 'grammy/types';
import type { BotState } from './bot.js';
import type { TenantState } from './tenant.js';

export interface OpenBotFacts {
  readonly tenantId: string;
  readonly botId: string;
  readonly telegramId: number;
  readonly username: string;
  readonly info: UserFromGetMe;
  readonly state: BotState;
  readonly tenantState: TenantState;
  readonly supportText: string | null;
  readonly termsText: string | null;
}

/** A bot that can speak. Its token sits in a private field, which JSON, loggers, `util.inspect` and spread do not see. */
export class OpenBot implements OpenBotFacts {
  readonly tenantId: string;
  readonly botId: string;
  readonly telegramId: number;
  readonly username: string;
  /** Telegram's answer to getMe, for building a grammY bot without a call. */
  readonly info: UserFromGetMe;
  readonly state: BotState;
  readonly tenantState: TenantState;
  readonly supportText: string | null;
  readonly termsText: string | null;
  readonly #token: string;

  constructor(facts: OpenBotFacts, token: string) {
    this.tenantId = facts.tenantId;
    this.botId = facts.botId;
    this.telegramId = facts.telegramId;
    this.username = facts.username;
    this.info = facts.info;
    this.state = facts.state;
    this.tenantState = facts.tenantState;
    this.supportText = facts.supportText;
    this.termsText = facts.termsText;
    this.#token = token;
  }

  get token(): string {
    return this.#token;
  }
}
