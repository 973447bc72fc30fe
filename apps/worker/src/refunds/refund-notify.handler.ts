import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { MINUTE } from '#libs/kernel';
import { type RefundNotice, RefundService } from '#libs/sales';
import { judge, Telegram } from '#libs/telegram';
import { BotDirectory, type OpenBot } from '#libs/tenants';
import type { JobHandler, JobOutcome } from '../jobs/job-handler.js';

/** A bot without a working token gets another look this much later. */
const WITHOUT_TOKEN_MS = 10 * MINUTE;

/** Tells the buyer that the Stars are back. */
@Injectable()
export class RefundNotifyHandler implements JobHandler {
  readonly kind = 'refund.notify';

  constructor(
    private readonly db: Database,
    private readonly refunds: RefundService,
    private readonly directory: BotDirectory,
    private readonly telegram: Telegram,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const notice = await this.db.inTenant(job.tenantId, (tx) => this.refunds.notice(tx, job.subject));
    const bot = notice && (await this.directory.open(job.tenantId, notice.botId));
    if (notice === undefined || bot === undefined) return { kind: 'done' };
    if (bot.state === 'token_invalid') return wait('the bot has no working token');
    try {
      await this.telegram.api(bot.token).sendMessage(notice.buyerId, wording(bot, notice));
      return { kind: 'done' };
    } catch (error) {
      const verdict = judge(error);
      if (verdict.kind === 'token_invalid') return wait(String(error));
      if (verdict.kind === 'retry') return { kind: 'retry', error: String(error), afterMs: verdict.afterMs };
      // A buyer who is told twice is better off than one who is never told.
      return verdict.kind === 'unknown' ? { kind: 'retry', error: String(error) } : { kind: 'done' };
    }
  }
}

function wording(bot: OpenBot, { languageCode, productId, stars, title }: RefundNotice): string {
  const words = bot.words(languageCode, productId);
  return title === null
    ? words.say('payment.refunded_unknown', { stars })
    : words.say('payment.refunded', { stars, title });
}

const wait = (error: string): JobOutcome => ({ kind: 'wait', error, afterMs: WITHOUT_TOKEN_MS });
