import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { FulfilmentStore } from '#libs/sales';
import { BotVoice } from '../jobs/bot-voice.js';
import type { JobHandler, JobOutcome } from '../jobs/job-handler.js';

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
    private readonly voice: BotVoice,
  ) {}

  async run(job: ClaimedJob): Promise<JobOutcome> {
    const notice = await this.db.inTenant(job.tenantId, (tx) => this.fulfilments.notice(tx, job.subject));
    if (notice === undefined) return { kind: 'done' };
    const { botId, buyerId, languageCode, productId, about, title } = notice;
    return this.voice.say(job, {
      botId,
      to: buyerId,
      text: (bot) => bot.words(languageCode, productId).say(WORDS[about], { title }),
      // That the Stars go back is part of the refund, which stays open.
      restrictedToo: about === 'refunding',
    });
  }
}
