import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { MINUTE } from '#libs/kernel';
import { redact } from '#libs/runtime';
import { FulfilmentStore } from '#libs/sales';
import { judge, Telegram } from '#libs/telegram';
import { BotDirectory, CAN, WAITS_FOR_LIFTING } from '#libs/tenants';
import type { JobHandler, JobOutcome } from '../jobs/job-handler.js';

/** A bot without a working token gets another look this much later. */
const WITHOUT_TOKEN_MS = 10 * MINUTE;

const WORDS = {
  generating: 'goods.generating',
  failed: 'goods.failed',
  refunding: 'goods.failed_refunding',
} as const;

/** Tells the buyer that the goods are being made, or that there will be none. */
@Injectable()
export class FulfilmentNotifyHandler implements JobHandler {
  readonly kind = 'fulfilment.notify';

  constructor(
    private readonly db: Database,
    private readonly fulfilments: FulfilmentStore,
    private readonly directory: BotDirectory,
    private readonly telegram: Telegram,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const notice = await this.db.inTenant(job.tenantId, (tx) => this.fulfilments.notice(tx, job.subject));
    const bot = notice && (await this.directory.open(job.tenantId, notice.botId));
    if (notice === undefined || bot === undefined) return { kind: 'done' };
    // That the Stars go back is part of the refund, which stays open.
    if (notice.about !== 'refunding' && !CAN[bot.tenantState].message) return wait(WAITS_FOR_LIFTING);
    if (bot.state === 'token_invalid') return wait('the bot has no working token');
    try {
      const { buyerId, languageCode, productId, about, title } = notice;
      const text = bot.words(languageCode, productId).say(WORDS[about], { title });
      await this.telegram.api(bot.token).sendMessage(buyerId, text);
      return { kind: 'done' };
    } catch (error) {
      const said = redact(error instanceof Error ? error.message : String(error));
      const verdict = judge(error);
      if (verdict.kind === 'token_invalid') return wait(said);
      if (verdict.kind === 'retry') return { kind: 'retry', error: said, afterMs: verdict.afterMs };
      // A buyer who is told twice is better off than one who is never told.
      return verdict.kind === 'unknown' ? { kind: 'retry', error: said } : { kind: 'done' };
    }
  }
}

const wait = (error: string): JobOutcome => ({ kind: 'wait', error, afterMs: WITHOUT_TOKEN_MS });
