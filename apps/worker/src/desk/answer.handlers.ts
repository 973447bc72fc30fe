import { Inject, Injectable } from '@nestjs/common';
import type { Composer } from 'grammy';
import type { Message } from 'grammy/types';
import { DatabaseTrouble, type TenantTx } from '#libs/database';
import { AlertService, threadIn } from '#libs/delivery';
import { AuditStore } from '#libs/journal';
import { type Clock, DomainError, parseId, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { fileIn, MAX_ANSWER, MAX_CAPTION, type NewAnswer, SupportService } from '#libs/support';
import { TelegramLinks } from '#libs/tenants';
import { may, recordAction, textsFor } from './desk.js';
import type { ShopContext } from '../bot/scope.js';

/**
 * Lets a creator answer a buyer by replying to an alert. Register it before {@link SupportHandlers}, which handles
 * buyers' replies.
 */
@Injectable()
export class AnswerHandlers {
  constructor(
    private readonly alerts: AlertService,
    private readonly links: TelegramLinks,
    private readonly support: SupportService,
    private readonly audit: AuditStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  register(bot: Composer<ShopContext>): void {
    bot.chatType('private').on('message', async (ctx, next) => {
      const { bot: open, inTenant } = ctx.scope;
      const threadId = threadOf(ctx.message, open.telegramId);
      if (threadId === undefined) return next();
      const accountId = await inTenant((tx) => this.answererIn(tx, open.botId, ctx.chat.id));
      if (accountId === undefined) return next();
      await ctx.reply(await this.answer(ctx, threadId, { accountId, ...answerIn(ctx.message, open.botId) }));
    });
  }

  /**
   * Returns the author of replies from a chat: the member who is linked to it, or else the one who set it as the alert
   * chat.
   */
  private async answererIn(tx: TenantTx, botId: string, telegramId: number): Promise<string | undefined> {
    const member = await this.links.memberIn(tx, botId, telegramId);
    if (member === undefined) return this.alerts.answererIn(tx, botId, telegramId);
    return may(member, 'support:write') ? member.accountId : undefined;
  }

  /** @returns the reply to the creator */
  private async answer(ctx: ShopContext, threadId: string, answer: NewAnswer): Promise<string> {
    const texts = textsFor(ctx);
    if (!isSendable(answer)) return texts.notSendable(MAX_ANSWER, MAX_CAPTION);
    try {
      await ctx.scope.settle(async (tx) => {
        const message = await this.support.answer(tx, threadId, answer, this.clock.now());
        const targets = [publicId('supportThread', threadId), publicId('supportMessage', message.id)];
        await recordAction(tx, this.audit, answer.accountId, { action: 'support_answer', targets });
        return { result: message };
      });
    } catch (error) {
      if (!(error instanceof DomainError) || error instanceof DatabaseTrouble) throw error;
      return `${error.message} ${error.remedy}`;
    }
    return texts.answerSent;
  }
}

/** Returns the text, or the file with its caption, which the bot may pass on. */
function answerIn(message: Message, botId: string): Pick<NewAnswer, 'text' | 'file'> {
  const file = fileIn(message);
  const text = (message.text ?? message.caption ?? '').trim();
  return { text, file: file && { ...file, botId } };
}

const isSendable = ({ text, file }: NewAnswer) =>
  file === undefined ? text !== '' && text.length <= MAX_ANSWER : text.length <= MAX_CAPTION;

/** Returns the thread of the alert that a message replies to; undefined if it replies to anything else. */
function threadOf({ reply_to_message: original }: Message, botTelegramId: number): string | undefined {
  const said = original?.text ?? original?.caption;
  if (said === undefined || original?.from?.id !== botTelegramId) return undefined;
  const thread = threadIn(said);
  return thread === undefined ? undefined : parseId('supportThread', thread);
}
