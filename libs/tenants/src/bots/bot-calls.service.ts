import { Injectable } from '@nestjs/common';
import type { Api } from 'grammy';
import { judge, Telegram, TelegramRefused } from '#libs/telegram';
import { BotDirectory } from './bot-directory.service.js';
import { BotNotInState, TelegramOutcomeUnknown, TelegramSaidNo, TelegramUnavailable } from './bot-refusals.js';
import type { OpenBot } from './open-bot.js';
import { type Capability, CAN, TenantRestricted } from '../workspace/tenant.js';

/** What a creator has one of their bots do at once, while they wait. */
@Injectable()
export class BotCalls {
  constructor(
    private readonly directory: BotDirectory,
    private readonly telegram: Telegram,
  ) {}

  /**
   * @param capability what the bot is going to do; left out when it only looks
   * @throws BotNotInState when the bot has no token that works, TenantRestricted; NotFound is the caller's business
   */
  async open(tenantId: string, botId: string, capability?: Capability): Promise<OpenBot> {
    const bot = await this.directory.open(tenantId, botId);
    if (bot === undefined) throw new BotNotInState('removed');
    if (bot.state === 'token_invalid') throw new BotNotInState(bot.state);
    if (capability !== undefined && bot.state === 'removing') throw new BotNotInState(bot.state);
    if (capability !== undefined && !CAN[bot.tenantState][capability]) throw new TenantRestricted(capability);
    return bot;
  }

  /**
   * One call that may be made again without harm.
   * @throws BotNotInState, TelegramSaidNo; TelegramUnavailable when the outcome is not known or Telegram asks to wait
   */
  async ask<T>(bot: OpenBot, call: (api: Api) => Promise<T>): Promise<T> {
    return call(this.telegram.api(bot.token)).catch((error: unknown) => {
      throw telegramRefusal(error, new TelegramUnavailable());
    });
  }

  /**
   * One call that must not be made a second time when its answer is lost.
   * @throws BotNotInState, TelegramSaidNo; TelegramUnavailable when nothing was done because Telegram asks to wait;
   * TelegramOutcomeUnknown when it is not known whether it was done
   */
  async act<T>(bot: OpenBot, call: (api: Api) => Promise<T>): Promise<T> {
    return call(this.telegram.api(bot.token)).catch((error: unknown) => {
      throw telegramRefusal(error, new TelegramOutcomeUnknown());
    });
  }
}

/** What a creator who waits is told when a call of their bot has failed. @param lost when it is not known what became of the call */
export function telegramRefusal(error: unknown, lost: Error): Error {
  const { kind } = judge(error);
  if (kind === 'token_invalid') return new BotNotInState('token_invalid');
  if (kind === 'unknown') return lost;
  if (kind === 'retry') return new TelegramUnavailable();
  return new TelegramSaidNo(error instanceof TelegramRefused ? error.description : 'no reason given');
}
