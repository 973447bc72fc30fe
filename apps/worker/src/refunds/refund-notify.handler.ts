import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { type RefundNotice, RefundService } from '#libs/sales';
import type { OpenBot } from '#libs/tenants';
import { BotVoice } from '../jobs/bot-voice.js';
import type { JobHandler, JobOutcome } from '../jobs/job-handler.js';

/** Tells the buyer that the Stars are back, or that they are delayed, even in a restricted workspace. */
@Injectable()
export class RefundNotifyHandler implements JobHandler {
  readonly kind = 'refund.notify';

  constructor(
    private readonly db: Database,
    private readonly refunds: RefundService,
    private readonly voice: BotVoice,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const notice = await this.db.inTenant(job.tenantId, (tx) => this.refunds.notice(tx, job.subject));
    if (notice === undefined) return { kind: 'done' };
    const text = (bot: OpenBot) => wording(bot, notice);
    return this.voice.say(job, { botId: notice.botId, to: notice.buyerId, text, restrictedToo: true });
  }
}

function wording(bot: OpenBot, { languageCode, productId, stars, title, delayed }: RefundNotice): string {
  const words = bot.words(languageCode, productId);
  if (title === null)
    return words.say(delayed ? 'payment.refund_delayed_unknown' : 'payment.refunded_unknown', { stars });
  return words.say(delayed ? 'payment.refund_delayed' : 'payment.refunded', { stars, title });
}
