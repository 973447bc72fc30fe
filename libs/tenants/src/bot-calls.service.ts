import { Injectable } from '@nestjs/common';
import type { Api } from 'grammy';
import { judge, Telegram, TelegramRefused } from '#libs/telegram';
import { BotDirectory } from './bot-directory.service.js';
import { BotNotInState, TelegramSaidNo, TelegramUnavailable } from './bot-refusals.js';
import type { OpenBot } from './open-bot.js';

/** What a creator has one of their bots do at once, while they wait. */
@Injectable()
export class BotCalls {
  constructor(
    private readonly directory: BotDirectory,
    private readonly telegram: Telegram,
  ) {}

  /** @throws BotNotInState when the bot has no token that works; NotFound is the caller's business */
  async open(tenantId: string, botId: string): Promise<OpenBot> {
    const bot = await this.directory.open(tenantId, botId);
    if (bot === undefined) throw new BotNotInState('removed');
    if (bot.state === 'token_invalid') throw new BotNotInState(bot.state);
    return bot;
  }

  /**
   * One call that may be made again without harm.
   * @throws BotNotInState, TelegramSaidNo; TelegramUnavailable when the outcome is not known or Telegram asks to wait
   */
  async ask<T>(bot: OpenBot, call: (api: Api) => Promise<T>): Promise<T> {
    try {
      return await call(this.telegram.api(bot.token));
    } catch (error) {
      const { kind } = judge(error);
      if (kind === 'token_invalid') throw new BotNotInState('token_invalid');
      if (kind === 'retry' || kind === 'unknown') throw new TelegramUnavailable();
      throw new TelegramSaidNo(error instanceof TelegramRefused ? error.description : 'no reason given');
    }
  }
}
