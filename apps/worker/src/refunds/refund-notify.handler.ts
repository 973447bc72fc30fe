import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { MINUTE } from '#libs/kernel';
import { RefundService } from '#libs/sales';
import { judge, Telegram } from '#libs/telegram';
import { BotDirectory } from '#libs/tenants';
import { TEXTS } from '../bot/texts.js';
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
      await this.telegram.api(bot.token).sendMessage(notice.buyerId, TEXTS.refunded(notice.stars, notice.title));
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

const wait = (error: string): JobOutcome => ({ kind: 'wait', error, afterMs: WITHOUT_TOKEN_MS });
