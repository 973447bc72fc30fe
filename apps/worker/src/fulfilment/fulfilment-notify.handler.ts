import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { ClaimedJob } from '#libs/journal';
import { type FulfilmentNotice, FulfilmentStore } from '#libs/sales';
import type { Phrasebook } from '#libs/texts';
import { BotVoice } from '../jobs/bot-voice.js';
import type { JobHandler, JobOutcome } from '../jobs/job-handler.js';

const WORDS = {
  generating: 'goods.generating',
  failed: 'goods.failed',
  undelivered: 'goods.undelivered',
  refunding: 'goods.failed_refunding',
} as const;

/**
 * Tells the buyer that the goods are being made, that there will be none, or that they could not be delivered, and what
 * happens to the payment.
 */
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
    const { botId, buyerId, languageCode, productId, about } = notice;
    return this.voice.say(job, {
      botId,
      to: buyerId,
      text: (bot) => wording(bot.words(languageCode, productId), notice),
      // The message that Stars or credits are returned is part of the refund, which stays possible.
      restrictedToo: about === 'refunding' || about === 'credits_back',
    });
  }
}

function wording(
  words: Phrasebook,
  { about, title, creditUnit: unit, creditAmount: amount }: FulfilmentNotice,
): string {
  if (about !== 'credits_back') return words.say(WORDS[about], { title });
  return words.say('goods.failed_credits', { title, credits: { unit: unit ?? '', amount: amount ?? 0 } });
}
