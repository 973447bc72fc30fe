import { Inject, Injectable } from '@nestjs/common';
import type { Composer } from 'grammy';
import type { Message } from 'grammy/types';
import { DatabaseTrouble } from '#libs/database';
import { AlertService, threadIn } from '#libs/delivery';
import { type Clock, DomainError, parseId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { MAX_ANSWER, SupportService } from '#libs/support';
import type { ShopContext } from './scope.js';

/** Shown to creators in the alert chat, who are always addressed in English. */
const SENT = 'Your answer is on its way to the buyer.';
const ONLY_TEXT = `Only text can be sent to the buyer, at most ${MAX_ANSWER} characters.`;

/**
 * Lets a creator answer a buyer by replying to an alert. Register it before {@link SupportHandlers}, which handles
 * buyers' replies.
 */
@Injectable()
export class AlertHandlers {
  constructor(
    private readonly alerts: AlertService,
    private readonly support: SupportService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    bot.chatType('private').on('message', async (ctx, next) => {
      const { bot: open, inTenant } = ctx.scope;
      const threadId = threadOf(ctx.message, open.telegramId);
      if (threadId === undefined) return next();
      const accountId = await inTenant((tx) => this.alerts.answererIn(tx, open.botId, ctx.chat.id));
      if (accountId === undefined) return next();
      await ctx.reply(await this.answer(ctx, { threadId, accountId, text: ctx.message.text?.trim() ?? '' }));
    });
  }

  /** @returns the reply to the creator */
  private async answer(
    ctx: ShopContext,
    { threadId, ...answer }: { readonly threadId: string; readonly accountId: string; readonly text: string },
  ): Promise<string> {
    if (answer.text === '' || answer.text.length > MAX_ANSWER) return ONLY_TEXT;
    try {
      await ctx.scope.settle(async (tx) => ({
        result: await this.support.answer(tx, threadId, answer, this.clock.now()),
      }));
    } catch (error) {
      if (!(error instanceof DomainError) || error instanceof DatabaseTrouble) throw error;
      return `${error.message} ${error.remedy}`;
    }
    return SENT;
  }
}

/** The thread of the alert that a message replies to; undefined when it replies to anything else. */
function threadOf({ reply_to_message: original }: Message, botTelegramId: number): string | undefined {
  const said = original?.text ?? original?.caption;
  if (said === undefined || original?.from?.id !== botTelegramId) return undefined;
  const thread = threadIn(said);
  return thread === undefined ? undefined : parseId('supportThread', thread);
}
