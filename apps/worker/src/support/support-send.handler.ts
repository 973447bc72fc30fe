import { Inject, Injectable } from '@nestjs/common';
import { InlineKeyboard } from 'grammy';
import { Database, type TenantTx } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { type Clock, publicId } from '#libs/kernel';
import { CLOCK, messageOf } from '#libs/runtime';
import { BuyerService } from '#libs/sales';
import { AnswerFileSender, type AnswerResult, AnswerService, type OutgoingAnswer } from '#libs/support';
import { judge, Telegram } from '#libs/telegram';
import { BotDirectory, BotService, type OpenBot } from '#libs/tenants';
import { PLACES } from '#libs/texts';
import { type JobHandler, type JobOutcome, untilToken } from '../jobs/job-handler.js';

/**
 * Sends a creator's replies to the buyer, one per run. A reply whose confirmation was lost is sent again: twice is
 * better than never.
 */
@Injectable()
export class SupportSendHandler implements JobHandler {
  readonly kind = 'support.send';

  constructor(
    private readonly db: Database,
    private readonly answers: AnswerService,
    private readonly buyers: BuyerService,
    private readonly directory: BotDirectory,
    private readonly bots: BotService,
    private readonly telegram: Telegram,
    private readonly files: AnswerFileSender,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const answer = await this.db.inTenant(job.tenantId, (tx) => this.answers.next(tx, job.subject));
    if (answer === undefined) return { kind: 'done' };
    const bot = await this.directory.open(job.tenantId, answer.botId);
    if (bot === undefined) return this.over(answer, { kind: 'failed', error: 'The bot was removed.' });
    if (bot.state === 'token_invalid') return untilToken();
    try {
      return this.over(answer, { kind: 'sent', ...(await this.send(bot, answer)) });
    } catch (error) {
      return this.refused(job, answer, bot.token, error);
    }
  }

  private async send(bot: OpenBot, answer: OutgoingAnswer) {
    const other = { reply_markup: buttons(bot, answer) };
    if (answer.fileKind !== null) return this.files.send(bot, answer, { ...other, caption: captionOf(bot, answer) });
    const sent = await this.telegram.api(bot.token).sendMessage(answer.buyerId, wording(bot, answer), other);
    return { telegramMessageId: sent.message_id };
  }

  async giveUp(tx: TenantTx, job: ClaimedJob, error: string): Promise<void> {
    const answer = await this.answers.next(tx, job.subject);
    if (answer !== undefined) await this.answers.record(tx, answer, { kind: 'failed', error }, this.clock.now());
  }

  private async refused(job: ClaimedJob, answer: OutgoingAnswer, token: string, error: unknown): Promise<JobOutcome> {
    const verdict = judge(error);
    const said = messageOf(error);
    switch (verdict.kind) {
      case 'retry':
        return { kind: 'retry', error: said, afterMs: verdict.afterMs };
      case 'unknown':
        return { kind: 'retry', error: said };
      case 'token_invalid':
        await this.db.inTenant(job.tenantId, (tx) => this.bots.markTokenInvalid(tx, answer.botId, token));
        return untilToken(said);
      case 'unreachable':
        return this.over(answer, { kind: 'unreachable', error: said }, (tx) =>
          this.buyers.markUnreachable(tx, answer.botId, answer.buyerId),
        );
      case 'refused':
        return this.over(answer, { kind: 'failed', error: said });
    }
  }

  /** Stops sending this reply, so that the thread's next one can be sent. */
  private over(answer: OutgoingAnswer, result: AnswerResult, also?: (tx: TenantTx) => Promise<void>): JobOutcome {
    const effect = async (tx: TenantTx) => {
      await also?.(tx);
      await this.answers.record(tx, answer, result, this.clock.now());
    };
    return { kind: 'done', effect };
  }
}

function wording(bot: OpenBot, { languageCode, productId, title, text: answer }: OutgoingAnswer): string {
  const words = bot.words(languageCode, productId);
  return title === null
    ? words.say('support.answer', { answer })
    : words.say('support.answer_about', { title, answer });
}

/**
 * Returns the caption with its heading. Telegram's limit leaves room for the default heading; a custom one that is too
 * long is left out.
 */
function captionOf(bot: OpenBot, answer: OutgoingAnswer): string {
  const whole = wording(bot, answer).trim();
  return whole.length <= PLACES.caption.max ? whole : answer.text;
}

function buttons(bot: OpenBot, { languageCode, threadId }: OutgoingAnswer): InlineKeyboard {
  const words = bot.words(languageCode);
  const thread = publicId('supportThread', threadId);
  return new InlineKeyboard()
    .text(words.say('support.reply'), `support:reply:${thread}`)
    .text(words.say('support.done'), `support:done:${thread}`);
}
