import { Injectable } from '@nestjs/common';
import type { Api } from 'grammy';
import { judge, Telegram, TelegramRefused } from '#libs/telegram';
import { BotDirectory } from './bot-directory.service.js';
import { BotNotInState, TelegramOutcomeUnknown, TelegramSaidNo, TelegramUnavailable } from './bot-refusals.js';
import type { OpenBot } from './open-bot.js';
import { type Capability, CAN, TenantRestricted } from '../workspace/tenant.js';

/** Makes calls as a bot on behalf of a creator who is waiting for the result. */
@Injectable()
export class BotCalls {
  constructor(
    private readonly directory: BotDirectory,
    private readonly telegram: Telegram,
  ) {}

  /**
   * @param capability the capability that the call needs; omitted for reads
   * @throws BotNotInState when the bot has no working token, TenantRestricted; NotFound is left to the caller
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
   * Makes a call that is safe to repeat.
   * @throws BotNotInState, TelegramSaidNo; TelegramUnavailable when the outcome is unknown or Telegram asks to wait
   */
  async ask<T>(bot: OpenBot, call: (api: Api) => Promise<T>): Promise<T> {
    return call(this.telegram.api(bot.token)).catch((error: unknown) => {
      throw telegramRefusal(error, new TelegramUnavailable());
    });
  }

  /**
   * Makes a call that must not be repeated if its response is lost.
   * @throws BotNotInState, TelegramSaidNo; TelegramUnavailable when nothing was done because Telegram asks to wait;
   * TelegramOutcomeUnknown when the outcome is unknown
   */
  async act<T>(bot: OpenBot, call: (api: Api) => Promise<T>): Promise<T> {
    return call(this.telegram.api(bot.token)).catch((error: unknown) => {
      throw telegramRefusal(error, new TelegramOutcomeUnknown());
    });
  }
}

/** Returns the error for a creator whose bot's call has failed. @param lost the error for an unknown outcome */
export function telegramRefusal(error: unknown, lost: Error): Error {
  const { kind } = judge(error);
  if (kind === 'token_invalid') return new BotNotInState('token_invalid');
  if (kind === 'unknown') return lost;
  if (kind === 'retry') return new TelegramUnavailable();
  return new TelegramSaidNo(error instanceof TelegramRefused ? error.description : 'no reason given');
}
